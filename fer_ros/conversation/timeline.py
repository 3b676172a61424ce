"""What was seen of one face in the last minutes, in slots of 0.1 s: what reactions are read from."""

from collections import deque
from dataclasses import dataclass
from math import ceil, floor, nan

SLOT_S = 0.1


@dataclass(slots=True)
class _Slot:
    index: int
    present_s: float = 0.0
    known_s: float = 0.0
    sum: float = 0.0
    square: float = 0.0
    surprise: float = 0.0


@dataclass(frozen=True)
class Window:
    """What was seen in a span of time.

    Attributes:
        present_s: s, for which estimates of the face came, abstentions too.
        known_s: s, for which they told valence.
        mean: -1..1, valence; NaN: none was told.
        variance: of valence: what estimates left open, and how much they differed; NaN: none was told.
        surprise: 0..1, highest accumulated probability of surprise while nothing else was possible.
    """

    present_s: float
    known_s: float
    mean: float
    variance: float
    surprise: float


class Timeline:
    """The newest slots of one face, never more than `keep_s` holds."""

    def __init__(self, keep_s: float) -> None:
        self._slots: deque[_Slot] = deque(maxlen=ceil(keep_s / SLOT_S))

    def add(self, stamp: float, span_s: float, value: float, square: float, surprise: float) -> None:
        """Take in an estimate that stands for `span_s`: the means of its valence and of the square.

        A value of NaN is a face without a valence.
        """
        index = floor(stamp / SLOT_S)
        slots = self._slots
        if not slots or slots[-1].index != index:
            slots.append(_Slot(index))
        slot = slots[-1]
        slot.present_s += span_s
        if surprise > slot.surprise:
            slot.surprise = surprise
        if value == value:  # a number
            slot.known_s += span_s
            slot.sum += span_s * value
            slot.square += span_s * square

    def window(self, begin: float, end: float) -> Window:
        """What was seen from `begin` to `end`, in s, to the slot."""
        first, last = floor(begin / SLOT_S), floor(end / SLOT_S)
        slots = [slot for slot in self._slots if first <= slot.index < last]
        known_s = sum(slot.known_s for slot in slots)
        present_s = sum(slot.present_s for slot in slots)
        surprise = max((slot.surprise for slot in slots), default=0.0)
        if known_s <= 0.0:
            return Window(present_s, 0.0, nan, nan, surprise)
        mean = sum(slot.sum for slot in slots) / known_s
        variance = max(0.0, sum(slot.square for slot in slots) / known_s - mean * mean)
        return Window(present_s, known_s, mean, variance, surprise)
