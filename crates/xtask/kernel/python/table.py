"""The tables of a node: what the usual commands show, without what runs on by itself."""
import re

from namespace import run


def _plain(line):
    return re.sub(r"\s+", " ", line.replace("\\", " ")).strip()


def neighbours(lines):
    """``ip neigh``: who is known under which address, and who could not be found."""
    rows = []
    for line in lines:
        words = line.split()
        known = "lladdr" in words and words[-1] not in ("FAILED", "INCOMPLETE")
        state = f"lladdr {words[words.index('lladdr') + 1]}" if known else "UNRESOLVED"
        rows.append(f"{words[0]} dev {words[2]} {state}")
    return sorted(rows)


def learned(lines):
    """``ip route show cache``: the exceptions, without how long they will be kept."""
    return sorted(re.sub(r"\s*expires \S+", "", re.sub(r"\s*uid \d+|\s*cache", "", line)).strip() for line in lines)


def sockets(lines):
    """``ss``: the timers by their names only."""
    return sorted(re.sub(r" timer:\((\w+),.*?\)", r" timer:\1", line) for line in lines)


def tracked(lines):
    """``conntrack -L``, without timeouts, marks and counts of users."""
    rows = []
    for line in lines:
        line = re.sub(r"\s+(mark|use|secctx)=\S+", "", line)
        found = re.match(r"(\w+)\s+(\d+)\s+(\d+)?\s*(.*)", line)
        rows.append(f"{found[1]} {found[4]}".strip() if found else line)
    return sorted(rows)


def counters(lines):
    """The counters of rules in ``nft list ruleset``, but for those of the rules that watch."""
    rows, table, chain = [], "", ""
    for line in lines:
        line = line.strip()
        found = re.match(r"(table|chain) (.*) \{", line)
        if found:
            table, chain = (found[2], "") if found[1] == "table" else (table, found[2])
            continue
        found = re.search(r"counter packets (\d+) bytes (\d+)", line)
        if found and table != "ip roundtrip_watch":
            rule = re.sub(r"counter packets \d+ bytes \d+", "counter", line)
            rows.append({"chain": f"{table} {chain}", "rule": rule, "packets": int(found[1]), "bytes": int(found[2])})
    return rows


def tables(filtering):
    """The tables of the namespace that the thread is in; those of the filter where the node has one."""
    commands = [("conntrack", "conntrack -L 2>/dev/null"), ("nft", "nft list ruleset")] if filtering else []
    commands += [("route_cache", "ip -o route show cache"), ("neigh", "ip neigh show"), ("ss", "ss -tanoH"), ("routes", "ip route show")]
    # One shell for all, so that little time lies between them.
    script = "\n".join(f"echo '@@{name}'; {command}" for name, command in commands)
    found, lines = {}, []
    for line in run(["sh", "-c", script], check=False).stdout.splitlines():
        if line.startswith("@@"):
            lines = found.setdefault(line[2:], [])
        else:
            lines.append(line if "{" in line else _plain(line))
    result = {"neigh": neighbours(found.get("neigh", [])), "routes": found.get("routes", []),
              "route_cache": learned(found.get("route_cache", [])), "ss": sockets(found.get("ss", []))}
    if filtering:
        result["conntrack"] = tracked(found.get("conntrack", []))
        result["nft_counters"] = counters(found.get("nft", []))
    return result
