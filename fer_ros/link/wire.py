"""What happens to packets: they pass the slowest hop, are lost or not, and arrive after a delay."""

from collections.abc import Callable, Iterator
from math import inf
from random import Random

from fer_ros.link.delays import Draw, delays
from fer_ros.link.hops import ConstantRate, Hop, InterruptedRate, Unlimited
from fer_ros.link.loss import losses
from fer_ros.link.outages import Interval, Pauses, Uptime
from fer_ros.link.profiles import Direction
from fer_ros.link.trace_hop import TraceRate


class Wire:
    """The hop, the losses and the delays of one direction; times are s on the direction's own clock.

    Attributes:
        hop: what packets queue for.
    """

    def __init__(self, direction: Direction, seed: int, outages_seed: int) -> None:
        # A sequence each: whether there is jitter does not change which packets are lost.
        self._lost_by = Random(f"{seed} loss")  # noqa: S311 - losses, not secrets
        self._late_by = Random(f"{seed} delay")  # noqa: S311
        self._outages_seed = outages_seed
        self._last_arrival = -inf
        self.begin(direction, 0.0, -inf)

    def begin(self, direction: Direction, t: float, busy_until: float) -> None:
        """Put figures in force at `t`; the new hop takes over when the old one has sent its queue."""
        self._direction, self._begin = direction, t
        self._delay_s = direction.delay_ms / 1000.0
        jitter_s, shape = direction.jitter_ms / 1000.0, direction.jitter_shape
        self._draw = delays(self._delay_s, jitter_s, shape, self._late_by)
        self._loss = losses(direction.loss, direction.bursts, self._lost_by)
        self.hop = self._hop(busy_until)

    def clear(self) -> None:
        """Forget what is queued and on its way; losses, trace and outages go on."""
        self.hop = self._hop(-inf)
        self._last_arrival = -inf

    def carry(self, size: int, packets: int, t: float) -> tuple[float, float, bool]:
        """Put bytes into the hop's queue, as packets of one MTU and a last one with the rest.

        Returns:
            s when the first byte leaves the hop; s when the last packet arrives, or would; whether one of
            them is lost.
        """
        draw = self._draw
        if draw is None:
            start, end = self.hop.carry(size, t)
            arrival = end + self._delay_s
        elif packets == 1:
            start, end = self.hop.carry(size, t)
            arrival = end + draw()
        else:
            start, arrival = self._carry_each(size, packets, t, draw)
        if self._loss is not None and self._loss.among(packets):
            return start, arrival, True
        if not self._direction.reorder:
            if arrival < self._last_arrival:
                arrival = self._last_arrival
            self._last_arrival = arrival
        return start, arrival, False

    def _carry_each(self, size: int, packets: int, t: float, draw: Draw) -> tuple[float, float]:
        """The same where each packet has a delay of its own: the last of them to arrive counts."""
        carry, mtu = self.hop.carry, self._direction.mtu
        start, end = carry(min(size, mtu), t)
        arrival = end + draw()
        for sent in range(mtu, mtu * packets, mtu):
            _, end = carry(min(size - sent, mtu), t)
            arrival = max(arrival, end + draw())
        return start, arrival

    def _hop(self, busy_until: float) -> Hop:
        d = self._direction
        if d.trace is not None:
            return TraceRate(d.trace, self._begin, d.queue_bytes, busy_until, self._pauses())
        if d.rate_kbps == inf:
            return Unlimited(d.queue_bytes, busy_until, self._pauses())
        bytes_per_s = d.rate_kbps * 1000.0 / 8.0
        if (outages := self._outages()) is None:
            return ConstantRate(bytes_per_s, d.queue_bytes, busy_until)
        return InterruptedRate(bytes_per_s, d.queue_bytes, busy_until, Uptime(outages))

    def _pauses(self) -> Pauses | None:
        outages = self._outages()
        return None if outages is None else Pauses(outages)

    def _outages(self) -> Callable[[float], Iterator[Interval]] | None:
        plan, begin, seed = self._direction.outages, self._begin, self._outages_seed
        if plan is None:
            return None
        return lambda since: ((begin + a, begin + b) for a, b in plan.intervals(seed, since - begin))
