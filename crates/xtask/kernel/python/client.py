"""The clients whose conversations a lab is about: TCP connections, UDP datagrams, forged segments.

Each function runs in a thread inside its node's namespace and gives the action's outcome.
"""
import errno
import os
import select
import socket
import struct
import time

from frame import decode, mark, read_capture
from service import cubic
from stream import End, Script, error_name, reset_on_close

_IP_MTU_DISCOVER, _IP_RECVERR = 10, 11
_CONNECT_RESULTS = {"ECONNREFUSED": "refused", "EHOSTUNREACH": "unreachable", "ENETUNREACH": "unreachable", "EACCES": "unreachable",
                    "ETIMEDOUT": "timeout", "ECONNRESET": "reset"}
_STREAM_RESULTS = {"ECONNRESET": "reset", "EPIPE": "reset", "ETIMEDOUT": "timeout-kernel", "EHOSTUNREACH": "unreachable",
                   "ENETUNREACH": "unreachable"}


def _client_steps(action):
    profile = action.get("profile", "http")
    if profile == "http":
        return [{"send": action.get("request", 80)}, {"recv": "eof"}, {"close": True}]
    if profile == "ssh":
        return [{"recv": 1}, {"send": action.get("banner", 40)}, {"recv": action.get("expect", 1)}, {"close": True}]
    if profile == "connect":
        return [{"close": True}]
    return action["steps"]


def _give_up(action, connection):
    how = action.get("on_limit", "leave")
    if how == "abort":
        reset_on_close(connection)
    if how in ("abort", "close"):
        connection.close()


def _connect(action, connection, deadline, stop):
    """The error number; 0 for success, none if the time ran out."""
    error = connection.connect_ex((action["to"], action["port"]))
    if error not in (0, errno.EINPROGRESS):
        return error
    ready = select.poll()
    ready.register(connection, select.POLLOUT | select.POLLERR | select.POLLHUP)
    while not stop.is_set():
        left = deadline - time.time()
        if left <= 0:
            return None
        if ready.poll(min(left, 0.5) * 1000):
            return connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return None


def tcp(action, session):
    """Opens a connection and follows its script."""
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    session.sockets.append(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    cubic(connection)
    connection.bind((action.get("source", ""), action["flow"]["sport"]))
    connection.setblocking(False)
    deadline = session.start + action["at"] + action.get("limit", 10)
    error = _connect(action, connection, deadline, session.stop)
    if error is None:
        _give_up(action, connection)
        return {"connected": False, "stage": "connect", "result": "timeout"}
    if error:
        name = error_name(error)
        return {"connected": False, "stage": "connect", "errno": name, "result": _CONNECT_RESULTS.get(name, "error")}
    connection.setblocking(True)
    outcome = {"connected": True}
    script = Script(connection, deadline, session.stop, action.get("host", "web"))
    try:
        script.run(_client_steps(action))
        outcome["result"] = "ok"
    except End as end:
        outcome["stage"] = end.stage
        outcome["result"] = end.what if end.what != "error" else _STREAM_RESULTS.get(end.error, "error")
        if end.error:
            outcome["errno"] = end.error
        if end.what == "timeout":
            _give_up(action, connection)
    outcome["bytes"] = script.received
    return outcome


class _Udp:
    """One action's datagrams."""

    def __init__(self, action, session):
        self.action, self.session = action, session
        self.replies, self.errors = 0, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        session.sockets.append(self.socket)
        self.socket.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        if "df" in action:
            self.socket.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, 2 if action["df"] else 0)
        self.socket.bind((action.get("source", ""), action["flow"]["sport"]))

    def send(self, number):
        """Sends one; false if the kernel does not even try."""
        size = self.action.get("size", 32)
        data = (mark(self.action["place"], number) + b"u" * size)[:size]
        try:
            self.socket.sendto(data, (self.action["to"], self.action["port"]))
            return True
        except OSError as error:
            self.errors.append(error_name(error.errno))
            self._error_queue()
            return False

    def _error_queue(self):
        for _ in range(16):
            try:
                ancillary = self.socket.recvmsg(2048, 512, socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT)[1]
            except OSError:
                self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                return
            for level, kind, value in ancillary:
                if level == socket.IPPROTO_IP and kind == _IP_RECVERR:
                    self.errors.append(error_name(struct.unpack("I", value[:4])[0]))

    def wait(self, end, last):
        """Takes answers until then, or until the last datagram's first answer."""
        ready = select.poll()
        ready.register(self.socket, select.POLLIN | select.POLLERR)
        while time.time() < end and not self.session.stop.is_set():
            events = ready.poll(max(1, min(0.5, end - time.time()) * 1000))
            if not events:
                continue
            if events[0][1] & select.POLLERR:
                self._error_queue()
            if events[0][1] & select.POLLIN:
                try:
                    self.socket.recv(65535, socket.MSG_DONTWAIT)
                    self.replies += 1
                except OSError:
                    pass                    # an ICMP error, which the queue tells of
            if last and (self.replies or self.errors) and not self.action.get("linger"):
                return


def udp(action, session):
    """Sends datagrams and counts answers."""
    sender = _Udp(action, session)
    count, interval = action.get("count", 1), action.get("interval", 1)
    for number in range(count):
        due = session.start + action["at"] + number * interval
        while time.time() < due:
            time.sleep(max(0.0, min(0.2, due - time.time())))
        last = number + 1 == count
        if sender.send(number):
            sender.wait(due + (action.get("timeout", 3) if last else interval), last)
    if sender.replies:
        result = "ok"
    elif "ECONNREFUSED" in sender.errors:
        result = "refused"
    else:
        result = "unreachable" if sender.errors else "timeout"
    return {"result": result, "replies": sender.replies}


def _checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _expected(path, ports):
    """For each port of a connection: the number that it sends next, and its two addresses, by what was captured."""
    expected = {}
    for _, data in read_capture(path):
        frame = decode(data)
        if frame["kind"] == "tcp" and {frame["sport"], frame["dport"]} == ports and "R" not in frame.get("flags", "R"):
            following = frame["raw_seq"] + frame["len"] + ("S" in frame["flags"]) + ("F" in frame["flags"])
            expected[frame["sport"]] = (following & 0xFFFFFFFF, frame["src"], frame["dst"])
    return expected


def inject(action, session):
    """Forges one segment of a running connection, with numbers learned from a capture."""
    flow = next(other["flow"] for other in session.actions if other["id"] == action["flow_of"])
    client, server = flow["sport"], flow["dport"]
    expected = _expected(os.path.join(session.folder, session.captures[action["observe"]]), {client, server})
    pretended, other = (client, server) if action.get("spoof", "server") == "client" else (server, client)
    if pretended not in expected:
        return {"result": "error"}
    following, source, target = expected[pretended]
    sequence = (following + action.get("seq_off", 0)) & 0xFFFFFFFF
    acknowledged = (expected[other][0] + action.get("ack_off", 0)) & 0xFFFFFFFF if other in expected else 0
    flags = sum({"F": 1, "S": 2, "R": 4, "P": 8, "A": 16}[letter] for letter in action.get("flags", "R").upper())
    data = b"I" * action.get("len", 0)
    header = struct.pack("!HHIIBBHHH", pretended, other, sequence, acknowledged if flags & 16 else 0, 5 << 4, flags, 512, 0, 0)
    ends = socket.inet_aton(source) + socket.inet_aton(target)
    checksum = _checksum(ends + struct.pack("!BBH", 0, 6, len(header) + len(data)) + header + data)
    segment = header[:16] + struct.pack("!H", checksum) + header[18:] + data
    ip_header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 0x7777, 0, action.get("ttl", 64), 6, 0) + ends
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        raw.sendto(ip_header + segment, (target, 0))
    return {"result": "ok"}
