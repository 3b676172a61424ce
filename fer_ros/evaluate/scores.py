"""Counts of right and wrong predictions, and how scores follow the truth."""

import numpy as np
from numpy.typing import NDArray


def confusion(truth: NDArray[np.int64], predicted: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Counts of (true, predicted) pairs.

    Args:
        truth: (N,) int64, 0..classes-1.
        predicted: (N,) int64, as `truth`.
        classes: number of labels.

    Returns:
        (classes, classes) int64, a row per true label.
    """
    counts = np.bincount(truth * classes + predicted, minlength=classes**2)
    return counts.reshape(classes, classes).astype(np.int64)


def correlations(found: NDArray[np.float32], truth: NDArray[np.float32]) -> NDArray[np.float64]:
    """Pearson's correlation of every column; (N, C) both, (C,) out, NaN where a column does not vary."""
    a, b = (values - values.mean(axis=0) for values in (found.astype(np.float64), truth.astype(np.float64)))
    spread = np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
    return np.asarray((a * b).sum(axis=0) / np.where(spread > 0, spread, np.nan), np.float64)
