"""How often one stream of labels says what another one says at the same time."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

SLACK_S = 1e-6  # between two stamps of one image that went through different arithmetic


@dataclass(frozen=True)
class Agreement:
    """Images on which two streams were compared.

    Attributes:
        same: those with the same label.
        compared: those for which the reference had a label at that time.
    """

    same: int
    compared: int

    @property
    def share(self) -> float:
        """Share with the same label, 0..1; NaN when nothing could be compared."""
        return self.same / self.compared if self.compared else nan

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(self.same + other.same, self.compared + other.compared)


def agreement(
    stamps: Sequence[float],
    labels: Sequence[str | None],
    reference_stamps: Sequence[float],
    reference: Sequence[str | None],
) -> Agreement:
    """Compare a stream with a reference, each label with the reference's newest at that time.

    An image without a label disagrees with a reference that has one. Where the reference has none, it
    says nothing, and the image is not compared.

    Args:
        stamps: T times, s.
        labels: T labels; None where none was shown.
        reference_stamps: R times, s, ascending.
        reference: R labels, as `labels`.

    Raises:
        ValueError: times and labels differ in number.
    """
    for times, shown in ((stamps, labels), (reference_stamps, reference)):
        if len(times) != len(shown):
            raise ValueError(f"{len(times)} stamps and {len(shown)} labels: every label needs its time")
    pairs = [
        (label, _newest(reference_stamps, reference, stamp))
        for stamp, label in zip(stamps, labels, strict=True)
    ]
    known = [label == expected for label, expected in pairs if expected is not None]
    return Agreement(sum(known), len(known))


def _newest(stamps: Sequence[float], labels: Sequence[str | None], stamp: float) -> str | None:
    """The label at a time; None before the first."""
    place = bisect_right(stamps, stamp + SLACK_S)
    return labels[place - 1] if place else None
