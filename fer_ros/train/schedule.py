"""Learning rates over a run, as a factor of the recipe's rate."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trapezoid:
    """Up from 0, flat, then linearly down to 0.

    Attributes:
        warm_up: share of the run in which the rate rises.
        cool_down: share in which it falls; flat before, so the number of epochs may change on resume.
    """

    warm_up: float = 0.05
    cool_down: float = 0.4

    def factor(self, epoch: float, epochs: int) -> float:
        """At a point of the run, in epochs."""
        done = epoch / epochs
        rise = done / self.warm_up if self.warm_up > 0 else 1.0
        return min(1.0, rise, (1 - done) / self.cool_down)


@dataclass(frozen=True)
class Steps:
    """A factor from an epoch on (Lee: 0.1, 0.01, 0.001, 0.0005 from epochs 81, 121, 161, 181).

    Attributes:
        at: epochs, counted from 1, rising.
        factors: as many.
        of: length of the run that `at` is meant for, epochs; a shorter one takes its steps sooner.
            0: they are taken when they are, however long the run.
    """

    at: tuple[int, ...]
    factors: tuple[float, ...]
    of: int = 0

    def factor(self, epoch: float, epochs: int) -> float:
        """At a point of the run, in epochs."""
        meant = epoch * self.of / epochs if self.of else epoch
        passed = [factor for at, factor in zip(self.at, self.factors, strict=True) if meant + 1 >= at]
        return passed[-1] if passed else 1.0


@dataclass(frozen=True)
class Decay:
    """1 / (1 + rate * epoch), as SGD with decay (Jain)."""

    rate: float

    def factor(self, epoch: float, _epochs: int) -> float:
        """At a point of the run, in epochs."""
        return 1.0 / (1.0 + self.rate * epoch)


Schedule = Trapezoid | Steps | Decay
SCHEDULES: dict[str, type[Schedule]] = {"trapezoid": Trapezoid, "steps": Steps, "decay": Decay}
