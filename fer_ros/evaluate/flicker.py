"""How restless a stream of labels is, and how late it shows a real change."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, nan

import numpy as np


@dataclass(frozen=True)
class Flicker:
    """Changes of the label shown.

    Attributes:
        changes: times that another label followed; a gap between two equal ones is no change.
        shown_s: time during which a label was shown, s.
    """

    changes: int
    shown_s: float

    @property
    def per_minute(self) -> float:
        """Changes per minute of a label shown, 1/min; NaN when none was shown for any time."""
        return 60 * self.changes / self.shown_s if self.shown_s > 0 else nan

    def __add__(self, other: "Flicker") -> "Flicker":
        return Flicker(self.changes + other.changes, self.shown_s + other.shown_s)


@dataclass(frozen=True)
class Delay:
    """How long known changes took to be shown.

    Attributes:
        each_s: a value for every change, s; inf where it was not shown before the next one.
    """

    each_s: tuple[float, ...]

    @property
    def missed(self) -> int:
        """Changes that were never shown."""
        return self.each_s.count(inf)

    def within(self, limit_s: float) -> int:
        """Changes that were shown no later than `limit_s`."""
        return sum(late_s <= limit_s for late_s in self.each_s)

    @property
    def median_s(self) -> float:
        """Median delay, s; a missed change counts as infinitely late. NaN without changes."""
        return self._quantile(0.5)

    @property
    def p95_s(self) -> float:
        """95th percentile, s; as `median_s`."""
        return self._quantile(0.95)

    def _quantile(self, share: float) -> float:
        # An observed value, never one between two: there is nothing halfway to infinity.
        return float(np.quantile(self.each_s, share, method="inverted_cdf")) if self.each_s else nan


def flicker(stamps: Sequence[float], labels: Sequence[str | None]) -> Flicker:
    """Count the changes of the label shown.

    Args:
        stamps: T times, s, ascending.
        labels: T labels; None where none was shown.

    Raises:
        ValueError: the two differ in length, or time goes backwards.
    """
    _check(stamps, labels)
    shown = [label for label in labels if label is not None]
    changes = sum(before != after for before, after in pairwise(shown))
    steps = zip(stamps, stamps[1:], labels, strict=False)
    return Flicker(changes, sum(end - begin for begin, end, label in steps if label is not None))


def delay(
    stamps: Sequence[float], labels: Sequence[str | None], changes: Sequence[tuple[float, str]]
) -> Delay:
    """Time from each known change of the true label until the new label is shown.

    A label that is shown already when the change comes has no delay.

    Args:
        stamps: T times, s, ascending.
        labels: T labels; None where none was shown.
        changes: (time in s, new label), ascending; an empty label ends the one before and is not waited for.

    Raises:
        ValueError: `stamps` and `labels` differ in length, or time goes backwards.
    """
    _check(stamps, labels)
    ends = [*(begin for begin, _ in changes[1:]), inf]
    stretches = [(begin, end, label) for (begin, label), end in zip(changes, ends, strict=False) if label]
    return Delay(tuple(_first_shown(stamps, labels, *stretch) - stretch[0] for stretch in stretches))


def _first_shown(
    stamps: Sequence[float], labels: Sequence[str | None], begin: float, end: float, label: str
) -> float:
    """When `label` is first shown between two times, s; inf where it is not."""
    last = max((i for i, stamp in enumerate(stamps) if stamp <= begin), default=None)
    if last is not None and labels[last] == label:
        return begin
    times = zip(stamps, labels, strict=True)
    return next((stamp for stamp, shown in times if begin <= stamp < end and shown == label), inf)


def _check(stamps: Sequence[float], labels: Sequence[str | None]) -> None:
    if len(stamps) != len(labels):
        raise ValueError(f"{len(stamps)} stamps and {len(labels)} labels: every label needs its time")
    if any(after < before for before, after in pairwise(stamps)):
        raise ValueError("stamps go backwards: sort the stream by time")
