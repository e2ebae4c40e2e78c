"""Frames: reading captures, and taking frames apart into dictionaries with the raw numbers."""
import re
import struct

_ICMP = {0: "echo-reply", 3: "unreach", 5: "redirect", 8: "echo", 11: "ttl-exceeded", 12: "param-problem"}
_UNREACH = {0: "net", 1: "host", 2: "proto", 3: "port", 4: "frag-needed", 5: "srcroute", 6: "net-unknown", 7: "host-unknown",
            9: "net-prohib", 10: "host-prohib", 11: "net-tos", 12: "host-tos", 13: "admin-prohib"}
_FLAGS = (("S", 2), ("F", 1), ("R", 4), ("P", 8), ("A", 16), ("U", 32), ("E", 64), ("C", 128))
_PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp"}
# The first bytes of each datagram name the action that sent it: by them it is known behind an address translation.
_MARK = re.compile(rb"#(\d+):\d+:")


def mark(action, number):
    """What the datagrams of an action begin with."""
    return b"#%d:%d:" % (action, number)


def read_capture(path):
    """The frames of a pcap file: [nanoseconds since the epoch, bytes]. A file that is still written ends early."""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 24:
        return []
    unit = {b"\x4d\x3c\xb2\xa1": 1, b"\xd4\xc3\xb2\xa1": 1000}.get(data[:4])
    if unit is None:
        raise ValueError(f"{path} is no little-endian pcap file")
    frames, place = [], 24
    while place + 16 <= len(data):
        seconds, parts, length, _ = struct.unpack("<IIII", data[place:place + 16])
        place += 16
        if place + length > len(data):
            break
        frames.append((seconds * 1_000_000_000 + parts * unit, data[place:place + length]))
        place += length
    return frames


def ethernet_address(data):
    """An Ethernet address as text."""
    return ":".join(f"{byte:02x}" for byte in data)


def address(data):
    """An IPv4 address as text."""
    return ".".join(str(byte) for byte in data)


def _tcp_options(data):
    options, place = {}, 0
    while place < len(data):
        kind = data[place]
        if kind == 0:
            break
        if kind == 1:
            place += 1
            continue
        if place + 1 >= len(data) or data[place + 1] < 2:
            break
        length = data[place + 1]
        value = data[place + 2:place + length]
        if kind == 2 and len(value) == 2:
            options["mss"] = struct.unpack("!H", value)[0]
        elif kind == 5:
            options["raw_sack"] = [struct.unpack("!II", value[at:at + 8]) for at in range(0, len(value) - 7, 8)]
        place += length
    return options


def _tcp(frame, payload, length):
    frame["sport"], frame["dport"], frame["raw_seq"] = struct.unpack("!HHI", payload[:8])
    if len(payload) < 20:
        return                              # as an ICMP error quotes it
    header = (payload[12] >> 4) * 4
    frame["raw_ack"] = struct.unpack("!I", payload[8:12])[0]
    frame["flags"] = "".join(letter for letter, bit in _FLAGS if payload[13] & bit)
    frame["len"] = max(0, length - header)
    frame["options"] = _tcp_options(payload[20:header])


def _udp(frame, payload):
    frame["sport"], frame["dport"], length = struct.unpack("!HHH", payload[:6])
    frame["len"] = length - 8
    found = _MARK.match(payload[8:40])
    if found:
        frame["mark"] = int(found[1])


def _icmp(frame, payload, length, quoted):
    kind, code = payload[0], payload[1]
    frame["icmp"] = _ICMP.get(kind, str(kind))
    if kind in (0, 8):
        frame["id"], frame["seq"] = struct.unpack("!HH", payload[4:8])
        frame["len"] = length - 8
        return
    if kind == 3:
        frame["why"] = _UNREACH.get(code, str(code))
        if code == 4:
            frame["mtu"] = struct.unpack("!H", payload[6:8])[0]
    elif kind == 5:
        frame["why"] = {0: "net", 1: "host"}.get(code, str(code))
        frame["gateway"] = address(payload[4:8])
    elif kind == 11:
        frame["why"] = {0: "transit", 1: "reassembly"}.get(code, str(code))
    if not quoted:
        frame["about"] = packet(payload[8:], True)


def packet(data, quoted=False):
    """Takes an IPv4 packet apart; ``quoted`` if an ICMP error carries it, cut off somewhere."""
    if len(data) < 20 or data[0] >> 4 != 4:
        return {"kind": "other"}
    header = (data[0] & 15) * 4
    total, ident, fragment = struct.unpack("!HHH", data[2:8])
    frame = {"src": address(data[12:16]), "dst": address(data[16:20]), "ttl": data[8], "ident": ident, "df": bool(fragment & 0x4000)}
    offset, more = (fragment & 0x1FFF) * 8, bool(fragment & 0x2000)
    protocol, length = data[9], total - header
    payload = data[header:] if quoted else data[header:total]
    if offset or more:
        frame["fragment"] = {"offset": offset, "more": int(more), "len": length}
    frame["proto"] = _PROTOCOLS.get(protocol, protocol)
    if offset:
        frame["kind"] = "frag"
    elif protocol not in _PROTOCOLS or len(payload) < 8:
        frame["kind"] = "ip"
        frame["proto"] = protocol
    else:
        frame["kind"] = _PROTOCOLS[protocol]
        if protocol == 6:
            _tcp(frame, payload, length)
        elif protocol == 17:
            _udp(frame, payload)
        else:
            _icmp(frame, payload, length, quoted)
    return frame


def decode(data):
    """Takes an Ethernet frame apart."""
    frame = {"from": ethernet_address(data[6:12]), "to": ethernet_address(data[0:6])}
    kind = struct.unpack("!H", data[12:14])[0]
    if kind == 0x0806 and len(data) >= 42:
        operation = struct.unpack("!H", data[20:22])[0]
        frame.update(kind="arp", op={1: "request", 2: "reply"}.get(operation, str(operation)), sha=ethernet_address(data[22:28]),
                     spa=address(data[28:32]), tpa=address(data[38:42]))
    elif kind == 0x0800:
        frame.update(packet(data[14:]))
    else:
        frame["kind"] = f"eth-{kind:04x}"
    return frame


def text(frame, quoted=False):
    """The canonical line of a frame whose numbers are relative, without direction and Ethernet addresses."""
    kind = frame["kind"]
    if kind == "arp":
        return f"arp who-has {frame['tpa']} tell {frame['spa']}" if frame["op"] == "request" else f"arp {frame['spa']} is-at {frame['sha']}"
    if kind == "tcp":
        words = _tcp_text(frame, quoted)
    elif kind == "udp":
        words = f"udp {frame['src']}:{frame['sport']}>{frame['dst']}:{frame['dport']} len={frame['len']}"
    elif kind == "icmp":
        words = _icmp_text(frame, quoted)
    elif kind == "frag":
        part = frame["fragment"]
        words = f"frag {frame['proto']} {frame['src']}>{frame['dst']} off={part['offset']} len={part['len']} mf={part['more']}"
    elif kind == "ip":
        words = f"ip proto={frame['proto']} {frame['src']}>{frame['dst']}"
    else:
        return kind
    if "fragment" in frame and kind != "frag":
        words += f" frag(off=0 len={frame['fragment']['len']} mf=1)"
    if not quoted:
        words += f" ttl={frame['ttl']}"
        # TCP has it by habit, and an ICMP error has it never.
        if frame["df"] and (kind in ("udp", "frag") or kind == "icmp" and frame["icmp"] == "echo"):
            words += " DF"
    return words


def _tcp_text(frame, quoted):
    words = f"tcp {frame['src']}:{frame['sport']}>{frame['dst']}:{frame['dport']}"
    if "flags" not in frame:
        return f"{words} seq={frame['seq']}"
    words += f" [{frame['flags']}] seq={frame['seq']}"
    if "A" in frame["flags"]:
        words += f" ack={frame['ack']}"
    words += f" len={frame['len']}"
    options = {} if quoted else frame["options"]
    if "S" in frame["flags"] and options.get("mss"):
        words += f" mss={options['mss']}"
    if options.get("sack"):
        words += " sack=" + ",".join(f"{left}-{right}" for left, right in options["sack"])
    return words


def _icmp_text(frame, quoted):
    ends = f"{frame['src']}>{frame['dst']}"
    if "id" in frame:
        return f"icmp {frame['icmp']} {ends} id={frame['id']} seq={frame['seq']} len={frame['len']}"
    words = f"icmp {frame['icmp']}-{frame.get('why')} {ends}"
    if "gateway" in frame:
        words += f" gw={frame['gateway']}"
    if "mtu" in frame:
        words += f" mtu={frame['mtu']}"
    if frame.get("about") and not quoted:
        words += f" ({text(frame['about'], True)})"
    return words
