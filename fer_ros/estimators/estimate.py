"""What is published of one face in one image."""

from dataclasses import dataclass, field
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

NO_FACE = "no face"
TOO_SMALL = "face too small"
NO_BLENDSHAPES = "no blendshapes"
NO_CROP = "no crop"
UNSURE = "unsure"
NOT_A_NUMBER = "not a number"


@dataclass(frozen=True, eq=False)
class Estimate:
    """The apparent expression of one face, or the word that there was none.

    Attributes:
        stamp: acquisition time of the image, s.
        face_id: empty when the image held no face.
        box: (x0, y0, x1, y1) as fractions of the image's width and height; NaN without a face.
        labels: L names.
        probabilities: (L,) float32, calibrated, sum 1; empty when nothing could be estimated.
        prediction_set: the labels that hold the true one with probability `coverage`, likeliest first.
        abstained: do not act on the likeliest label; `reason` says why.
        valence, arousal: -1..1, NaN where not measured.
        face_size_px: longer side of the box, px; NaN without a face.
        rate_hz: at which this face is seen; NaN before its second image.
        frames: images of this face so far.
    """

    stamp: float
    model: str
    face_id: str = ""
    box: tuple[float, float, float, float] = (nan, nan, nan, nan)
    labels: tuple[str, ...] = ()
    probabilities: Floats = field(default_factory=lambda: np.empty(0, np.float32))
    prediction_set: tuple[str, ...] = ()
    coverage: float = nan
    abstained: bool = True
    reason: str = NO_FACE
    valence: float = nan
    arousal: float = nan
    face_size_px: float = nan
    rate_hz: float = nan
    frames: int = 0

    @property
    def label(self) -> str | None:
        """The likeliest label; None where nothing could be estimated."""
        return self.labels[int(self.probabilities.argmax())] if self.probabilities.size else None


def message_fields(estimate: Estimate) -> dict[str, Any]:
    """What EmotionEstimate.msg says of an estimate, by the names of its fields.

    Its sender adds the header, the source and the latency.
    """
    return {
        "face_id": estimate.face_id,
        "box": np.array(estimate.box, np.float32),
        "model": estimate.model,
        "labels": list(estimate.labels),
        "probabilities": np.asarray(estimate.probabilities, np.float32),
        "prediction_set": list(estimate.prediction_set),
        "coverage": estimate.coverage,
        "abstained": estimate.abstained,
        "reason": estimate.reason,
        "valence": estimate.valence,
        "arousal": estimate.arousal,
        "face_size_px": estimate.face_size_px,
        "rate_hz": estimate.rate_hz,
        "frames": estimate.frames,
    }
