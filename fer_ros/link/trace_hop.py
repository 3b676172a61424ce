"""The slowest hop of a network, where a trace says when bytes leave."""

from bisect import bisect_left
from collections import deque
from math import ceil

from fer_ros.link.outages import Pauses
from fer_ros.link.traces import PACKET_BYTES, Trace

EARLY_MS = 1e-3  # more than sums of times are wrong by


class TraceRate:
    """Opportunities to send 1500 bytes each, as in Mahimahi; a hop as hops.py has it.

    Small packets share one, and a packet may take the end of one and the beginning of the next; what
    is left of one when the queue is empty is lost. So are opportunities in an outage. An opportunity is
    looked at when the queue needs it, and never twice: the time since the last does not matter.
    """

    __slots__ = ("_begin", "_claimed", "_lap", "_left", "_limit", "_next", "_pauses", "_times_ms", "end")

    def __init__(
        self, trace: Trace, begin: float, limit: int, busy_until: float, pauses: Pauses | None
    ) -> None:
        """A trace that begins at `begin`, s; `limit` in bytes; nothing leaves before `busy_until`, s."""
        # Whole milliseconds: the end of a lap and the beginning of the next are then the same moment.
        self._times_ms = trace.times_ms
        self._begin, self._limit, self._pauses = begin, limit, pauses
        self._lap = self._next = 0
        self._claimed: deque[float] = deque()  # s, opportunities that the queue will use
        self._left = 0  # bytes that the last of them has to spare
        self.end = busy_until

    def backlog(self, t: float) -> float:
        """Bytes that have not left."""
        claimed = self._claimed
        while claimed and claimed[0] <= t:
            claimed.popleft()
        return float(len(claimed) * PACKET_BYTES - self._left) if claimed else 0.0

    def room(self, t: float) -> float:
        """Bytes that fit."""
        return self._limit - self.backlog(t)

    def room_at(self, size: int, t: float) -> float:
        """At which opportunity so much will have left that `size` bytes fit."""
        missing = size - self.room(t)
        return t if missing <= 0.0 else self._claimed[ceil(missing / PACKET_BYTES) - 1]

    def carry(self, size: int, t: float) -> tuple[float, float]:
        """Put bytes in: when the first and the last one leave."""
        if not self._left or self.end < t:
            self._claim(max(t, self.end))
        start = self.end
        while size > self._left:
            size -= self._left
            self._claim(self.end)
        self._left -= size
        return start, self.end

    def _claim(self, t: float) -> None:
        """Take the next opportunity that is not before `t`, nor in an outage."""
        at = self._peek(t)
        while self._pauses is not None and (resumed := self._pauses.resume(at)) > at:
            at = self._peek(resumed)
        self._step()
        self._claimed.append(at)
        self._left, self.end = PACKET_BYTES, at

    def _peek(self, t: float) -> float:
        """When the next opportunity is; those before `t` are passed over, however many they are."""
        if self._at() < t:
            self._pass_over(t)
        return self._at()

    def _pass_over(self, t: float) -> None:
        lap_ms, into_ms = self._times_ms[-1], 1000.0 * (t - self._begin)
        lap = int(into_ms // lap_ms)
        if lap > self._lap:
            self._lap, self._next = lap, 0
        # A little early, and then step by step by the times as they are given out: sums are not exact.
        self._next = bisect_left(self._times_ms, into_ms - self._lap * lap_ms - EARLY_MS, self._next)
        while self._next == len(self._times_ms) or self._at() < t:
            self._step()

    def _step(self) -> None:
        self._next += 1
        if self._next >= len(self._times_ms):
            self._lap, self._next = self._lap + 1, 0

    def _at(self) -> float:
        return self._begin + (self._lap * self._times_ms[-1] + self._times_ms[self._next]) / 1000.0
