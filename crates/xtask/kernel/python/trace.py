"""From captures to lines: numbers made relative, Ethernet addresses named, each frame given to its action."""
import collections
import json
import os
import re

from frame import decode, read_capture, text
from session import MOST_FRAMES

_CONVERSATIONS = ("ping", "tcp", "udp", "traceroute", "inject")
_BROADCAST = "ff:ff:ff:ff:ff:ff"


def _flow(frame):
    return (frame["src"], frame["sport"], frame["dst"], frame["dport"])


def _back(frame):
    return (frame["dst"], frame["dport"], frame["src"], frame["sport"])


def _distance(number, base):
    distance = (number - base) & 0xFFFFFFFF
    return distance - (1 << 32) if distance > 1 << 31 else distance


def make_relative(frames):
    """Gives TCP segments numbers since the initial ones; ``frames`` are of all interfaces, in the order of time."""
    base = {}

    def put(frame):
        there, back = _flow(frame), _back(frame)
        frame["seq"] = _distance(frame["raw_seq"], base.setdefault(there, frame["raw_seq"]))
        if "A" in frame.get("flags", ""):
            frame["ack"] = _distance(frame["raw_ack"], base[back]) if back in base else None
        options = frame.get("options", {})
        if "raw_sack" in options:
            options["sack"] = [[_distance(number, base.get(back, number)) for number in pair] for pair in options["raw_sack"]]

    for frame in frames:
        if frame["kind"] == "tcp":
            flags = frame.get("flags", "")
            if "S" in flags and "R" not in flags:
                if "A" in flags:
                    base[_flow(frame)] = frame["raw_seq"]
                    base.setdefault(_back(frame), (frame["raw_ack"] - 1) & 0xFFFFFFFF)
                elif base.get(_flow(frame)) != frame["raw_seq"]:
                    # The same ports again begin to count anew.
                    base[_flow(frame)] = frame["raw_seq"]
                    base.pop(_back(frame), None)
            put(frame)
        elif frame["kind"] == "icmp" and frame.get("about", {}).get("kind") == "tcp":
            put(frame["about"])


class _Actions:
    """To which action a frame belongs: by its ports or identifier, behind a translation by its initial sequence
    number or the mark in its data, and else by its time."""

    def __init__(self, actions, addresses):
        own = [action for action in actions if action["type"] in _CONVERSATIONS and "began" in action]
        self.begins = sorted((action["began"] - 0.5, action["id"]) for action in own)
        self.by_place = {action["place"]: action["id"] for action in own}
        self.ports, self.pings = {}, {}
        for action in own:
            if action["type"] == "ping":
                self.pings[action["flow"]["id"]] = action["id"]
            elif action["type"] in ("tcp", "udp"):
                for address in addresses[action["from"]]:
                    self.ports[(action["type"], address, action["flow"]["sport"], action["port"])] = action["id"]
        self.flows, self.initial = {}, {}

    def of(self, frame):
        """The action's name; none for a frame before all of them."""
        found = self._by_flow(frame)
        for begins, action in [] if found else self.begins:
            if begins <= frame["T"]:
                found = action
        return found

    def _by_flow(self, frame):
        kind = frame["kind"]
        if kind == "icmp":
            return self.pings.get(frame["id"]) if "id" in frame else self._by_flow(frame["about"]) if "about" in frame else None
        if kind not in ("tcp", "udp") or "sport" not in frame:
            return None
        ends = frozenset(((frame["src"], frame["sport"]), (frame["dst"], frame["dport"])))
        found = self.by_place.get(frame.get("mark")) or self.flows.get(ends)
        found = found or self.ports.get((kind, frame["src"], frame["sport"], frame["dport"]))
        found = found or self.ports.get((kind, frame["dst"], frame["dport"], frame["sport"]))
        flags = frame.get("flags", "")
        if not found and "S" in flags:
            found = self.initial.get((frame["raw_ack"] - 1) & 0xFFFFFFFF if "A" in flags else frame["raw_seq"])
        if found:
            self.flows[ends] = found
            if flags == "S":
                self.initial[frame["raw_seq"]] = found
        return found


_PACKET = (("iif", r'iif "?([^" ]+)"?'), ("src", r"ip saddr (\S+)"), ("dst", r"ip daddr (\S+)"), ("ttl", r"ip ttl (\d+)"),
           ("ident", r"ip id (\d+)"), ("sport", r"(?:tcp|udp) sport (\d+)"), ("dport", r"(?:tcp|udp) dport (\d+)"))


def decisions(lines):
    """What ``nft monitor trace`` tells of each packet that came in: how it was classed, and what became of it."""
    open_, found = {}, []
    for line in lines:
        match = re.match(r"trace id (\S+) (\S+) (\S+) (\S+) (packet:|rule|verdict|policy) ?(.*)", line)
        if not match:
            continue
        number, _, table, chain, what, rest = match.groups()
        if what == "packet:":
            if table == "roundtrip_watch" and chain in ("pre", "out"):
                packet = {"hook": chain, "class": None, "verdict": "accept"}
                for key, pattern in _PACKET:
                    value = re.search(pattern, rest)
                    if value:
                        packet[key] = int(value[1]) if key not in ("iif", "src", "dst") else value[1]
                open_[number] = packet
                found.append(packet)
            continue
        packet = open_.get(number)
        if packet is None:
            continue
        if table == "roundtrip_watch":
            state = re.search(r"ct state (\w+)", rest)
            if what == "rule" and chain.startswith("ct") and state:
                packet["class"] = state[1]
        elif what == "rule":
            verdict = re.search(r"verdict ([^()]+)\)?$", rest)
            if re.search(r"\breject\b", re.sub(r" \(verdict [^)]*\)$", "", rest)):
                packet["verdict"] = "reject"
            elif verdict and verdict[1].strip() == "drop":
                packet["verdict"] = "drop"
        elif what == "policy" and rest.strip() == "drop":
            packet["verdict"] = "drop"
    return [packet for packet in found if packet["hook"] == "pre"]


def _signature(packet):
    return tuple(packet.get(key) for key in ("src", "dst", "ident", "ttl", "sport", "dport"))


class Trace:
    """One run: ``interfaces`` has the frames of each interface, ``actions`` and ``snapshots`` are as in ``raw.json``."""

    def __init__(self, lab, folder):
        with open(os.path.join(folder, "raw.json"), encoding="utf-8") as file:
            raw = json.load(file)
        self.lab, self.actions, self.kernel, self.errors = lab, raw["actions"], raw["kernel"], raw["errors"]
        self.snapshots = sorted(raw["snapshots"], key=lambda snapshot: snapshot["T"])
        self.interfaces = {}
        owners = {interface["mac"]: f"{node['name']}.{interface['name']}" for node in lab["nodes"] for interface in node["interfaces"]}
        own = {name: address for address, name in owners.items()}
        origin = int(raw["start"] * 1e9)
        for name, file in sorted(raw["captures"].items()):
            frames = []
            captured = read_capture(os.path.join(folder, file))
            if len(captured) >= MOST_FRAMES:
                self.errors.append(f"{name}: {MOST_FRAMES} frames or more, of which the rest was not captured")
            for at, data in captured:
                frame = decode(data)
                frame["T"] = (at - origin) / 1e6
                frame["dir"] = "out" if frame["from"] == own[name] else "in"
                # What a switch lets everybody see; the interface itself passes it over.
                frame["foreign"] = frame["dir"] == "in" and frame["to"] not in (own[name], _BROADCAST)
                frames.append(frame)
            self.interfaces[name] = sorted(frames, key=lambda frame: frame["T"])
        self._name_all(owners)
        for node, lines in raw["nft"].items():
            self._join(node, decisions(lines))
        for frames in self.interfaces.values():
            for frame in frames:
                frame["line"] = f"{frame['dir']} {frame['from']}>{frame['to']} {text(frame)}"

    def _name_all(self, owners):
        every = sorted((frame for frames in self.interfaces.values() for frame in frames), key=lambda frame: frame["T"])
        make_relative(every)
        addresses = {node["name"]: [address.split("/")[0] for interface in node["interfaces"] for address in interface.get("addresses", [])]
                     for node in self.lab["nodes"]}
        actions, first = _Actions(self.actions, addresses), {}
        for frame in every:
            frame["action"] = actions.of(frame)
            if frame["action"]:
                frame["t"] = frame["T"] - first.setdefault(frame["action"], frame["T"])
            frame["from"] = owners.get(frame["from"], frame["from"])
            frame["to"] = "*" if frame["to"] == _BROADCAST else owners.get(frame["to"], frame["to"])
            if "sha" in frame:
                frame["sha"] = owners.get(frame["sha"], frame["sha"])

    def _join(self, node, packets):
        """Writes what a node decided beside the frame by which the packet came in."""
        waiting = collections.defaultdict(collections.deque)
        for packet in packets:
            waiting[(packet.get("iif"),) + _signature(packet)].append(packet)
        for name, frames in self.interfaces.items():
            owner, device = name.split(".", 1)
            for frame in frames if owner == node else []:
                if frame["dir"] == "in" and "src" in frame and not frame["foreign"]:
                    same = waiting.get((device,) + _signature(frame))
                    if same:
                        packet = same.popleft()
                        frame["note"] = f"{{ct={packet['class']} {packet['verdict']}}}"
