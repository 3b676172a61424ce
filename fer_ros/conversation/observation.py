"""What the conversation needs of one estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan

SUM_ERROR = 0.02  # by which probabilities that travelled as float32, or were printed, may miss 1


@dataclass(frozen=True, slots=True)
class Observation:
    """One estimate of one face in one image, whoever made it.

    Attributes:
        stamp: s, acquisition of the image.
        face_id: empty: the image held no face.
        labels: L names.
        probabilities: L numbers in 0..1; empty when nothing could be estimated.
        prediction_set: the labels that hold the true one; empty when the model gives no sets.
        abstained: whether the estimate says not to act on its most likely label.
        valence: -1..1; NaN: not measured.
        arousal: -1..1; NaN: not measured.
        face_size_px: px, longer side of the face; NaN: no face.

    Raises:
        ValueError: there are not as many probabilities as labels.
    """

    stamp: float
    face_id: str
    labels: Sequence[str] = ()
    probabilities: Sequence[float] = ()
    prediction_set: Sequence[str] = ()
    abstained: bool = False
    valence: float = nan
    arousal: float = nan
    face_size_px: float = nan

    def __post_init__(self) -> None:
        """Check that labels and probabilities belong together."""
        if len(self.probabilities) > 0 and len(self.labels) != len(self.probabilities):
            raise ValueError(f"{len(self.probabilities)} probabilities for {len(self.labels)} labels")

    @property
    def informative(self) -> bool:
        """Whether it claims something, and its probabilities are some."""
        if self.abstained or len(self.probabilities) == 0:
            return False
        total = sum(self.probabilities)
        return isfinite(total) and abs(total - 1.0) <= SUM_ERROR and min(self.probabilities) >= 0.0
