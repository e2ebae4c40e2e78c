"""One realisation of a lab: builds its network, runs what happens in it, watches, and takes everything down."""
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time

import action as actions
from namespace import Refused, clean, enter, inside
from network import Network
from service import Services
from table import tables

# Frames at one interface; what exceeds it cannot be compared.
MOST_FRAMES = 20_000
_MOST_TRACE_LINES = 40_000
# From the last preparation to the lab's time zero, in seconds.
_LEAD = 0.4


def _nice(value):
    try:
        os.setpriority(os.PRIO_PROCESS, 0, value)
    except OSError:
        pass


class Session:
    """A lab on the kernel. ``folder`` receives the captures and ``raw.json``; they go on for ``tail`` seconds after
    the lab's end, so that a frame that the kernel sends late is still seen."""

    def __init__(self, lab, folder, tail):
        self.lab, self.folder, self.tail = lab, folder, tail
        self.network = Network(lab)
        self.stop = threading.Event()
        self.sockets = []
        self.start = None                   # the lab's time zero, in seconds since the epoch
        self.actions = actions.numbered(lab["actions"])
        self.captures = {f"{node['name']}.{interface['name']}": f"{i}.{j}.pcap"
                         for i, node in enumerate(lab["nodes"]) for j, interface in enumerate(node["interfaces"])}
        self.errors = []
        self._services = Services(self.stop)
        self._processes, self._lock = [], threading.Lock()
        self._snapshots, self._nft = [], {}

    def run(self):
        """Does all of it, and leaves nothing behind whatever happens."""
        actions.check_programs(self.actions)
        try:
            _nice(10)                       # building must not disturb labs that are running
            self.network.build()
            _nice(-10)                      # while its own applications answer promptly
            self._relay()
            self._capture()
            self._watch_filters()
            for node in self.lab["nodes"]:
                for service in node.get("listeners", []):
                    self._serve(node, service)
            self._act()
        finally:
            self._close()
        self._write()

    def own(self, process):
        """Takes a process into care: it is ended with the session."""
        with self._lock:
            self._processes.append(process)

    def _start(self, namespace, command, **options):
        process = inside(namespace, subprocess.Popen, command, **options)
        self.own(process)
        return process

    def _relay(self):
        here = os.path.dirname(os.path.abspath(__file__))
        command = [sys.executable, "-B", os.path.join(here, "main.py"), "relay", json.dumps(self.network.cables),
                   str(self.lab["duration"] + self.tail + 60)]
        process = self._start(self.network.fabric, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        line = process.stdout.readline()
        if line.strip() != b"ready":
            raise RuntimeError(f"cables: {(line + process.stdout.read()).decode(errors='replace')}")

    def _capture(self):
        started = []
        for name, file in self.captures.items():
            node, device = name.split(".", 1)
            command = ["tcpdump", "-i", device, "-n", "-p", "-U", "--immediate-mode", "-B", "4096", "--time-stamp-precision=nano",
                       "-s", "2048", "-c", str(MOST_FRAMES), "-Z", "root", "-w", os.path.join(self.folder, file)]
            started.append((name, self._start(self.network.namespaces[node], command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)))
        for name, process in started:
            end, said = time.time() + 10, b""
            while b"listening on" not in said:
                if time.time() > end or process.poll() is not None:
                    raise RuntimeError(f"tcpdump at {name}: {said.decode(errors='replace')}")
                if select.select([process.stderr], [], [], 0.5)[0]:
                    said += os.read(process.stderr.fileno(), 4096)

    def _watch_filters(self):
        for node in self.lab["nodes"]:
            if node.get("nft"):
                lines = self._nft.setdefault(node["name"], [])
                process = self._start(self.network.namespaces[node["name"]], ["stdbuf", "-oL", "nft", "monitor", "trace"],
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                threading.Thread(target=self._collect, args=(process, lines), daemon=True).start()
        if self._nft:
            time.sleep(0.4)                 # until they listen

    @staticmethod
    def _collect(process, lines):
        for line in process.stdout:
            if len(lines) < _MOST_TRACE_LINES:
                lines.append(line.rstrip("\n"))

    def _serve(self, node, service):
        try:
            inside(self.network.namespaces[node["name"]], self._services.start, service)
        except OSError as error:
            raise Refused(f"{node['name']}: service on port {service['port']}: {error.strerror}") from error

    def _act(self):
        end = self.lab["duration"]
        self.start = time.time() + _LEAD
        threads = [threading.Thread(target=self._action, args=(action,), daemon=True) for action in self.actions]
        for thread in threads:
            thread.start()
        while time.time() < self.start + end:
            time.sleep(max(0.0, min(0.05, self.start + end - time.time())))
        self.snapshot("end")
        time.sleep(max(0.0, self.start + end + self.tail - time.time()))
        patience = time.time() + 1
        for thread in threads:
            thread.join(max(0.0, patience - time.time()))

    def _action(self, action):
        try:
            where = action.get("from") or action.get("node")
            if where:
                enter(self.network.namespaces[where])
            wait = self.start + action["at"] - time.time()
            while wait > 0:
                time.sleep(wait if wait < 0.002 else min(wait - 0.001, 1.0))
                wait = self.start + action["at"] - time.time()
            action["began"] = self._now()
            action["outcome"] = actions.perform(action, self)
        except Exception as error:          # whatever it is, the run goes on and tells of it
            self.errors.append(f"action {action['id']}: {error}")

    def _now(self):
        return (time.time() - self.start) * 1000

    def snapshot(self, name):
        """Writes down the tables of every node, of all at the same time."""
        snapshot = {"name": name, "T": self._now(), "nodes": {}}
        threads = [threading.Thread(target=self._tables, args=(node, snapshot["nodes"])) for node in self.lab["nodes"]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(15)
        self._snapshots.append(snapshot)

    def _tables(self, node, into):
        try:
            enter(self.network.namespaces[node["name"]])
            into[node["name"]] = tables(bool(node.get("nft")))
        except Exception as error:
            self.errors.append(f"tables of {node['name']}: {error}")

    def _close(self):
        _nice(10)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)       # nothing shall interrupt this
        # Captures first, so that closing sockets leaves no trace in them.
        with self._lock:
            processes = list(self._processes)
        for process in processes:
            if process.poll() is None:
                process.terminate()
        for process in processes:
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(3)
        self.stop.set()
        time.sleep(0.05)
        for each in self.sockets + self._services.sockets:
            each.close()
        clean(own=True)

    def _write(self):
        raw = {"start": self.start, "duration": self.lab["duration"], "kernel": os.uname().release, "actions": self.actions,
               "snapshots": self._snapshots, "nft": self._nft, "captures": self.captures, "errors": self.errors}
        with open(os.path.join(self.folder, "raw.json"), "w", encoding="utf-8") as file:
            json.dump(raw, file, separators=(",", ":"))
