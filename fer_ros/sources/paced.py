"""Frames of a recording at the rate at which they were recorded."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from fer_ros.sources.frame import Clock, Frame


def paced(source: Iterator[Frame], clock: Clock, sleep: Callable[[float], object]) -> Iterator[Frame]:
    """Frames of a recording when they are due, stamped by the clock as a camera's would be.

    A reader that stalls finds the recording where it left it: late frames move all later ones, and
    nothing piles up.

    Args:
        source: whose stamps give the pace.
        clock: s.
        sleep: waits that many seconds.

    Yields:
        the source's frames with new stamps.
    """
    offset_s: float | None = None
    for frame in source:
        now = clock()
        if offset_s is None or now > frame.stamp + offset_s:
            offset_s = now - frame.stamp
        elif now < frame.stamp + offset_s:
            sleep(frame.stamp + offset_s - now)
        yield replace(frame, stamp=clock())
