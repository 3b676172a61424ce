"""Which packets are lost: each on its own, or in bursts."""

from dataclasses import dataclass
from math import inf, log, log1p
from random import Random
from typing import Protocol

from fer_ros.params import param


@dataclass(frozen=True)
class GilbertElliott:
    """Losses in bursts: a channel that is good or bad, as netem's `loss gemodel p r 1-h 1-k` has it.

    Each packet is lost with the probability of the state it meets; then the state may change. Hence,
    with b = p / (p + r), the share of packets that meet the bad state:

    - stationary loss: b * loss_bad + (1 - b) * loss_good;
    - mean run of lost packets: stationary loss / P(a lost packet is followed by one that arrives). With
      loss_bad 1 and loss_good 0 (Gilbert's channel) it is 1 / r.

    Gilbert (1960), Elliott (1963), "Bell System Technical Journal".
    """

    p: float = param(0.0, "probability, at each packet, that a good channel turns bad", low=0.0, high=1.0)
    r: float = param(1.0, "probability, at each packet, that a bad channel turns good", low=1e-6, high=1.0)
    loss_bad: float = param(
        1.0, "probability that a packet is lost in the bad state, netem's 1-h", low=0.0, high=1.0
    )
    loss_good: float = param(
        0.0, "probability that a packet is lost in the good state, netem's 1-k", low=0.0, high=1.0
    )

    @property
    def share_bad(self) -> float:
        """0..1, share of packets that meet the bad state."""
        return self.p / (self.p + self.r)

    @property
    def loss(self) -> float:
        """0..1, share of packets that are lost."""
        return self.share_bad * self.loss_bad + (1.0 - self.share_bad) * self.loss_good

    @property
    def mean_burst(self) -> float:
        """Mean length of a run of lost packets; infinite where every packet is lost."""
        arrives_after_bad = self.r * (1.0 - self.loss_good) + (1.0 - self.r) * (1.0 - self.loss_bad)
        arrives_after_good = self.p * (1.0 - self.loss_bad) + (1.0 - self.p) * (1.0 - self.loss_good)
        ends = (
            self.share_bad * self.loss_bad * arrives_after_bad
            + (1.0 - self.share_bad) * self.loss_good * arrives_after_good
        )
        return self.loss / ends if ends else inf


class Loss(Protocol):
    """A process that decides about one packet after another."""

    def among(self, packets: int) -> bool:
        """Whether one of the next `packets` packets is lost."""


def losses(loss: float, bursts: GilbertElliott | None, random: Random) -> Loss | None:
    """The process with an independent loss and, on top of it, bursts; None where nothing is lost."""
    if bursts is None:
        return Independent(loss, random) if loss else None
    both = GilbertElliott(bursts.p, bursts.r, _either(loss, bursts.loss_bad), _either(loss, bursts.loss_good))
    return Bursty(both, random) if both.loss else None


class Independent:
    """Every packet is lost with the same probability, whatever became of the others.

    Drawn is how many pass until the next one is lost (a geometric number), so a packet that passes
    costs no random number.
    """

    __slots__ = ("_gap", "_passing")

    def __init__(self, loss: float, random: Random) -> None:
        self._gap = Geometric(loss, random)
        self._passing = self._gap.draw()

    def among(self, packets: int) -> bool:
        """Whether one of the next `packets` packets is lost."""
        if self._passing >= packets:
            self._passing -= packets
            return False
        while self._passing < packets:
            packets -= self._passing + 1
            self._passing = self._gap.draw()
        self._passing -= packets
        return True


class Bursty:
    """The channel of GilbertElliott; it begins in its stationary state."""

    __slots__ = ("_bad", "_chances", "_left", "_random", "_stays")

    def __init__(self, model: GilbertElliott, random: Random) -> None:
        self._random = random
        self._bad = random.random() < model.share_bad
        self._stays = (Geometric(model.p, random), Geometric(model.r, random))
        self._chances = (model.loss_good, model.loss_bad)
        self._left = 1 + self._stays[self._bad].draw()  # packets until the state changes

    def among(self, packets: int) -> bool:
        """Whether one of the next `packets` packets is lost."""
        lost = False
        while packets:
            if not self._left:
                self._bad = not self._bad
                self._left = 1 + self._stays[self._bad].draw()
            met = min(packets, self._left)
            lost |= self._any(self._chances[self._bad], met)
            packets -= met
            self._left -= met
        return lost

    def _any(self, chance: float, packets: int) -> bool:
        if chance in (0.0, 1.0):
            return chance == 1.0
        return self._random.random() < 1.0 - (1.0 - chance) ** packets


class Geometric:
    """How often something does not happen before it does, at a probability each time."""

    __slots__ = ("_log", "_random")

    NEVER = 1 << 62

    def __init__(self, probability: float, random: Random) -> None:
        self._random = random
        self._log = log1p(-probability) if probability < 1.0 else -inf

    def draw(self) -> int:
        """The next number."""
        if not self._log:
            return self.NEVER
        return int(min(log(1.0 - self._random.random()) / self._log, self.NEVER))


def _either(one: float, other: float) -> float:
    return 1.0 - (1.0 - one) * (1.0 - other)
