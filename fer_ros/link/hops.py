"""The slowest hop of a network, where bytes leave at once or at a constant rate.

A hop is a queue of bytes, first in, first out. What is put in leaves at times that are known at once,
because nothing that comes later can overtake. Times are in seconds and never go back from call to call.
"""

from math import inf
from typing import Protocol

from fer_ros.link.outages import Pauses, Uptime

# Sizes are whole bytes. Sums of times are not exact, and must not refuse what just fits.
SLACK_BYTES = 0.5


class Hop(Protocol):
    """What every kind of hop can do; `end` is when all that is in its queue will have left, s."""

    end: float

    def backlog(self, t: float) -> float:
        """Bytes in the queue, with the rest of what is just leaving."""

    def room(self, t: float) -> float:
        """Bytes that the queue would still take."""

    def room_at(self, size: int, t: float) -> float:
        """From when on, not before `t`, the queue takes `size` bytes if nothing else is put in."""

    def carry(self, size: int, t: float) -> tuple[float, float]:
        """Put bytes in, whether there is room or not: when the first and the last one leave."""


class Unlimited:
    """No rate: everything leaves at once, or waits in the queue for the end of an outage."""

    __slots__ = ("_held", "_limit", "_pauses", "end")

    def __init__(self, limit: int, busy_until: float, pauses: Pauses | None) -> None:
        self._limit, self._pauses = limit, pauses
        self._held = 0
        self.end = busy_until

    def backlog(self, t: float) -> float:
        """Bytes that wait."""
        return float(self._held) if t < self.end else 0.0

    def room(self, t: float) -> float:
        """Any number of bytes, but in an outage."""
        return inf if self._leave(t) <= t else self._limit - self.backlog(t)

    def room_at(self, size: int, t: float) -> float:
        """Now, or when the outage ends."""
        return t if self.room(t) >= size else self._leave(t)

    def carry(self, size: int, t: float) -> tuple[float, float]:
        """Put bytes in: when they leave, twice."""
        leave = self._leave(t)
        if leave > t:
            self._held = size + (self._held if leave == self.end else 0)
        self.end = leave
        return leave, leave

    def _leave(self, t: float) -> float:
        t = max(t, self.end)
        return t if self._pauses is None else self._pauses.resume(t)


class ConstantRate:
    """Bytes leave one after another."""

    __slots__ = ("_bytes_per_s", "_from", "_limit", "end")

    def __init__(self, bytes_per_s: float, limit: int, busy_until: float) -> None:
        self._bytes_per_s, self._limit = bytes_per_s, limit
        self._from = self.end = busy_until

    def backlog(self, t: float) -> float:
        """Bytes that have not left; what has not yet been taken over from another hop is not counted."""
        return max(0.0, (self.end - max(t, self._from)) * self._bytes_per_s)

    def room(self, t: float) -> float:
        """Bytes that fit."""
        if t >= self.end:
            return self._limit + SLACK_BYTES
        return self._limit + SLACK_BYTES - (self.end - max(t, self._from)) * self._bytes_per_s

    def room_at(self, size: int, t: float) -> float:
        """When so much has left that `size` bytes fit; half the slack, so that they surely do."""
        at = self.end - (self._limit + SLACK_BYTES / 2 - size) / self._bytes_per_s
        return at if at > t else t

    def carry(self, size: int, t: float) -> tuple[float, float]:
        """Put bytes in: when the first and the last one leave."""
        start = t if t > self.end else self.end
        self.end = end = start + size / self._bytes_per_s
        return start, end


class InterruptedRate:
    """A constant rate that stands still in outages: ConstantRate on a clock that stands still in them."""

    __slots__ = ("_clock", "_from", "_rate", "end")

    def __init__(self, bytes_per_s: float, limit: int, busy_until: float, clock: Uptime) -> None:
        self._clock = clock
        self._from = self.end = busy_until
        self._rate = ConstantRate(bytes_per_s, limit, -inf)

    def backlog(self, t: float) -> float:
        """As ConstantRate."""
        return self._rate.backlog(self._up(t))

    def room(self, t: float) -> float:
        """As ConstantRate."""
        return self._rate.room(self._up(t))

    def room_at(self, size: int, t: float) -> float:
        """As ConstantRate, but never in an outage that begins before."""
        up = self._up(t)
        at = self._rate.room_at(size, up)
        return t if at <= up else self._clock.real(at)

    def carry(self, size: int, t: float) -> tuple[float, float]:
        """As ConstantRate; what would leave as an outage begins leaves at its end."""
        start, end = self._rate.carry(size, self._up(t))
        begin = max(t, self._clock.real(start))  # there and back, a time may lose its last digit
        self.end = max(begin, self._clock.real(end))
        return begin, self.end

    def _up(self, t: float) -> float:
        return self._clock.up(max(t, self._from))
