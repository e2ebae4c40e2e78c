"""What a shell cannot do: cables with a delay, services, clients, a forged segment.

    helper.py KIND WORDS…     words are key=value but for what follows --
"""
import array
import ctypes
import errno
import fcntl
import heapq
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

LONGEST = 86400.0


def words(arguments):
    """The key=value words, and what follows ``--``."""
    rest = []
    if "--" in arguments:
        place = arguments.index("--")
        arguments, rest = arguments[:place], arguments[place + 1:]
    return dict(word.split("=", 1) for word in arguments), rest


def wait_until(moment):
    while (left := moment - time.time()) > 0:
        time.sleep(left if left < 0.002 else min(left - 0.001, 1.0))


def report(name, outcome):
    """One line, in one piece."""
    said = " ".join(f"{key}={value}" for key, value in outcome.items() if key != "result")
    os.write(1, f"{name}\t{outcome['result']}\t{said}\n".encode())


def error_name(number):
    return errno.errorcode.get(number, str(number))


# Cables


def relay(arguments):
    """Passes frames from one end of each cable to the other, late by its delay: END END SECONDS …"""
    other, waiting, count = {}, [], 0
    for place in range(0, len(arguments), 3):
        ends = []
        for device in arguments[place:place + 2]:
            end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            end.setsockopt(263, 23, 1)              # SOL_PACKET, PACKET_IGNORE_OUTGOING
            end.bind((device, 0))
            end.setblocking(False)
            ends.append(end)
        delay = max(0.0, float(arguments[place + 2]) - 0.00008)     # passing on costs time itself
        other[ends[0]], other[ends[1]] = (ends[1], delay), (ends[0], delay)
    print("ready", flush=True)
    while other:
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, out, frame = heapq.heappop(waiting)
            try:
                out.send(frame)
            except OSError:
                pass                                # the cable is unplugged
        pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else 1.0
        for source in select.select(list(other), [], [], pause)[0]:
            out, delay = other[source]
            for _ in range(64):
                try:
                    frame = source.recv(65600)
                except OSError:
                    break
                count += 1
                heapq.heappush(waiting, (time.monotonic() + delay, count, out, frame))


def offloads(devices):
    """Switches offloads off, as ``ethtool -K`` does, so that captures show frames as they are on a wire."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for device in devices:
            for command in (0x15, 0x17, 0x1F, 0x24, 0x2C):
                value = array.array("I", [command, 0])
                request = struct.pack("16sP", device.encode(), value.buffer_info()[0]).ljust(40, b"\0")
                try:
                    fcntl.ioctl(control, 0x8946, request)
                except OSError:
                    pass                            # what it cannot, it does not do


# Streams: the same steps for clients and services


class End(Exception):
    """Steps that ended before their end."""

    def __init__(self, result, stage, error=None):
        super().__init__(result)
        self.result, self.stage, self.error = result, stage, error


def content(length, host):
    """So many bytes: an HTTP request where there is a host and room for one."""
    if host:
        head = f"GET / HTTP/1.1\r\nHost: {host}\r\nX-Pad: ".encode()
        if length >= len(head) + 4:
            return head.ljust(length - 4, b"p") + b"\r\n\r\n"
    return (b"0123456789abcdef" * (length // 16 + 1))[:length]


class Stream:
    """A connection and the steps that are taken on it: ``send:80,recv:eof,close``."""

    def __init__(self, connection, deadline, host=""):
        self.connection, self.deadline, self.host, self.received = connection, deadline, host, 0

    def run(self, steps):
        for step in filter(None, steps.split(",")):
            name, *values = step.split(":")
            try:
                getattr(self, "do_" + name)(*values)
            except socket.timeout:
                raise End("timeout", name)
            except OSError as error:
                raise End("error", name, error_name(error.errno))

    def take(self, wait):
        if not select.select([self.connection], [], [], max(0.0, wait))[0]:
            return None
        data = self.connection.recv(65536)
        self.received += len(data)
        return data

    def do_send(self, length):
        self.connection.settimeout(max(0.01, self.deadline - time.time()))
        self.connection.sendall(content(int(length), self.host))

    def do_recv(self, what, within=None):
        end = self.deadline if within is None else min(self.deadline, time.time() + float(within))
        got, tail = 0, b""
        while True:
            left = end - time.time()
            if left <= 0:
                raise End("timeout", "recv")
            data = self.take(left)
            if data is None:
                continue
            if not data:
                if what == "eof":
                    return
                raise End("eof", "recv")
            got, tail = got + len(data), (tail + data)[-65536:]
            if (what == "request" and b"\r\n\r\n" in tail) or (what.isdigit() and got >= int(what)):
                return

    def do_echo(self):
        while time.time() < self.deadline:
            data = self.take(0.5)
            if data == b"":
                return
            if data:
                self.connection.sendall(data)

    def do_sleep(self, seconds):
        time.sleep(max(0.0, min(float(seconds), self.deadline - time.time())))

    def do_keepalive(self, idle, interval, count):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in ((socket.TCP_KEEPIDLE, idle), (socket.TCP_KEEPINTVL, interval), (socket.TCP_KEEPCNT, count)):
            self.connection.setsockopt(socket.IPPROTO_TCP, option, max(1, round(float(value))))

    def do_shutdown(self):
        self.connection.shutdown(socket.SHUT_WR)

    def do_abort(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def do_close(self):
        self.connection.close()


# Services


def serve(arguments):
    """Waits on ports, one for each ``--``: proto, port, bind and what is done."""
    services, current = [], []
    for word in arguments + ["--"]:
        if word == "--":
            if current:
                services.append(words(current)[0])
            current = []
        else:
            current.append(word)
    for service in services:
        udp = service["proto"] == "udp"
        waiting = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
        if not udp:
            waiting.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        waiting.bind((service.get("bind", "0.0.0.0"), int(service["port"])))
        if udp and "bind" not in service:
            waiting.setsockopt(socket.IPPROTO_IP, 8, 1)     # IP_PKTINFO
        if not udp:
            waiting.listen(16)
        threading.Thread(target=datagrams if udp else connections, args=(waiting, service), daemon=True).start()
    print("ready", flush=True)
    signal.pause()


def datagrams(waiting, service):
    while True:
        try:
            data, ancillary, _, peer = waiting.recvmsg(65535, 256)
            if service["does"] == "sink":
                continue
            length = int(service.get("reply", len(data)))
            asked = []
            for level, kind, value in ancillary:            # the answer leaves from the address that was asked
                if level == socket.IPPROTO_IP and kind == 8 and service["does"] != "plain":
                    local = struct.unpack("I4s4s", value[:12])[1]
                    asked = [(socket.IPPROTO_IP, 8, struct.pack("I4s4s", 0, local, bytes(4)))]
            waiting.sendmsg([data[:length].ljust(length, b"x")], asked, 0, peer)
        except OSError:
            pass                                            # no route for the answer: what the capture shows


def connections(waiting, service):
    def one(connection):
        try:
            Stream(connection, time.time() + LONGEST).run(service["steps"])
        except End:
            pass                                            # the other side ended it
    kept = []
    while True:
        connection, _ = waiting.accept()
        kept.append(connection)                             # what no step closes stays open
        threading.Thread(target=one, args=(connection,), daemon=True).start()


# Clients


CONNECT = {"ECONNREFUSED": "refused", "EHOSTUNREACH": "unreachable", "ENETUNREACH": "unreachable", "EACCES": "unreachable",
           "ETIMEDOUT": "timeout", "ECONNRESET": "reset"}
STREAM = {"ECONNRESET": "reset", "EPIPE": "reset", "ETIMEDOUT": "timeout", "EHOSTUNREACH": "unreachable", "ENETUNREACH": "unreachable"}


def tcp(given, _, began):
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    connection.bind((given.get("source", ""), int(given["sport"])))
    deadline = began + float(given["limit"])
    stream = Stream(connection, deadline, given.get("host", ""))

    def give_up():
        if given["on_limit"] == "abort":
            stream.do_abort()
        elif given["on_limit"] == "close":
            connection.close()
        else:
            kept.append(connection)
    connection.settimeout(max(0.01, deadline - time.time()))
    try:
        connection.connect((given["to"], int(given["port"])))
    except socket.timeout:
        give_up()
        return {"result": "timeout", "connected": 0}
    except OSError as error:
        # A timeout of the kernel's own is told by its error number alone.
        name = error_name(error.errno)
        return {"result": CONNECT.get(name, "error"), "connected": 0, "errno": name}
    connection.setblocking(True)
    outcome = {"result": "ok", "connected": 1}
    try:
        stream.run(given["steps"])
    except End as end:
        outcome["result"] = STREAM.get(end.error, "error") if end.result == "error" else end.result
        outcome["stage"] = end.stage
        if end.error:
            outcome["errno"] = end.error
        if end.result == "timeout":
            give_up()
    outcome["bytes"] = stream.received
    return outcome


kept = []


def udp(given, _, began):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.setsockopt(socket.IPPROTO_IP, 11, 1)             # IP_RECVERR
    if "df" in given:
        client.setsockopt(socket.IPPROTO_IP, 10, 2 if given["df"] == "1" else 0)
    client.bind((given.get("source", ""), int(given["sport"])))
    count, interval = int(given["count"]), float(given["interval"])
    replies, errors = 0, []

    def queue():
        for _ in range(16):
            try:
                for level, kind, value in client.recvmsg(2048, 512, socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT)[1]:
                    if level == socket.IPPROTO_IP and kind == 11:
                        errors.append(error_name(struct.unpack("I", value[:4])[0]))
            except OSError:
                client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                return
    for number in range(count):
        due, last = began + number * interval, number + 1 == count
        wait_until(due)
        try:
            client.sendto(b"u" * int(given["size"]), (given["to"], int(given["port"])))
        except OSError as error:
            errors.append(error_name(error.errno))
            queue()
            continue
        end = due + (float(given["timeout"]) if last else interval)
        ready = select.poll()
        ready.register(client, select.POLLIN | select.POLLERR)
        while (left := end - time.time()) > 0:
            events = ready.poll(left * 1000)
            if events and events[0][1] & select.POLLERR:
                queue()
            if events and events[0][1] & select.POLLIN:
                try:
                    client.recv(65535, socket.MSG_DONTWAIT)
                    replies += 1
                except OSError:
                    pass
            if last and replies and given.get("linger") != "1":
                break
    if replies:
        result = "ok"
    else:
        result = "refused" if "ECONNREFUSED" in errors else "unreachable" if errors else "timeout"
    return {"result": result, "replies": replies}


def program(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL).stdout


def ping(_, command, __):
    said = program(command)
    counts = re.search(r"(\d+) packets transmitted, (\d+) received", said)
    sent, received = (int(counts[1]), int(counts[2])) if counts else (0, 0)
    if received:
        result = "ok" if received == sent else "partial"
    else:
        told = [line for line in said.splitlines() if line.startswith("From ") and "Redirect" not in line]
        result = "unreachable" if told or "nreachable" in said else "timeout"
    return {"result": result, "sent": sent, "received": received}


def traceroute(given, command, _):
    hops = [re.sub(r"\s+[\d.]+ ms", "", line).split(None, 1) for line in program(command).splitlines() if re.match(r"\s*\d+\s", line)]
    answers = [hop[1].strip() if len(hop) > 1 else "" for hop in hops]
    if any(answer.split()[:1] == [given["to"]] and "!" not in answer for answer in answers):
        result = "ok"
    else:
        result = "unreachable" if any("!" in answer for answer in answers) else "timeout"
    return {"result": result, "hops": ",".join(answer.replace(" ", "") or "*" for answer in answers)}


# Changes


def run(_, command, __):
    return {"result": "ok" if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=2).returncode == 0 else "error"}


def rules(_, text, __):
    return {"result": "ok" if subprocess.run(["nft", "-f", "-"], input=text[0] + "\n", text=True, stdout=2).returncode == 0 else "error"}


def settings(_, files, __):
    """FILE VALUE …, files below /proc/sys/net."""
    for name, value in zip(files[::2], files[1::2]):
        with open(f"/proc/sys/net/{name}", "w", encoding="ascii") as file:
            file.write(value)
    return {"result": "ok"}


def tables():
    for command in ("ip route", "ip neigh", "ip route show cache", "ss -tan", "conntrack -L", "nft list ruleset"):
        print(f"== {command}", flush=True)
        try:
            subprocess.run(command.split(), stderr=subprocess.DEVNULL)
        except OSError:
            pass                                            # no such program here


# A forged segment


def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def inject(given, _, began):
    """Forges a segment of a running connection; this process lives where the connection is watched."""
    with open(f"/run/netns/{given['from']}", "rb") as there, open("/proc/self/ns/net", "rb") as here:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.setns(there.fileno(), 0x40000000)
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        libc.setns(here.fileno(), 0x40000000)
    watch = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    watch.bind((given["dev"], 0))
    client, server = int(given["client"]), int(given["server"])
    expected = {}
    while (left := began - time.time()) > 0:
        if not select.select([watch], [], [], left)[0]:
            continue
        packet = watch.recv(65600)[14:]
        if len(packet) < 40 or packet[0] >> 4 != 4 or packet[9] != 6:
            continue
        head = (packet[0] & 15) * 4
        source, target, sequence, _, offset, flags = struct.unpack("!HHIIBB", packet[head:head + 14])
        if {source, target} == {client, server} and not flags & 4:
            length = struct.unpack("!H", packet[2:4])[0] - head - (offset >> 4) * 4
            following = sequence + length + bool(flags & 2) + bool(flags & 1)
            expected[source] = (following & 0xFFFFFFFF, packet[12:16], packet[16:20])
    pretended, other = (client, server) if given["spoof"] == "client" else (server, client)
    if pretended not in expected:
        return {"result": "error"}
    following, source, target = expected[pretended]
    flags = int(given["flags"])
    sequence = (following + int(given["seq"])) & 0xFFFFFFFF
    acknowledged = (expected[other][0] + int(given["ack"])) & 0xFFFFFFFF if other in expected and flags & 16 else 0
    data = b"I" * int(given["len"])
    header = struct.pack("!HHIIBBHHH", pretended, other, sequence, acknowledged, 5 << 4, flags, 512, 0, 0)
    proof = checksum(source + target + struct.pack("!BBH", 0, 6, len(header) + len(data)) + header + data)
    segment = header[:16] + struct.pack("!H", proof) + header[18:] + data
    raw.sendto(struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 0x7777, 0, int(given["ttl"]), 6, 0) + source + target + segment,
               (socket.inet_ntoa(target), 0))
    return {"result": "ok"}


CLIENTS = {"tcp": tcp, "udp": udp, "ping": ping, "traceroute": traceroute, "inject": inject, "run": run, "rules": rules,
           "settings": settings}


def client(kind, name, start, at, arguments):
    """Waits for its time, acts, and reports."""
    def ended(_, __):
        report(name, {"result": "running"})
        os._exit(0)
    signal.signal(signal.SIGTERM, ended)
    given, command = words(arguments)
    began = float(start) + float(at)
    if kind != "inject":
        wait_until(began)
    try:
        outcome = CLIENTS[kind](given, command, began)
    except Exception as error:
        outcome = {"result": "error", "errno": error_name(error.errno) if isinstance(error, OSError) else type(error).__name__}
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    report(name, outcome)
    if kept:
        signal.pause()                                      # the connection is left as it is


def main():
    kind, *rest = sys.argv[1:]
    if kind == "start":
        print(f"{time.time() + float(rest[0]):.6f}")
    elif kind == "wait":
        wait_until(float(rest[0]) + float(rest[1]))
    elif kind == "tables":
        tables()
    elif kind == "later":
        wait_until(float(rest[0]) + float(rest[1]))
        tables()
    elif kind in CLIENTS:
        client(kind, rest[0], rest[1], rest[2], rest[3:])
    else:
        {"relay": relay, "offloads": offloads, "serve": serve}[kind](rest)


try:
    main()
except KeyboardInterrupt:
    sys.exit(130)
