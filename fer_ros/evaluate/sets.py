"""Prediction sets: how often they hold the true label, and how large they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SetFigures:
    """Figures of some prediction sets.

    Attributes:
        n: number of sets.
        coverage: share that holds the true label.
        mean_size: mean number of labels.
    """

    n: int
    coverage: float
    mean_size: float


def set_figures(truth: NDArray[np.int64], sets: NDArray[np.bool_]) -> SetFigures:
    """Coverage and size of prediction sets.

    Args:
        truth: (N,) int64, 0..L-1.
        sets: (N, L) bool, which labels are in; an empty set holds nothing.

    Raises:
        ValueError: there are no sets.
    """
    if len(truth) == 0:
        raise ValueError("no prediction sets: coverage needs at least one")
    held = sets[np.arange(len(truth)), truth]
    return SetFigures(len(truth), float(held.mean()), float(sets.sum(axis=1).mean()))


def by_class(
    truth: NDArray[np.int64], sets: NDArray[np.bool_], labels: Sequence[str]
) -> dict[str, SetFigures]:
    """Label → figures of the sets of its cases; labels without cases are left out.

    Args:
        truth: (N,) int64, 0..L-1.
        sets: (N, L) bool.
        labels: L names.
    """
    groups = {label: truth == index for index, label in enumerate(labels)}
    return {label: set_figures(truth[own], sets[own]) for label, own in groups.items() if own.any()}


def by_band(
    truth: NDArray[np.int64],
    sets: NDArray[np.bool_],
    sizes_px: NDArray[np.float64],
    edges_px: Sequence[float],
) -> dict[float, SetFigures]:
    """Smallest face size of a band → figures of its sets; bands without cases are left out.

    Args:
        truth: (N,) int64, 0..L-1.
        sets: (N, L) bool.
        sizes_px: (N,) float64, of the faces.
        edges_px: the bands' smallest sizes, ascending; smaller faces belong to the first band.
    """
    bands = band_of(sizes_px, edges_px)
    return {
        edge: set_figures(truth[bands == index], sets[bands == index])
        for index, edge in enumerate(edges_px)
        if (bands == index).any()
    }


def band_of(sizes_px: NDArray[np.float64], edges_px: Sequence[float]) -> NDArray[np.int64]:
    """(N,) int64, the band of each face: the last whose edge its size reaches, else the first.

    Raises:
        ValueError: there are no edges, or they do not ascend.
    """
    edges = np.asarray(edges_px, np.float64)
    if len(edges) == 0 or (np.diff(edges) <= 0).any():
        raise ValueError(f"edges_px {list(edges_px)} must ascend, and hold at least one")
    return np.maximum(np.searchsorted(edges, sizes_px, side="right") - 1, 0)
