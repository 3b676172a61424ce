"""The cloud's end of the link: which of the payloads that arrive are worth the work."""

from collections import deque
from enum import Enum

REMEMBERED = 1024  # payloads behind the newest, half a minute of them: a link repeats what is younger
RESTART_NS = 1_000_000_000  # a stamp further back than payloads overtake each other: time began anew


class Arrival(Enum):
    """What a payload is to those before it."""

    NEW = "new"
    ANEW = "anew"  # the first of a sender, or of a recording, that began again
    REPEATED = "repeated"  # the same once more, or the same image in another form
    LATE = "late"  # of an image before the newest one


class Intake:
    """Sorts payloads by the sender's own numbers and stamps: the clocks of the machines need not agree.

    Payloads of images come here, probes do not: a probe's stamp is later than those of the images
    that are sent behind it.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[int, int]] = deque(maxlen=REMEMBERED)
        self._newest: tuple[int, int] | None = None  # sequence and stamp

    def judge(self, sequence: int, stamp_ns: int) -> Arrival:
        """What a payload is; only NEW and ANEW are worth the work."""
        arrival = self._arrival(sequence, stamp_ns)
        if arrival is Arrival.ANEW:
            self._seen.clear()
        if arrival in (Arrival.NEW, Arrival.ANEW):
            self._newest = sequence, stamp_ns
        self._seen.append((sequence, stamp_ns))
        return arrival

    def _arrival(self, sequence: int, stamp_ns: int) -> Arrival:
        if self._newest is None:
            return Arrival.NEW
        newest, newest_ns = self._newest
        if (sequence, stamp_ns) in self._seen or stamp_ns == newest_ns:
            return Arrival.REPEATED
        if stamp_ns > newest_ns:  # nothing overtakes into the future: a lower number is another sender's
            return Arrival.NEW if sequence > newest else Arrival.ANEW
        return Arrival.ANEW if stamp_ns < newest_ns - RESTART_NS else Arrival.LATE
