"""How much a link carries, from payloads that left back to back and from a queue that grows."""

from collections import deque
from math import nan, sqrt

from fer_ros.link.answers import Answered

BACK_TO_BACK_S = 0.002  # sent closer than this, the link alone spaced them
PAIRS = 8  # jitter moves one pair by more than a small payload takes; it averages out
PAIRS_NEEDED = 3
NEW = 2  # pairs that can overrule the older ones
QUICKER = 3.0  # times, for that
CAUTION = 1.5  # standard errors
MEMORY_S = 12.0
MOST_BPS = 1e9  # no link that a robot has carries more; pairs that arrive at once say "at least this"


class Capacity:
    """The rate at which the slowest hop passes bytes, bit/s.

    A payload that leaves right behind another arrives later by its own length at the slowest hop:
    size / spacing is that hop's rate (packet pairs: Keshav, SIGCOMM 1991, section 4). While the queue
    grows the link is full, and what arrives is what it carries.
    """

    def __init__(self) -> None:
        self._before: Answered | None = None
        self._pairs: deque[tuple[float, int, float]] = deque(maxlen=PAIRS)  # s, bytes, s apart
        self._full_bps = nan

    def bps(self, now: float, jitter_s: float = 0.0) -> float:
        """The present estimate; NaN: not known yet.

        With a jitter it is a cautious one: lower by what jitter may have lent to these pairs.
        """
        while self._pairs and self._pairs[0][0] < now - MEMORY_S:
            self._pairs.popleft()
        if len(self._pairs) < PAIRS_NEEDED:
            return self._full_bps
        spacing_s = sum(spacing for _, _, spacing in self._pairs) + self._caution(jitter_s)
        size_bytes = sum(size for _, size, _ in self._pairs)
        return min(8 * size_bytes / spacing_s, MOST_BPS) if spacing_s > 0 else MOST_BPS

    def _caution(self, jitter_s: float) -> float:
        """What jitter may have taken from the sum of the spacings, s."""
        return CAUTION * jitter_s * sqrt(len(self._pairs))

    @property
    def pairs(self) -> int:
        """Pairs behind the estimate."""
        return len(self._pairs)

    def answered(self, answer: Answered) -> None:
        """Learn from a payload that arrived, if it left right behind the one that arrived before."""
        before, self._before = self._before, answer
        if before is None or answer.sent.sequence != before.sent.sequence + 1:
            return
        if answer.sent.sent_s - before.sent.sent_s <= BACK_TO_BACK_S:
            spacing_s = max(answer.received_s - before.received_s, 0.0)
            self._pairs.append((answer.at_s, answer.sent.size_bytes, spacing_s))
            self._notice_a_better_link()

    def _notice_a_better_link(self) -> None:
        """Two pairs in a row that are far quicker than those before are of another link."""
        old, new = list(self._pairs)[:-NEW], list(self._pairs)[-NEW:]
        if len(old) >= NEW and all(_pace(pair) * QUICKER < _pace(*old) for pair in new):
            self._pairs = deque(new, maxlen=PAIRS)

    def full(self, goodput_bps: float) -> None:
        """Learn that the link was full while it carried this much; older pairs were of a better link."""
        self._pairs.clear()
        self._full_bps = goodput_bps

    def restart(self) -> None:
        """Forget everything: this is another link."""
        self._before, self._full_bps = None, nan
        self._pairs.clear()


def _pace(*pairs: tuple[float, int, float]) -> float:
    """Seconds a byte."""
    return sum(spacing for _, _, spacing in pairs) / sum(size for _, size, _ in pairs)
