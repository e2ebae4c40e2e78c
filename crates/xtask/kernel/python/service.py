"""The services that wait on the nodes."""
import select
import socket
import struct
import threading
import time

from stream import End, Script

_LONGEST = 3600.0
_IP_PKTINFO = 8


def _steps(service):
    """What a TCP service does with each connection."""
    profile = service.get("profile", "http")
    if profile == "http":
        return [{"recv": "request"}, {"send": service.get("response", 600)}, {"sleep": service.get("close_delay", 0.03)}, {"close": True}]
    if profile == "ssh":
        return [{"send": service.get("banner", 40)}, {"recv": service.get("client_banner", 1)},
                {"send": service.get("response", 200)}, {"recv": "eof"}, {"close": True}]
    if profile == "echo":
        return [{"echo": True}, {"close": True}]
    return service["steps"]


class Services:
    """All services of a lab, each in threads of its own. ``start`` is called inside the node's namespace."""

    def __init__(self, stop):
        self.stop = stop
        self.sockets = []

    def start(self, service):
        """Opens the port and serves it from now on."""
        udp = service.get("proto", "tcp") == "udp"
        waiting = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
        self.sockets.append(waiting)
        if not udp:
            waiting.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            cubic(waiting)
        waiting.bind((service.get("bind", "0.0.0.0"), service["port"]))
        if udp:
            if service.get("bind") is None:
                waiting.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        else:
            waiting.listen(16)
        serve = self._datagrams if udp else self._connections
        threading.Thread(target=serve, args=(waiting, service), daemon=True).start()

    def _ready(self, waiting):
        return select.select([waiting], [], [], 0.3)[0] and not self.stop.is_set()

    def _datagrams(self, waiting, service):
        while not self.stop.is_set():
            try:
                if not self._ready(waiting):
                    continue
                data, ancillary, _, peer = waiting.recvmsg(65535, 256)
                if service.get("profile") == "sink":
                    continue
                length = service.get("reply", len(data))
                reply = data[:length] + b"x" * max(0, length - len(data))
                waiting.sendmsg([reply], [] if service.get("plain") else self._asked(ancillary), 0, peer)
            except (OSError, ValueError):
                pass                        # no route for the answer, or the socket is closed: what the capture shows

    @staticmethod
    def _asked(ancillary):
        """Makes the answer leave from the address that was asked."""
        for level, kind, value in ancillary:
            if level == socket.IPPROTO_IP and kind == _IP_PKTINFO:
                _, local, _ = struct.unpack("I4s4s", value[:12])
                return [(socket.IPPROTO_IP, _IP_PKTINFO, struct.pack("I4s4s", 0, local, bytes(4)))]
        return []

    def _connections(self, waiting, service):
        while not self.stop.is_set():
            try:
                if not self._ready(waiting):
                    continue
                connection, _ = waiting.accept()
            except (OSError, ValueError):
                return
            self.sockets.append(connection)
            threading.Thread(target=self._connection, args=(connection, service), daemon=True).start()

    def _connection(self, connection, service):
        try:
            Script(connection, time.time() + _LONGEST, self.stop).run(_steps(service))
        except (End, ValueError):
            pass                            # the other side ended it: what the capture shows


def cubic(connection):
    """Congestion control as recorded, whatever the machine's own is."""
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"cubic")
    except OSError:
        pass
