"""What an application does with a TCP connection, step by step; the same for clients and services."""
import errno
import select
import socket
import struct
import time


class End(Exception):
    """A script ended before its end: ``what`` is timeout, eof, stopped or error."""

    def __init__(self, what, stage, error=None):
        super().__init__(what)
        self.what, self.stage, self.error = what, stage, error


def error_name(number):
    """The name of an error number."""
    return errno.errorcode.get(number, str(number))


def reset_on_close(connection):
    """Makes closing send a RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _content(length, host):
    """So many bytes: an HTTP request where there is a host and room for one."""
    if host is not None:
        head = f"GET / HTTP/1.1\r\nHost: {host}\r\nX-Pad: ".encode()
        tail = b"\r\n\r\n"
        if length >= len(head) + len(tail):
            return head + b"p" * (length - len(head) - len(tail)) + tail
    return (b"0123456789abcdef" * (length // 16 + 1))[:length]


class Script:
    """Runs steps on a connection. ``stop`` is set when the lab is over; ``received`` counts bytes."""

    def __init__(self, connection, deadline, stop, host=None):
        self.connection, self.deadline, self.stop, self.host = connection, deadline, stop, host
        self.received = 0

    def run(self, steps):
        """Runs all of them.

        Raises ``End`` if one fails or the time is over.
        """
        for step in steps:
            stage = next(iter(step))
            try:
                getattr(self, "_" + stage)(step[stage], step)
            except socket.timeout as error:
                raise End("timeout", stage) from error
            except OSError as error:
                if self.stop.is_set():
                    raise End("stopped", stage) from error
                raise End("error", stage, error_name(error.errno)) from error

    def _take(self, wait):
        """What has come within that time; none if nothing has."""
        if not select.select([self.connection], [], [], max(0.0, wait))[0]:
            return None
        data = self.connection.recv(65536)
        self.received += len(data)
        return data

    def _send(self, length, _):
        self.connection.settimeout(max(0.01, self.deadline - time.time()))
        self.connection.sendall(_content(length, self.host))

    def _recv(self, what, step):
        got, tail = 0, b""
        end = min(self.deadline, time.time() + step["within"]) if "within" in step else self.deadline
        while True:
            left = end - time.time()
            if left <= 0 or self.stop.is_set():
                raise End("timeout", "recv")
            data = self._take(min(left, 0.5))
            if data is None:
                continue
            if not data:
                if what == "eof":
                    return
                raise End("eof", "recv")
            got += len(data)
            tail = (tail + data)[-65536:]
            if (what == "request" and b"\r\n\r\n" in tail) or (isinstance(what, int) and got >= what):
                return

    def _echo(self, _, __):
        while not self.stop.is_set() and time.time() < self.deadline:
            data = self._take(0.5)
            if data == b"":
                return
            if data:
                self.connection.sendall(data)

    def _sleep(self, seconds, _):
        end = min(self.deadline, time.time() + seconds)
        while time.time() < end and not self.stop.is_set():
            time.sleep(max(0.0, min(0.2, end - time.time())))

    def _keepalive(self, values, _):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, values["idle"])
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, values["intvl"])
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, values["cnt"])

    def _shutdown(self, _, __):
        self.connection.shutdown(socket.SHUT_WR)

    def _abort(self, _, __):
        reset_on_close(self.connection)
        self.connection.close()

    def _close(self, _, __):
        self.connection.close()
