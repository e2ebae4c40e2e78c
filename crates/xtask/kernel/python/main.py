#!/usr/bin/env python3
"""Realises a lab on the Linux kernel, in network namespaces of its own, and writes down what happened.

    main.py run LAB.json FOLDER       builds the lab, runs it, captures every interface into FOLDER, takes it down
    main.py canon LAB.json FOLDER...  prints the recording that the runs in those folders have in common
    main.py probe [--rules]           tries whether this machine can do it; says what is in the way
    main.py clean                     removes namespaces that a run has left behind

Root only. Needs Python 3.9, iproute2, and what a lab uses of tcpdump, nftables, conntrack, iputils-ping and traceroute.
SIGINT and SIGTERM make it take everything down and end; so does, with --while-input, the end of standard input.
"""
import argparse
import json
import os
import signal
import sys
import threading

import cable
import canon
import namespace
import network
import session
import trace


def _load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _end_with_input():
    """Ends this process when whoever started it is gone."""
    def watch():
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
    threading.Thread(target=watch, daemon=True).start()


def _interruptible():
    def end(number, _):
        raise SystemExit(128 + number)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def _run(options):
    if options.while_input:
        _end_with_input()
    os.makedirs(options.folder, exist_ok=True)
    session.Session(_load(options.lab), options.folder, options.tail).run()


def _canon(options):
    lab = _load(options.lab)
    recording = canon.canon(lab, [trace.Trace(lab, folder) for folder in options.folders])
    json.dump(recording, sys.stdout, separators=(",", ":"), ensure_ascii=False)


def _probe(options):
    interface = {"name": "eth0", "segment": "s", "mac": "02:00:00:00:00:01", "addresses": ["192.0.2.1/24"]}
    node = {"name": "probe", "interfaces": [interface]}
    if options.rules:
        node["nft"] = "table inet t {\n chain c {\n ct state new counter\n }\n}\n"
    tried = network.Network({"segments": [{"name": "s"}], "nodes": [node], "actions": []})
    try:
        tried.build()
    finally:
        namespace.clean(own=True)


def _clean(_):
    for name in namespace.clean():
        print(name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("run")
    verb.add_argument("--while-input", action="store_true")
    verb.add_argument("--tail", type=float, default=0.1, help="seconds for which captures go on after the lab's end")
    verb.add_argument("lab")
    verb.add_argument("folder")
    verb.set_defaults(do=_run)
    verb = verbs.add_parser("canon")
    verb.add_argument("lab")
    verb.add_argument("folders", nargs="+")
    verb.set_defaults(do=_canon)
    verb = verbs.add_parser("probe")
    verb.add_argument("--rules", action="store_true")
    verb.set_defaults(do=_probe)
    verbs.add_parser("clean").set_defaults(do=_clean)
    verb = verbs.add_parser("relay")
    verb.add_argument("cables")
    verb.add_argument("seconds", type=float)
    verb.set_defaults(do=lambda options: cable.relay(options.cables, options.seconds))
    options = parser.parse_args()
    if options.verb in ("run", "probe"):
        _interruptible()
    try:
        options.do(options)
    except namespace.Refused as error:
        print(error, file=sys.stderr)
        status = 2
    except SystemExit as error:
        status = error.code
    else:
        status = 0
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that wait for a socket would keep the process from ending.
    os._exit(status)


if __name__ == "__main__":
    main()
