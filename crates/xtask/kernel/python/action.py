"""What happens in time: each action in a thread of its own, inside its node's namespace where it has one.

Each function takes the action and the session and gives the action's outcome.
"""
import re
import subprocess

import client
from namespace import Refused, run
from network import route_words, write_settings


def numbered(actions):
    """The actions with names, places and the numbers by which their packets are known."""
    result = []
    for place, given in enumerate(actions):
        action = {"id": f"a{place + 1}", **given, "place": place}
        if action["type"] == "tcp":
            action["flow"] = {"sport": action.get("sport", 40001 + place), "dport": action["port"]}
        elif action["type"] == "udp":
            action["flow"] = {"sport": action.get("sport", 50001 + place), "dport": action["port"]}
        elif action["type"] == "ping":
            action["flow"] = {"id": action.get("icmp_id", 101 + place)}
        result.append(action)
    return result


def lasts(action):
    """How many seconds an action takes at most."""
    kind = action["type"]
    if kind in ("ping", "udp"):
        return (action.get("count", 1) - 1) * action.get("interval", 1) + action.get("timeout", 2 if kind == "ping" else 3)
    if kind == "tcp":
        return action.get("limit", 10)
    if kind == "traceroute":
        return action.get("max_ttl", 8) * action.get("queries", 1) * action.get("wait", 2)
    return 0.3


def check_programs(actions):
    """Refuses programs of the right name that cannot do what is asked of them here."""
    kinds = {action["type"] for action in actions}
    for program, option, package in (("ping", "-e", "iputils-ping"), ("traceroute", "-N", "traceroute")):
        if program in kinds:
            told = run([program, "-h" if program == "ping" else "--help"], check=False)
            if option not in told.stdout + told.stderr:
                raise Refused(f"{program} has no option {option}: it is too old, or another than Debian's {package}")


def perform(action, session):
    """Does it."""
    return _KINDS[action["type"]](action, session)


def _program(command, seconds, session):
    """What a program has written when it ended, or when the time was up."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    session.own(process)
    try:
        return process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


def ping_outcome(output):
    """What ``ping`` says, as an outcome."""
    sent = received = None
    unreachable = False
    for line in output.splitlines():
        found = re.search(r"(\d+) packets transmitted, (\d+) received", line)
        if found:
            sent, received = int(found[1]), int(found[2])
            continue
        found = re.match(r"From ([\d.]+):? icmp_seq=(\d+) (.*)", line)
        if (found and "Redirect" not in found[3]) or "nreachable" in line:
            unreachable = True
    if received and received == sent:
        result = "ok"
    elif received:
        result = "partial"
    else:
        result = "unreachable" if unreachable else "timeout"
    return {"result": result, "sent": sent, "received": received}


def _ping(action, session):
    command = ["ping", "-n", "-c", action.get("count", 1), "-i", action.get("interval", 1), "-s", action.get("size", 56),
               "-W", action.get("timeout", 2), "-e", action["flow"]["id"]]
    if "df" in action:
        command += ["-M", "do" if action["df"] else "dont"]
    if "ttl" in action:
        command += ["-t", action["ttl"]]
    if "source" in action:
        command += ["-I", action["source"]]
    return ping_outcome(_program([str(word) for word in command + [action["to"]]], lasts(action) + 12, session))


def traceroute_outcome(output, target):
    """What ``traceroute`` says, as an outcome."""
    hops = []
    for line in output.splitlines():
        found = re.match(r"\s*(\d+)\s+(.*)", line)
        if found:
            hops.append({"ttl": int(found[1]), "answer": re.sub(r"\s+[\d.]+ ms", "", found[2]).strip()})
    answers = [hop["answer"] for hop in hops if hop["answer"]]
    if any(answer.split()[0] == target and "!" not in answer for answer in answers):
        result = "ok"
    else:
        result = "unreachable" if any("!" in answer for answer in answers) else "timeout"
    return {"result": result, "hops": hops}


def _traceroute(action, session):
    command = ["traceroute", "-n", "-q", action.get("queries", 1), "-N", 1, "-w", action.get("wait", 2),
               "-m", action.get("max_ttl", 8), "-f", action.get("first_ttl", 1)]
    command += {"udp": [], "icmp": ["-I"], "tcp": ["-T", "-p", action.get("port", 80)]}[action.get("method", "udp")]
    output = _program([str(word) for word in command + [action["to"]]], lasts(action) + 5, session)
    return traceroute_outcome(output, action["to"])


def _done(process):
    return {"result": "ok" if process.returncode == 0 else "error"}


def _neigh_flush(action, _):
    return _done(run(["ip", "neigh", "flush"] + (["dev", action["dev"]] if "dev" in action else ["all"]), check=False))


def _link(action, session):
    if action.get("how", "admin") != "cable":
        return _done(run(["ip", "link", "set", action["dev"], action["state"]], check=False))
    port = session.network.ports[f"{action['node']}.{action['dev']}"]
    if port is None:
        return {"result": "ok"}             # where no cable is, none can be pulled
    return _done(run(["ip", "-n", session.network.fabric, "link", "set", port, action["state"]], check=False))


def _route(action, _):
    return _done(run(["ip", "route", action.get("op", "add")] + route_words(action["route"]), check=False))


def _addr(action, _):
    return _done(run(["ip", "addr", action.get("op", "add"), action["cidr"], "dev", action["dev"]], check=False))


def _sysctl(action, session):
    node = next(node for node in session.lab["nodes"] if node["name"] == action["node"])
    write_settings(action["set"], [interface["name"] for interface in node["interfaces"]])
    return {"result": "ok"}


def _nft(action, _):
    return _done(run(["nft", "-f", "-"], action["script"], check=False))


def _conntrack(_, __):
    return _done(run(["conntrack", "-F"], check=False))


def _snapshot(action, session):
    session.snapshot(action.get("name", action["id"]))
    return {"result": "ok"}


_KINDS = {"ping": _ping, "tcp": client.tcp, "udp": client.udp, "inject": client.inject, "traceroute": _traceroute,
          "neigh_flush": _neigh_flush, "link": _link, "route": _route, "addr": _addr, "sysctl": _sysctl, "nft": _nft,
          "conntrack": _conntrack, "snapshot": _snapshot}
