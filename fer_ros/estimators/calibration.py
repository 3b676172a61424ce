"""Probabilities that mean what they say, and prediction sets that hold the truth as often as promised.

A temperature corrects over- or under-confidence (Guo et al. 2017). A threshold from split conformal
prediction (Sadinle et al. 2019, "least ambiguous set-valued classifiers") turns a distribution into a
set of labels. Both are fitted on data that the network has not learned from, and kept in the card.
"""

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

TEMPERATURES = (0.05, 20.0)  # a fit that ends at a bound means logits without information
GOLDEN = (5**0.5 - 1) / 2


def softmax(logits: NDArray[np.float32], temperature: float = 1.0) -> NDArray[np.float32]:
    """Distributions from logits.

    Args:
        logits: (..., L) float32.
        temperature: above 1 flattens, below 1 sharpens; the order of labels stays.

    Returns:
        (..., L) float32, summing to 1 along the last axis.
    """
    scaled = logits.astype(np.float64) / temperature
    weights = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float32] = (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)
    return probabilities


def negative_log_likelihood(
    logits: NDArray[np.float32], labels: NDArray[np.int64], temperature: float = 1.0
) -> float:
    """Mean surprise at the true labels, nats. `logits` (N, L), `labels` (N,)."""
    scaled = logits.astype(np.float64) / temperature
    shifted = scaled - scaled.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(labels)), labels]
    return float((np.log(np.exp(shifted).sum(axis=1)) - chosen).mean())


def fit_temperature(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """The temperature under which the true labels are least surprising.

    The likelihood has one optimum in the temperature's inverse, so a golden-section search finds it.

    Args:
        logits: (N, L) float32.
        labels: (N,) int64, 0..L-1.

    Raises:
        ValueError: there are no labels.
    """
    _require_some(labels)
    low, high = (float(np.log(t)) for t in TEMPERATURES)
    while high - low > 1e-4:
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        better_left = negative_log_likelihood(logits, labels, float(np.exp(left))) < negative_log_likelihood(
            logits, labels, float(np.exp(right))
        )
        low, high = (low, right) if better_left else (left, high)
    return float(np.exp((low + high) / 2))


def conformal_threshold(
    probabilities: NDArray[np.float32], labels: NDArray[np.int64], coverage: float = 0.9
) -> float:
    """The least probability a label needs to be in a prediction set.

    With it, sets on new data from the same source hold the true label with at least this probability,
    whatever the network: the finite-sample correction (N + 1) is included.

    Args:
        probabilities: (N, L) float32, calibrated, of data not learned from.
        labels: (N,) int64.
        coverage: wanted share of sets that hold the truth, within 0..1, both excluded.

    Returns:
        0..1; 0 (every label is in) where N is too small for this coverage.

    Raises:
        ValueError: there are no labels, or the coverage is out of bounds.
    """
    _require_some(labels)
    if not 0 < coverage < 1:
        raise ValueError(f"coverage is {coverage}; it takes a share above 0 and below 1")
    true = np.sort(probabilities[np.arange(len(labels)), labels])[::-1]
    rank = ceil((len(labels) + 1) * coverage)
    return float(true[rank - 1]) if rank <= len(labels) else 0.0


def in_set(probabilities: NDArray[np.float32], threshold: float | NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which labels are in the prediction sets; the most likely one always is.

    Args:
        probabilities: (..., L) float32.
        threshold: one for all, or one a row, (..., 1) float32.

    Returns:
        (..., L) bool.
    """
    top = probabilities >= probabilities.max(axis=-1, keepdims=True)
    return np.asarray((probabilities >= threshold) | top, np.bool_)


def set_labels(
    probabilities: NDArray[np.float32], inside: NDArray[np.bool_], labels: Sequence[str]
) -> tuple[str, ...]:
    """A prediction set by name, most likely first.

    Args:
        probabilities: (L,) float32.
        inside: (L,) bool, the labels in the set.
        labels: L names.
    """
    order = np.argsort(-probabilities, kind="stable")
    return tuple(labels[i] for i in order if inside[i])


def _require_some(labels: NDArray[np.int64]) -> None:
    if len(labels) == 0:
        raise ValueError("no labels: calibration needs at least one")
