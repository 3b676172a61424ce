"""Figures of hard predictions: accuracy, recall, F1."""

from collections.abc import Sequence

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


def accuracy(counts: NDArray[np.int64]) -> float:
    """Share of right predictions; `counts` as `confusion` gives it."""
    return float(np.trace(counts) / counts.sum())


def recalls(counts: NDArray[np.int64], labels: Sequence[str]) -> dict[str, float]:
    """Label → share of its images that were recognised; labels without images are left out."""
    total = counts.sum(axis=1)
    return {label: float(counts[i, i] / total[i]) for i, label in enumerate(labels) if total[i]}


def macro_f1(counts: NDArray[np.int64]) -> float:
    """Mean F1 over the labels that occur in the truth or the predictions."""
    seen = counts.sum(axis=0) + counts.sum(axis=1)
    f1 = 2 * np.diag(counts) / np.maximum(seen, 1)
    return float(f1[seen > 0].mean())


def correlations(found: NDArray[np.float32], truth: NDArray[np.float32]) -> NDArray[np.float64]:
    """Pearson's correlation of every column; (N, C) both, (C,) out, NaN where a column does not vary."""
    a, b = (values - values.mean(axis=0) for values in (found.astype(np.float64), truth.astype(np.float64)))
    spread = np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
    return np.asarray((a * b).sum(axis=0) / np.where(spread > 0, spread, np.nan), np.float64)
