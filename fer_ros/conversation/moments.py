"""A measurement averaged over time together with how uncertain the average is."""

from collections.abc import Sequence
from functools import lru_cache
from math import exp, isnan, nan, sqrt
from operator import mul

from fer_ros.conversation.belief import weights
from fer_ros.emotions import VALENCE_AROUSAL

UNKNOWN_VARIANCE = 1.0 / 3.0  # of a number of which nothing but -1..1 is known
MIN_WEIGHT = 0.05  # a mean that rests on less is none
VALENCE, AROUSAL = 0, 1  # columns of VALENCE_AROUSAL


class ForgettingMean:
    """A mean whose weights fall to 1/e in `memory_s`, and its standard deviation."""

    def __init__(self, memory_s: float) -> None:
        self._memory_s = memory_s
        self._sum = 0.0
        self._square = 0.0
        self._weight = 0.0

    def add(self, value: float, square: float, dt_s: float) -> None:
        """Let `dt_s` pass, then take in the mean of a value and of its square; NaN only lets time pass."""
        kept, gain = weights(dt_s, self._memory_s)
        self._sum *= kept
        self._square *= kept
        self._weight *= kept
        if value == value:  # a number
            self._sum += gain * value
            self._square += gain * square
            self._weight += gain

    def after(self, unseen_s: float) -> tuple[float, float]:
        """(mean, standard deviation) when nothing has been seen for `unseen_s`; NaN: too little is known.

        The deviation holds what every value left open, how much they differed, and what fading
        weights no longer tell: it grows towards that of knowing nothing, 0.58.
        """
        weight = self._weight * exp(-unseen_s / self._memory_s) if unseen_s > 0.0 else self._weight
        if weight < MIN_WEIGHT:
            return nan, nan
        mean = self._sum / self._weight
        variance = max(0.0, self._square / self._weight - mean * mean)
        return mean, sqrt(weight * variance + (1.0 - weight) * UNKNOWN_VARIANCE)


def mean_square(labels: tuple[str, ...], probabilities: Sequence[float], column: int) -> float:
    """Mean square of valence or arousal under a distribution.

    Args:
        labels: L names of expressions.
        probabilities: L numbers, sum 1.
        column: VALENCE or AROUSAL.

    Returns:
        0..1; that of a number of which nothing is known where a label has no place in affect space.
    """
    squares = _squares(labels, column)
    return UNKNOWN_VARIANCE if squares is None else sum(map(mul, probabilities, squares))


@lru_cache(maxsize=32)
def _squares(labels: tuple[str, ...], column: int) -> tuple[float, ...] | None:
    places = [VALENCE_AROUSAL.get(label, (nan, nan))[column] for label in labels]
    return None if any(map(isnan, places)) else tuple(place * place for place in places)
