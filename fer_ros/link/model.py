"""One direction of a network, emulated: sizes and times in, arrival times or losses out."""

from collections import deque
from dataclasses import dataclass
from math import ceil, inf, nan
from random import Random

from fer_ros.link.profiles import Direction

JITTER_CUT = 3.0  # standard deviations: beyond, a normal delay would only be an outlier of the emulator


@dataclass(frozen=True, slots=True)
class Delivery:
    """What becomes of one message.

    Attributes:
        at_s: s, when its last byte arrives; NaN: never.
        queue_delay_s: s, wait before its first byte was sent; NaN: it never entered the queue.
        reason: why it is lost ("queue full", "loss" or "cut"); empty: it arrives.
    """

    at_s: float
    queue_delay_s: float
    reason: str = ""

    @property
    def lost(self) -> bool:
        """Whether it never arrives."""
        return bool(self.reason)


class LinkDirection:
    """A drop-tail queue of bytes, a constant rate, a delay with jitter, and independent loss.

    The queue takes a message whole or not at all, as the socket of a datagram does. A message of n
    packets is lost with probability 1 - (1 - p)^n, and takes its share of the rate all the same.
    The same seed and the same calls give the same deliveries.
    """

    def __init__(self, direction: Direction, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - losses, not secrets
        self._queue: deque[tuple[float, float, int]] = deque()  # start s, end s, bytes
        self._queued_bytes = 0
        self._free_at = -inf
        self._last_arrival = -inf
        self._cut = False
        self.change(direction)

    @property
    def direction(self) -> Direction:
        """What is in force."""
        return self._direction

    def change(self, direction: Direction) -> None:
        """Put other figures in force; what is queued or on its way keeps its times."""
        self._direction = direction
        self._bytes_per_s = direction.rate_kbps * 1000 / 8

    def set_cut(self, cut: bool) -> None:
        """Carry nothing (True) or carry again; the queue is lost when a cut begins."""
        self._cut = cut
        self.clear()

    def clear(self) -> None:
        """Forget what is queued; the random sequence goes on."""
        self._queue.clear()
        self._queued_bytes = 0
        self._free_at = self._last_arrival = -inf

    def send(self, size_bytes: int, now: float) -> Delivery:
        """Hand one message to the network.

        Args:
            size_bytes: its size; 0 counts as one packet without bytes.
            now: s, not earlier than in the call before.

        Raises:
            ValueError: the size is negative.
        """
        if size_bytes < 0:
            raise ValueError(f"size_bytes is {size_bytes}; a message has 0 bytes or more")
        if self._cut:
            return Delivery(nan, nan, "cut")
        if not self._fits(size_bytes, now):
            return Delivery(nan, nan, "queue full")
        start = max(now, self._free_at)
        self._enqueue(size_bytes, start)
        if self._random.random() < self._message_loss(size_bytes):
            return Delivery(nan, start - now, "loss")
        return Delivery(self._arrival(self._free_at), start - now)

    def backlog_bytes(self, now: float) -> float:
        """Bytes that have not yet passed the slowest hop."""
        while self._queue and self._queue[0][1] <= now:
            self._queued_bytes -= self._queue.popleft()[2]
        if not self._queue:
            return 0.0
        start, end, size = self._queue[0]
        passed = max(0.0, now - start) / (end - start)
        return self._queued_bytes - passed * size

    def _fits(self, size_bytes: int, now: float) -> bool:
        return self._bytes_per_s == inf or self.backlog_bytes(now) + size_bytes <= self._direction.queue_bytes

    def _enqueue(self, size_bytes: int, start: float) -> None:
        self._free_at = start + size_bytes / self._bytes_per_s
        if self._free_at > start:
            self._queue.append((start, self._free_at, size_bytes))
            self._queued_bytes += size_bytes

    def _message_loss(self, size_bytes: int) -> float:
        packets = max(1, ceil(size_bytes / self._direction.mtu))
        return 1.0 - (1.0 - self._direction.loss) ** packets

    def _arrival(self, sent_at: float) -> float:
        arrival = sent_at + self._delay_s()
        if not self._direction.reorder:
            arrival = self._last_arrival = max(arrival, self._last_arrival)
        return arrival

    def _delay_s(self) -> float:
        delay, jitter = self._direction.delay_ms / 1000, self._direction.jitter_ms / 1000
        if jitter == 0.0:
            return delay
        while True:  # a normal that is cut by drawing again keeps its shape; clipping would pile up
            deviation = self._random.gauss(0.0, jitter)
            if abs(deviation) <= JITTER_CUT * jitter and delay + deviation >= 0.0:
                return delay + deviation
