"""Network namespaces: names, entering them, and what is written to or started in one.

Everything of a run lives in namespaces called ``roundtrip-<process>-<node>``, where <process> is the
number of the process that made them: that is how strays are told from those of a run that still goes on.
"""
import ctypes
import os
import re
import signal
import subprocess
import threading

_CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
NAME = re.compile(r"roundtrip-(\d+)[-.]")
# What Debian keeps out of an ordinary user's PATH.
os.environ["PATH"] = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"


class Refused(Exception):
    """The kernel, or one of the programs, does not take what the lab asks for."""


def name_of(node=None, place=0):
    """The namespace of a node; of the cables and segments between them without one."""
    prefix = f"roundtrip-{os.getpid()}"
    if node is None:
        return f"{prefix}.fabric"
    # A file's name is limited and a node's may be anything that people write.
    plain = re.fullmatch(r"[A-Za-z0-9_-]{1,40}", node)
    return f"{prefix}-{node}" if plain else f"{prefix}-.{place}"


def enter(name):
    """Moves the calling thread into a namespace."""
    handle = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        if LIBC.setns(handle, _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {name}")
    finally:
        os.close(handle)


def inside(name, function, *args, **named):
    """Calls a function in a thread of its own that lives in that namespace."""
    result = {}

    def body():
        try:
            enter(name)
            result["value"] = function(*args, **named)
        except BaseException as error:      # handed to the caller, whatever it is
            result["error"] = error

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if "error" in result:
        raise result["error"]
    return result.get("value")


def run(command, text=None, check=True, timeout=20):
    """Runs a program to its end; ``Refused`` with its own words if it fails."""
    done = subprocess.run(command, input=text, text=True, capture_output=True, timeout=timeout)
    if check and done.returncode != 0:
        words = (done.stderr.strip() or done.stdout.strip() or f"status {done.returncode}").splitlines()
        raise Refused(f"{' '.join(command)}: {'; '.join(words[:4])}")
    return done


def write_setting(name, value):
    """Writes a setting of the namespace that the thread is in; no other can be reached by these names."""
    path = name if "/" in name else name.replace(".", "/")
    if not re.match(r"net/(ipv4|ipv6|netfilter|bridge)/", path) or ".." in path.split("/"):
        raise Refused(f"the setting {name} belongs to no namespace")
    try:
        with open(f"/proc/sys/{path}", "w", encoding="ascii") as file:
            file.write(str(value))
    except OSError as error:
        raise Refused(f"this kernel does not take {name} = {value} in a namespace: {error.strerror}") from error


def _alive(process):
    """Whether a run with that number goes on."""
    try:
        with open(f"/proc/{process}/cmdline", "rb") as file:
            return b"main.py" in file.read()
    except OSError:
        return False


def clean(own=False):
    """Removes namespaces that runs have left behind, or those of this run, with what still runs in them; gives their names."""
    removed = []
    try:
        names = sorted(os.listdir("/run/netns"))
    except OSError:
        return removed
    for name in names:
        found = NAME.match(name)
        if not found or (int(found[1]) != os.getpid() if own else _alive(int(found[1]))):
            continue
        for process in run(["ip", "netns", "pids", name], check=False).stdout.split():
            if int(process) != os.getpid():
                try:
                    os.kill(int(process), signal.SIGKILL)
                except OSError:
                    pass
        if run(["ip", "netns", "del", name], check=False).returncode == 0:
            removed.append(name)
    return removed
