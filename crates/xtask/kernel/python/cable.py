"""The delay of the cables.

A kernel need not have ``netem``, so frames are passed from one end of a cable to the other by a process.
The delay is not cosmetic: without any, an answer arrives inside the sender's own system call, while the
socket is locked, and the kernel then ignores ICMP redirects for it.
"""
import heapq
import json
import os
import select
import socket
import sys
import time

from namespace import LIBC

# What passing a frame on costs in itself, in milliseconds.
OWN_COST = 0.08
_LARGEST_FRAME = 65_535 + 64
_SOL_PACKET, _PACKET_IGNORE_OUTGOING = 263, 23
_PR_SET_TIMERSLACK = 29
_ETH_P_ALL = 3


def _end(device):
    """A socket that takes what comes in by a device and sends what is written to it."""
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
    end.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
    end.bind((device, 0))
    end.setblocking(False)
    return end


def relay(cables, seconds):
    """Passes frames on, until standard input ends or the time is over.

    ``cables`` is JSON: a list of [device, device, delay each way in seconds].
    """
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(5))
    except OSError:
        pass                                # late frames only, where it is not allowed
    LIBC.prctl(_PR_SET_TIMERSLACK, 1000, 0, 0, 0)
    other = {}
    for left, right, delay in json.loads(cables):
        ends = [_end(left), _end(right)]
        other[ends[0]] = (ends[1], delay)
        other[ends[1]] = (ends[0], delay)
    waiting, count = [], 0
    sources = list(other) + [sys.stdin]
    print("ready", flush=True)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, out, frame = heapq.heappop(waiting)
            try:
                out.send(frame)
            except OSError:
                pass                        # the cable is unplugged
        pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else 1.0
        for source in select.select(sources, [], [], pause)[0]:
            if source is sys.stdin:
                return
            out, delay = other[source]
            for _ in range(64):
                try:
                    frame = source.recv(_LARGEST_FRAME)
                except OSError:
                    break
                count += 1
                heapq.heappush(waiting, (time.monotonic() + delay, count, out, frame))
