"""One direction of a link with the messages on it."""

from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf, isnan, nan
from typing import Generic, TypeAlias, TypeVar

from fer_ros.link.delivery import Delivery
from fer_ros.link.model import LinkDirection
from fer_ros.link.stream import EARLY_S

T = TypeVar("T")

# When it arrives, in s; its place in the order of sending; payload; bytes; what becomes of it.
Message: TypeAlias = tuple[float, int, T, int, Delivery]


class Lane(Generic[T]):
    """Keeps messages, never copies them, until they are due, within a microsecond."""

    def __init__(self, direction: LinkDirection, arrived: Callable[[int, float], None]) -> None:
        """An empty lane; `arrived` hears the bytes of each message that is taken, and when it came, in s."""
        self.direction = direction
        self._arrived = arrived
        self._flight: list[Message[T]] = []  # a heap
        self._undecided: deque[Message[T]] = deque()  # a reliable direction decides in order
        self._order = count()

    def send(self, payload: T, size_bytes: int, now: float) -> Delivery:
        """Hand over a message; `at_s` of its delivery is NaN where it is lost, or not decided yet."""
        delivery = self.direction.send(size_bytes, now)
        if not delivery.reason:
            message = (delivery.at_s, next(self._order), payload, size_bytes, delivery)
            if isnan(delivery.at_s):
                self._undecided.append(message)
            else:
                heappush(self._flight, message)
        return delivery

    def due(self, now: float) -> list[T]:
        """Take what has arrived by `now`, in order of arrival."""
        if self._undecided:
            self.advance(now)
        flight, due = self._flight, []
        while flight and flight[0][0] <= now + EARLY_S:
            at_s, _, payload, size_bytes, _ = heappop(flight)
            self._arrived(size_bytes, at_s)
            due.append(payload)
        return due

    def advance(self, now: float) -> None:
        """Let everything happen that does until `now`."""
        self.direction.advance(now)
        while self._undecided and not isnan(at_s := self._undecided[0][4].at_s):
            heappush(self._flight, (at_s, *self._undecided.popleft()[1:]))

    def next_due(self) -> float | None:
        """When, in s, the next message arrives, or more becomes known; None: nothing is on its way."""
        event = self.direction.next_event() if self._undecided else None
        if self._flight and (event is None or self._flight[0][0] <= event):
            return self._flight[0][0]
        return event

    def lose(self, after: float = -inf) -> int:
        """Lose what has not arrived by `after`: how many messages, whose deliveries now say so."""
        lost = [message[4] for message in self._flight if message[0] > after + EARLY_S]
        lost += [message[4] for message in self._undecided]
        self._flight = [message for message in self._flight if message[0] <= after + EARLY_S]
        heapify(self._flight)
        self._undecided.clear()
        for delivery in lost:
            delivery.at_s, delivery.reason = nan, "cut"
        return len(lost)
