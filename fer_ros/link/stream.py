"""A reliable stream over packets that may be lost: it costs time instead of messages."""

from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import inf, isnan

from fer_ros.link.delivery import Delivery
from fer_ros.link.profiles import Direction
from fer_ros.link.wire import Wire

LEAST_ROUND_TRIP_S = 0.01  # no stack repeats faster, however short the way


@dataclass(slots=True)
class _Transfer:
    """A message: how much of it was never sent, how many of its packets are not known to arrive."""

    delivery: Delivery
    sent_at: float
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
        self._clock = self._handed_out = -inf
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
        self._clock = self._handed_out = -inf

    def send(self, size_bytes: int, delivery: Delivery, t: float) -> None:
        """Take a message; its arrival is written into `delivery` when it is known."""
        self.advance(t)
        transfer = _Transfer(delivery, t, size_bytes)
        self._unsent.append(transfer)
        self._open.append(transfer)
        self.advance(t)

    def advance(self, t: float) -> None:
        """Do all that happens until `t`."""
        while self._unsent or self._retries:
            retry = self._retries[0] if self._retries and self._retries[0].at <= t else None
            fresh_at = self._fresh_at()
            if retry is not None and retry.at <= fresh_at:
                at = self._wire.hop.room_at(retry.size, max(self._clock, retry.at))
                if at > t:
                    break
                heappop(self._retries)
                self._put(retry.size, retry.transfer, at)
            elif fresh_at <= t:
                self._put_fresh(fresh_at)
            else:
                break
        self._clock = max(self._clock, t)

    def next_event(self) -> float | None:
        """s, before which no further arrival becomes known; None: all are."""
        if not self._open:
            return None
        if self._open[0].whole and self._retries[0].at > self._clock:
            return self._retries[0].at
        return self._wire.hop.end  # it waits for room: what the queue holds has to leave first

    def _fresh_at(self) -> float:
        """When the next packet that was never sent enters the queue."""
        if not self._unsent:
            return inf
        return self._wire.hop.room_at(min(self._mtu, self._unsent[0].unsent_bytes), self._clock)

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
        transfer.latest = max(transfer.latest, arrival)
        transfer.missing -= 1
        self._hand_out()

    def _hand_out(self) -> None:
        while self._open and self._open[0].whole and not self._open[0].missing:
            transfer = self._open.popleft()
            self._handed_out = max(self._handed_out, transfer.latest)
            transfer.delivery.at_s = self.origin + self._handed_out
