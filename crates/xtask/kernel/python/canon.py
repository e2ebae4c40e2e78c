"""What several runs of a lab have in common: the recording.

A frame that was not in every run says in which it was; a time says in which step the runs agree on it; what
else differs stands there as ``{"unstable": [...]}``. Numbers that the kernel draws at random are ``*``.
"""
import collections
import difflib
import re

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
# An outcome's fields that a simulation can be held to.
_OUTCOME = ("connected", "stage", "result", "bytes", "errno", "sent", "received", "replies", "hops")


class _Random:
    """Replaces numbers that nobody chose: ports that the kernel picks, identifiers of traceroute."""

    def __init__(self, lab, actions):
        self.ports = {str(service["port"]) for node in lab["nodes"] for service in node.get("listeners", [])}
        self.ids = set()
        for action in actions:
            if action["type"] in ("tcp", "udp"):
                self.ports |= {str(action["port"]), str(action["flow"]["sport"])}
            elif action["type"] == "ping":
                self.ids.add(str(action["flow"]["id"]))
        for rules in [node.get("nft", "") for node in lab["nodes"]] + [action.get("script", "") for action in actions]:
            self.ports |= set(re.findall(r"\d+", rules))

    def _port(self, match):
        port = int(match[2])
        known = match[2] in self.ports or port < 1024 or 33434 <= port <= 33534
        return match[1] + (match[2] if known else "*")

    def hide(self, value):
        """The same value with ``*`` in such places, whatever it is made of."""
        if isinstance(value, str):
            value = re.sub(r"(\d+\.\d+\.\d+\.\d+:|[sd]port=)(\d+)\b", self._port, value)
            return re.sub(r"\bid=(\d+)", lambda match: "id=" + (match[1] if match[1] in self.ids else "*"), value)
        if isinstance(value, list):
            return [self.hide(each) for each in value]
        if isinstance(value, dict):
            return {key: self.hide(each) for key, each in value.items()}
        return value


def rounded(times):
    """The time that runs agree on, and the step in which they do, in milliseconds."""
    middle, spread = sorted(times)[len(times) // 2], max(times) - min(times)
    for step in _STEPS:
        if spread <= step:
            return round(middle / step) * step, step
    return round(middle), round(spread)


def align(keys, times):
    """Pairs what several runs show with what the first shows: rows of places, none where a run lacks it, and
    [run, place] of what the first run lacks."""
    rows = [[place] + [None] * (len(keys) - 1) for place in range(len(keys[0]))]
    extra = []
    for run in range(1, len(keys)):
        taken = set()
        for block in difflib.SequenceMatcher(None, keys[0], keys[run], autojunk=False).get_matching_blocks():
            for step in range(block.size):
                here, there = block.a + step, block.b + step
                at = times[0][here]
                # The same text further away is another retransmission.
                if abs(times[run][there] - at) <= 500 + 0.15 * abs(at):
                    rows[here][run] = there
                    taken.add(there)
        left = collections.defaultdict(list)
        for place, key in enumerate(keys[run]):
            if place not in taken:
                left[key].append(place)
        for row in rows:
            # Two frames that changed places.
            candidates = left.get(keys[0][row[0]])
            if row[run] is None and candidates:
                at = times[0][row[0]]
                nearest = min(candidates, key=lambda place: abs(times[run][place] - at))
                if abs(times[run][nearest] - at) <= 300:
                    row[run] = nearest
                    candidates.remove(nearest)
        extra += [(run, place) for places in left.values() for place in places]
    return rows, extra


def _frames(runs, hide):
    """The frames of one interface; ``runs`` are those of each run."""
    runs = [[frame for frame in frames if frame["kind"] != "arp" and not frame["foreign"]] for frames in runs]
    keys = [[hide(" ".join(filter(None, (frame["line"], frame.get("note"))))) for frame in frames] for frames in runs]
    rows, extra = align(keys, [[frame["T"] for frame in frames] for frames in runs])
    result = []
    for row in rows:
        seen = {run: runs[run][place] for run, place in enumerate(row) if place is not None}
        at, _ = rounded([frame["T"] for frame in seen.values()])
        line = {"a": seen[0]["action"]} if seen[0]["action"] else {}
        if all("t" in frame for frame in seen.values()):
            line["t"], line["pm"] = rounded([frame["t"] for frame in seen.values()])
        line.update(T=at, s=keys[0][row[0]])
        if len(seen) < len(runs):
            line["runs"] = [run + 1 for run in seen]
        result.append(line)
    for run, place in extra:
        frame = runs[run][place]
        line = {"a": frame["action"], "t": round(frame["t"]), "pm": 1} if frame["action"] else {}
        result.append({**line, "T": round(frame["T"]), "s": keys[run][place], "runs": [run + 1]})
    return sorted(result, key=lambda line: line["T"]) if extra else result


def _merge(values):
    """The value that all runs have."""
    return values[0] if all(value == values[0] for value in values) else {"unstable": values}


def canon(lab, traces):
    """The recording of a lab."""
    first = traces[0]
    hide = _Random(lab, first.actions).hide
    actions = []
    for place, action in enumerate(first.actions):
        outcomes = [trace.actions[place].get("outcome", {}) for trace in traces]
        outcomes = [{key: outcome[key] for key in _OUTCOME if key in outcome} for outcome in outcomes]
        actions.append({"id": action["id"], "type": action["type"], "outcome": hide(_merge(outcomes))})
    nodes = {}
    for node in lab["nodes"]:
        snapshots = []
        for place, snapshot in enumerate(first.snapshots):
            tables = [trace.snapshots[place]["nodes"].get(node["name"], {}) for trace in traces]
            snapshots.append({"name": snapshot["name"], **{table: hide(_merge([t.get(table) for t in tables])) for table in tables[0]}})
        nodes[node["name"]] = {"snapshots": snapshots}
    return {"lab": lab["name"], "title": lab.get("title", ""), "kernel": first.kernel, "actions": actions,
            "interfaces": {name: {"frames": _frames([trace.interfaces[name] for trace in traces], hide)} for name in first.interfaces},
            "nodes": nodes, "errors": sorted({error for trace in traces for error in trace.errors})}
