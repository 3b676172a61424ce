"""What models show while a clip is played: with their memory, and frame by frame without it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import ModelError
from fer_ros.estimators.estimate import Estimate
from fer_ros.faces.face import Face, Image8, longer_side
from fer_ros.faces.tracker import FaceTracker

APART_S = 1000.0  # further than any memory: nothing is carried from one image or clip to the next


class Estimating(Protocol):
    """Faces in, an estimate of each out; as Estimator of estimators/streaming.py."""

    def update(self, faces: Sequence[Face], image_size: tuple[int, int], stamp: float) -> list[Estimate]:
        """One estimate a face, in their order; one without a face where there are none."""


@dataclass(frozen=True)
class Pair:
    """One model twice: as it runs on the robot, and without memory.

    Attributes:
        streaming: keeps its state from image to image.
        single: another estimator of the same model, for images on their own.
        labels: L names, of the estimates of both.
    """

    streaming: Estimating
    single: Estimating
    labels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Watched:
    """What one model gave for the largest face of each image of a clip.

    Attributes:
        stamps: (T,) float64, s.
        labels: L names.
        streaming: (T, L) float32, the estimate with memory; NaN where there was none.
        single: (T, L) float32, the same model on each image alone; NaN where there was none.
    """

    stamps: NDArray[np.float64]
    labels: tuple[str, ...]
    streaming: NDArray[np.float32]
    single: NDArray[np.float32]

    @property
    def shown(self) -> list[str | None]:
        """T labels of the estimate with memory, None where there was none."""
        return _likeliest(self.labels, self.streaming)

    @property
    def shown_singly(self) -> list[str | None]:
        """T labels of the estimates without memory, None where there was none."""
        return _likeliest(self.labels, self.single)


class Watcher:
    """Plays clips to any number of models, which share one face tracker."""

    def __init__(self, tracker: FaceTracker, pairs: Mapping[str, Pair]) -> None:
        self._tracker = tracker
        self._pairs = pairs
        self._begin = 0.0
        self._images = 0

    def watch(self, frames: Iterable[tuple[Image8, float]]) -> dict[str, Watched]:
        """Play one clip.

        Args:
            frames: (image, (H, W, 3) uint8 BGR; time since the clip's beginning in s), ascending.

        Returns:
            model → what it gave.
        """
        stamps: list[float] = []
        rows: dict[str, list[tuple[NDArray[np.float32], NDArray[np.float32]]]] = {
            name: [] for name in self._pairs
        }
        for image, stamp in frames:
            faces = self._tracker.update(image, self._begin + stamp)
            size = image.shape[1], image.shape[0]
            self._images += 1
            for name, pair in self._pairs.items():
                streamed = pair.streaming.update(faces, size, self._begin + stamp)
                alone = pair.single.update(faces, size, APART_S * self._images)
                rows[name].append((_row(faces, streamed, pair.labels), _row(faces, alone, pair.labels)))
            stamps.append(stamp)
        self._begin += APART_S + (stamps[-1] if stamps else 0.0)
        return {name: _watched(stamps, self._pairs[name].labels, some) for name, some in rows.items()}


def _watched(
    stamps: list[float],
    labels: tuple[str, ...],
    rows: list[tuple[NDArray[np.float32], NDArray[np.float32]]],
) -> Watched:
    empty = np.empty((0, len(labels)), np.float32)
    streaming, single = (np.stack(column) for column in zip(*rows, strict=True)) if rows else (empty, empty)
    return Watched(np.array(stamps, np.float64), labels, streaming, single)


def _row(
    faces: Sequence[Face], estimates: Sequence[Estimate], labels: tuple[str, ...]
) -> NDArray[np.float32]:
    """(L,) float32, the largest face's distribution; NaN where it has none."""
    nothing = np.full(len(labels), np.nan, np.float32)
    if not faces:
        return nothing
    largest = max(range(len(faces)), key=lambda place: longer_side(faces[place].seen.box_xyxy))
    estimate = estimates[largest]
    if estimate.labels and estimate.labels != labels:
        raise ModelError(f"{estimate.model} gives {estimate.labels}, not {labels}; check --estimator.labels")
    return estimate.probabilities if estimate.probabilities.size else nothing


def _likeliest(labels: tuple[str, ...], rows: NDArray[np.float32]) -> list[str | None]:
    return [labels[int(row.argmax())] if np.isfinite(row).all() else None for row in rows]
