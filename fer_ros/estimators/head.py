"""One output of a network, calibrated: a label space, and what its logits are worth at each face size."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fer_ros.estimators.calibration import in_set, softmax

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Band:
    """Calibration for faces of at least `from_px`, up to the next band."""

    from_px: float
    temperature: float
    threshold: float  # least probability of a label in a prediction set


@dataclass(frozen=True)
class Head:
    """A label space and its calibration.

    Attributes:
        labels: L names.
        coverage: share of prediction sets that hold the truth.
        bands: by rising face size, the first from 0.
    """

    labels: tuple[str, ...]
    coverage: float
    bands: tuple[Band, ...]

    def probabilities(self, logits: Floats, face_px: Floats | None = None) -> Floats:
        """Calibrated distributions.

        Args:
            logits: (N, L) float32.
            face_px: (N,) float32, longer side of each face as it was seen; None or NaN for large ones.

        Returns:
            (N, L) float32, summing to 1 along the last axis.
        """
        temperatures = np.array([band.temperature for band in self.bands], np.float32)
        return softmax(logits / temperatures[self._rows(len(logits), face_px)][:, None])

    def sets(self, probabilities: Floats, face_px: Floats | None = None) -> NDArray[np.bool_]:
        """Which labels are in the prediction sets; (N, L) both, `face_px` as in `probabilities`."""
        thresholds = np.array([band.threshold for band in self.bands], np.float32)
        return in_set(probabilities, thresholds[self._rows(len(probabilities), face_px)][:, None])

    def _rows(self, count: int, face_px: Floats | None) -> NDArray[np.int64]:
        """Index of the band of each face; an unknown size is a large one."""
        sizes = np.full(count, np.inf) if face_px is None else np.nan_to_num(face_px, nan=np.inf)
        starts = np.array([band.from_px for band in self.bands])
        return np.asarray(np.searchsorted(starts, sizes, side="right") - 1, np.int64).clip(0)
