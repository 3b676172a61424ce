"""One direction of a network, emulated: sizes and times in, arrival times or losses out."""

from math import inf, nan, ulp

from fer_ros.errors import ParameterError
from fer_ros.link.delivery import Delivery
from fer_ros.link.profiles import Direction
from fer_ros.link.stream import Stream
from fer_ros.link.wire import Wire


class LinkDirection:
    """Messages in packets of one MTU: a drop-tail queue of bytes, a rate, outages, delay, jitter and loss.

    The queue takes packet by packet. A message is lost with any of its packets, with the probability
    1 - (1 - p)^n for n packets that are lost independently; those that entered the queue take their
    share of the rate all the same. A reliable direction sends lost packets again instead (see Stream).

    Trace and outages begin with the first message, or when a change puts them in force. The same seed
    and the same calls give the same deliveries.
    """

    def __init__(self, direction: Direction, seed: int, outages_seed: int | None = None) -> None:
        """A direction without messages.

        Args:
            direction: its figures.
            seed: of jitter and loss.
            outages_seed: of random outages; None: `seed`. Directions that share it, and the figures of
                their outages, are down at the same times.
        """
        _check(direction)
        self._direction = direction
        self._wire = Wire(direction, seed, seed if outages_seed is None else outages_seed)
        self._stream = Stream(self._wire)
        self._stream.change(direction)
        self._begun = False
        self._origin = 0.0  # s
        self._now = self._t = 0.0  # s, latest call: the caller's time, and since the origin
        self._cut = False

    @property
    def direction(self) -> Direction:
        """What is in force."""
        return self._direction

    def begin(self, now: float) -> None:
        """Let trace and outages begin, where no message has yet."""
        if not self._begun:
            self._begun = True
            self._origin = self._stream.origin = self._now = now
            self._t = 0.0
            self._wire.begin(self._direction, 0.0, -inf)

    def change(self, direction: Direction, now: float | None = None) -> None:
        """Put other figures in force at `now` (None: the time of the latest call).

        What is queued or on its way keeps its times; what comes later waits until the queue has left.
        """
        _check(direction)
        if now is not None:
            self.advance(now)
        self._direction = direction
        self._stream.change(direction)
        if self._begun:
            queue_ends = self._wire.hop.end
            self._wire.begin(direction, self._t, queue_ends if queue_ends > self._t else -inf)

    def set_cut(self, cut: bool) -> None:
        """Carry nothing (True) or carry again; the queue is lost when a cut begins."""
        self._cut = cut
        self._stream.clear()
        self._wire.clear()

    def restart(self) -> None:
        """Forget what is queued, and when the link began; the random sequences go on."""
        self._stream.clear()
        self._wire.clear()
        self._begun = False

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
        if not self._begun:
            self.begin(now)
        if self._cut:
            return Delivery(nan, nan, "cut")
        t = self._since(now)
        if self._direction.reliable:
            delivery = Delivery(nan, nan)
            self._stream.send(size_bytes, delivery, t, now)
            return delivery
        if not self._stream.idle:  # since a change, messages are no longer repeated: they share the hop
            self._stream.advance(t)
        room = self._wire.hop.room(t)
        if size_bytes > room:
            return self._send_some(size_bytes, room, t)
        start, arrival, lost = self._wire.carry(size_bytes, -(-size_bytes // self._direction.mtu) or 1, t)
        if lost:
            return Delivery(nan, start - t, "loss")
        return Delivery(max(now, self._origin + arrival), start - t)

    def advance(self, now: float) -> None:
        """Let everything happen that does until `now`: deliveries of a reliable direction become known."""
        if self._begun:
            self._stream.advance(self._since(now))

    def next_event(self) -> float | None:
        """Before when, in s, `advance` makes no further delivery known; None: there is none to wait for."""
        event = self._stream.next_event()
        return None if event is None else self._origin + event

    def backlog_bytes(self, now: float) -> float:
        """Bytes that have not yet passed the slowest hop."""
        return self._wire.hop.backlog(self._since(now)) if self._begun else 0.0

    def _since(self, now: float) -> float:
        """Seconds since the first message.

        A date is known to a quarter of a microsecond: what may be a whole microsecond is one, so that
        dates give what times that begin at 0 do, also where a packet meets the end of an outage.
        """
        if now != self._now:
            self._now, self._t = now, now - self._origin
            if self._t < inf:
                whole = int(self._t * 1e6 + 0.5) / 1e6
                if abs(whole - self._t) <= 2.0 * ulp(now):
                    self._t = whole
        return self._t

    def _send_some(self, size_bytes: int, room: float, t: float) -> Delivery:
        """A message for which the queue has too little room: the packets that fit go all the same."""
        mtu = self._direction.mtu
        packets = min(size_bytes // mtu, int(max(room, 0.0) // mtu))
        entered, last = packets * mtu, size_bytes % mtu
        if 0 < last <= room - entered:  # a short last packet may fit where a whole one does not
            entered, packets = entered + last, packets + 1
        if not packets:
            return Delivery(nan, nan, "queue full")
        start, _, _ = self._wire.carry(entered, packets, t)
        return Delivery(nan, start - t, "queue full")


def _check(direction: Direction) -> None:
    if problem := direction.problem():
        raise ParameterError(f"the direction {problem}")
