"""Frames of a recording at the rate at which they were recorded."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import inf

from fer_ros.sources.frame import Clock, Frame

DUE_S = 0.001  # so near it is due: a simulated clock may stand still just before


def paced(source: Iterator[Frame], clock: Clock, sleep: Callable[[float], bool | None]) -> Iterator[Frame]:
    """Frames of a recording when they are due, stamped by the clock as a camera's would be.

    A reader that stalls finds the recording where it left it: late frames move all later ones, and
    nothing piles up.

    Args:
        source: whose stamps give the pace.
        clock: s; it may run at another pace than sleep's, stand still, and begin anew.
        sleep: waits that many seconds; true: stop.

    Yields:
        the source's frames with new stamps.
    """
    offset_s: float | None = None
    before = -inf
    for frame in source:
        now = clock()
        if offset_s is None or now < before or now > frame.stamp + offset_s:
            offset_s = now - frame.stamp
        while (ahead_s := frame.stamp + offset_s - now) > DUE_S:
            if sleep(ahead_s):
                return
            before, now = now, clock()
            if now < before:
                offset_s = now - frame.stamp
        before = now
        yield replace(frame, stamp=clock())
