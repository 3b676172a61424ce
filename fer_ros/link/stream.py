"""A reliable stream over packets that may be lost: it costs time instead of messages."""

from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import inf, isnan

from fer_ros.link.delivery import Delivery
from fer_ros.link.profiles import Direction
from fer_ros.link.wire import Wire

# Dates are known to a quarter of a microsecond: who waits for an event has to find it at its time all the
# same, and nobody a whole microsecond before.
EARLY_S = 0.8e-6

LEAST_ROUND_TRIP_S = 0.01  # no stack repeats faster, however short the way


@dataclass(slots=True)
class _Transfer:
    """A message: how much of it was never sent, how many of its packets are not known to arrive."""

    delivery: Delivery
    sent_at: float  # s on the wire's clock
    sent_now: float  # s on the caller's
    unsent_bytes: int
    whole: bool = False
    missing: int = 0
    latest: float = -inf


@dataclass(order=True, slots=True)
class _Retry:
    at: float
    order: int
    size: int = field(compare=False)
    transfer: _Transfer = field(compare=False)


class Stream:
    """Messages over one direction, as TCP would bring them.

    A packet that is lost is sent again one round trip (twice the delay, at least LEAST_ROUND_TRIP_S)
    after it would have arrived, through the same queue and rate, until it arrives. A packet that the
    full queue would drop is held back by the sender until there is room; what is sent again goes first.
    Messages are handed out in the order in which they were sent: one that waits for a packet holds up
    those behind it.

    Everything happens at times of its own: how often `advance` is called changes nothing.

    Attributes:
        origin: s, the caller's time at which the wire's clock shows 0.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._unsent: deque[_Transfer] = deque()
        self._retries: list[_Retry] = []
        self._open: deque[_Transfer] = deque()  # in the order of sending; the first holds up the others
        self._order = count()
        self._clock = self._seen = self._handed_out = -inf
        self.origin = 0.0

    @property
    def idle(self) -> bool:
        """Whether every message's arrival is known."""
        return not self._open

    def change(self, direction: Direction) -> None:
        """Put other figures in force for what is sent from now on, for the first time or again."""
        self._mtu = direction.mtu
        self._round_trip_s = max(2.0 * direction.delay_ms / 1000.0, LEAST_ROUND_TRIP_S)

    def clear(self) -> None:
        """Forget every message."""
        self._unsent.clear()
        self._retries.clear()
        self._open.clear()
        self._clock = self._seen = self._handed_out = -inf

    def send(self, size_bytes: int, delivery: Delivery, t: float, now: float) -> None:
        """Take a message at `t`, which its sender calls `now`; its arrival is written into `delivery`."""
        self.advance(t)
        if t > self._clock:
            self._clock = t
        transfer = _Transfer(delivery, t, now, size_bytes)
        self._unsent.append(transfer)
        self._open.append(transfer)
        self._work(t + EARLY_S)

    def advance(self, t: float) -> None:
        """Do all that happens until `t`."""
        self._seen = t + EARLY_S
        if self._unsent or self._retries:
            self._work(self._seen)

    def _work(self, t: float) -> None:
        """Put packets into the queue as long as there is one to put until `t`, and room for it."""
        room_at = self._wire.hop.room_at
        while True:
            fresh_at = inf
            if self._unsent:
                fresh_at = room_at(min(self._mtu, self._unsent[0].unsent_bytes), self._clock)
            retry = self._retries[0] if self._retries else None
            if retry is not None and retry.at <= t and retry.at <= fresh_at:
                at = room_at(retry.size, max(self._clock, retry.at))
                if at > t:
                    return
                heappop(self._retries)
                self._put(retry.size, retry.transfer, at)
            elif fresh_at <= t:
                self._put_fresh(fresh_at)
            else:
                return

    def next_event(self) -> float | None:
        """s, before which no further arrival becomes known; None: all are."""
        if not self._open:
            return None
        if self._open[0].whole and self._retries[0].at > self._seen:
            return self._retries[0].at
        return self._wire.hop.end  # it waits for room: what the queue holds has to leave first

    def _put_fresh(self, at: float) -> None:
        transfer = self._unsent[0]
        size = min(self._mtu, transfer.unsent_bytes)
        transfer.unsent_bytes -= size
        transfer.missing += 1
        if not transfer.unsent_bytes:
            transfer.whole = True
            self._unsent.popleft()
        self._put(size, transfer, at)

    def _put(self, size: int, transfer: _Transfer, at: float) -> None:
        self._clock = at
        start, arrival, lost = self._wire.carry(size, 1, at)
        if isnan(transfer.delivery.queue_delay_s):
            transfer.delivery.queue_delay_s = start - transfer.sent_at
        if lost:
            again = arrival + self._round_trip_s
            heappush(self._retries, _Retry(again, next(self._order), size, transfer))
            return
        if arrival > transfer.latest:
            transfer.latest = arrival
        transfer.missing -= 1
        if transfer is self._open[0]:
            self._hand_out()

    def _hand_out(self) -> None:
        while self._open and self._open[0].whole and not self._open[0].missing:
            transfer = self._open.popleft()
            self._handed_out = max(self._handed_out, transfer.latest)
            transfer.delivery.at_s = max(transfer.sent_now, self.origin + self._handed_out)
