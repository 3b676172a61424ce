"""Reliability: how often a model is right when it says that it is this sure.

The bins are those of the expected calibration error (Guo et al. 2017, "On calibration of modern neural
networks"): equal steps of confidence from 0 to 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15


@dataclass(frozen=True, eq=False)
class Reliability:
    """Answers, binned by their confidence.

    Attributes:
        confidence: (B,) float64, mean confidence of a bin's answers; NaN in an empty bin.
        accuracy: (B,) float64, share of them that are right; NaN in an empty bin.
        count: (B,) int64, answers in the bin.
    """

    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    count: NDArray[np.int64]

    @property
    def ece(self) -> float:
        """Expected calibration error: the mean gap between confidence and accuracy, 0..1."""
        filled = self.count > 0
        gaps = np.abs(self.confidence[filled] - self.accuracy[filled])
        return float((gaps * self.count[filled]).sum() / self.count.sum())


def reliability(
    truth: NDArray[np.int64], probabilities: NDArray[np.float32], bins: int = BINS
) -> Reliability:
    """Bin answers by the probability of their likeliest label.

    Args:
        truth: (N,) int64, 0..L-1.
        probabilities: (N, L) float32.
        bins: equal steps of confidence from 0 to 1.

    Raises:
        ValueError: there are no answers.
    """
    if len(truth) == 0:
        raise ValueError("no answers: a reliability diagram needs at least one")
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = (probabilities.argmax(axis=1) == truth).astype(np.float64)
    bin_of = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    count = np.bincount(bin_of, minlength=bins)
    return Reliability(_means(bin_of, confidence, count), _means(bin_of, right, count), count)


def _means(
    bin_of: NDArray[np.int64], values: NDArray[np.float64], count: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(B,) float64, the mean of each bin's values; NaN where it has none."""
    sums = np.bincount(bin_of, weights=values, minlength=len(count))
    means: NDArray[np.float64] = np.divide(sums, count, out=np.full(len(count), np.nan), where=count > 0)
    return means
