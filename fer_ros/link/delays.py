"""Propagation delays: a mean, and how single packets deviate from it."""

from collections.abc import Callable
from math import sqrt
from random import Random

SHAPES = ("normal", "uniform", "pareto")

# A normal deviation beyond would only be an outlier of the emulator; cutting there takes 1.34 % from the
# standard deviation, which the draw makes up for.
CUT = 3.0
CUT_DEVIATION = 0.98658

# As netem's: the mean of the deviations still converges, and one in a thousand is beyond 9.8 of them.
PARETO_SHAPE = 3.0
PARETO_MEAN = PARETO_SHAPE / (PARETO_SHAPE - 1.0)
PARETO_DEVIATION = sqrt(PARETO_SHAPE / (PARETO_SHAPE - 2.0)) / (PARETO_SHAPE - 1.0)

Draw = Callable[[], float]


def delays(delay_s: float, jitter_s: float, shape: str, random: Random) -> Draw | None:
    """What draws the delay of each packet, in seconds; None where all have the same.

    `delay_s` is the mean and `jitter_s` the standard deviation, whatever the shape, as long as no delay
    would fall below 0: a normal one that would is drawn again, the others are cut there.

    Args:
        delay_s: s, mean.
        jitter_s: s, standard deviation.
        shape: one of SHAPES. A Pareto's shortest delay is delay_s - 0.58 jitter_s, its tail falls with
            the third power.
        random: where the numbers come from.
    """
    if jitter_s == 0.0:
        return None
    return {"normal": _normal, "uniform": _uniform, "pareto": _pareto}[shape](delay_s, jitter_s, random)


def _normal(delay_s: float, jitter_s: float, random: Random) -> Draw:
    gauss, spread = random.gauss, jitter_s / CUT_DEVIATION
    low, high = max(0.0, delay_s - CUT * spread), delay_s + CUT * spread

    def draw() -> float:
        while True:  # drawing again keeps the shape; cutting off would pile up at the limit
            value = gauss(delay_s, spread)
            if low <= value <= high:
                return value

    return draw


def _uniform(delay_s: float, jitter_s: float, random: Random) -> Draw:
    uniform, half = random.random, sqrt(3.0) * jitter_s
    low = max(0.0, delay_s - half)
    width = delay_s + half - low
    return lambda: low + width * uniform()


def _pareto(delay_s: float, jitter_s: float, random: Random) -> Draw:
    uniform, scale = random.random, jitter_s / PARETO_DEVIATION
    offset, power = delay_s - PARETO_MEAN * scale, -1.0 / PARETO_SHAPE
    return lambda: max(0.0, offset + scale * (1.0 - uniform()) ** power)
