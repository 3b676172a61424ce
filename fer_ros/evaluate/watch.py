"""What models show while a clip is played: with their memory, and frame by frame without it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import ModelError
from fer_ros.estimators.estimate import Estimate
from fer_ros.faces.face import Face, Image8, longer_side

APART_S = 1000.0  # further than any memory: nothing is carried from one image or clip to the next

W = TypeVar("W")
W_co = TypeVar("W_co", covariant=True)
Floats = NDArray[np.float32]
ImageSize = tuple[int, int]


class Following(Protocol):
    """Images in, their faces out; as FaceTracker of faces/tracker.py."""

    def update(self, image: Image8, stamp: float, /) -> list[Face]:
        """The faces of one (H, W, 3) uint8 BGR image, `stamp` in s."""


class Estimating(Protocol):
    """Faces in, an estimate of each out; as Estimator of estimators/streaming.py."""

    def update(self, faces: Sequence[Face], image_size: ImageSize, stamp: float) -> list[Estimate]:
        """One estimate a face, in their order; one without a face where there are none."""


class Viewer(Protocol[W_co]):
    """A model that clips are played to."""

    def see(self, faces: Sequence[Face], image_size: ImageSize, stamp: float, number: int) -> Any:
        """Look at one image.

        Args:
            faces: in it.
            image_size: (width, height), px.
            stamp: s; APART_S and more lie between the clips.
            number: of the image among all that were ever played.

        Returns:
            What is kept of it until the clip ends.
        """

    def watched(self, stamps: Sequence[float], kept: Sequence[Any], distinct: int) -> W_co:
        """What a clip came to.

        Args:
            stamps: T times since its beginning, s.
            kept: T times what `see` gave.
            distinct: images before others are shown again.
        """


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

    def see(
        self, faces: Sequence[Face], image_size: ImageSize, stamp: float, number: int
    ) -> tuple[Floats, Floats]:
        """The largest face's distributions, with memory and without; as Viewer."""
        streamed = self.streaming.update(faces, image_size, stamp)
        alone = self.single.update(faces, image_size, APART_S * number)
        return distribution(faces, streamed, self.labels), distribution(faces, alone, self.labels)

    def watched(
        self, stamps: Sequence[float], kept: Sequence[tuple[Floats, Floats]], _distinct: int
    ) -> "Watched":
        """As Viewer."""
        empty = np.empty((0, len(self.labels)), np.float32)
        columns = (np.stack(column) for column in zip(*kept, strict=True)) if kept else (empty, empty)
        streaming, single = columns
        return Watched(np.array(stamps, np.float64), self.labels, streaming, single)


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
    streaming: Floats
    single: Floats

    @property
    def shown(self) -> list[str | None]:
        """T labels of the estimate with memory, None where there was none."""
        return likeliest(self.labels, self.streaming)

    @property
    def shown_singly(self) -> list[str | None]:
        """T labels of the estimates without memory, None where there was none."""
        return likeliest(self.labels, self.single)


class Watcher(Generic[W]):
    """Plays clips to any number of models, which share one face tracker."""

    def __init__(self, tracker: Following, viewers: Mapping[str, Viewer[W]]) -> None:
        self._tracker = tracker
        self._viewers = viewers
        self._begin = 0.0
        self._images = 0

    def watch(self, frames: Iterable[tuple[Image8, float]], distinct: int | None = None) -> dict[str, W]:
        """Play one clip.

        Args:
            frames: (image, (H, W, 3) uint8 BGR; time since the clip's beginning in s), ascending.
            distinct: images before those that are shown again, to make a short clip longer; None where
                none is.

        Returns:
            model → what it gave.
        """
        stamps: list[float] = []
        kept: dict[str, list[Any]] = {name: [] for name in self._viewers}
        for image, stamp in frames:
            faces = self._tracker.update(image, self._begin + stamp)
            size = image.shape[1], image.shape[0]
            self._images += 1
            for name, viewer in self._viewers.items():
                kept[name].append(viewer.see(faces, size, self._begin + stamp, self._images))
            stamps.append(stamp)
        self._begin += APART_S + (stamps[-1] if stamps else 0.0)
        once = len(stamps) if distinct is None else distinct
        return {name: viewer.watched(stamps, kept[name], once) for name, viewer in self._viewers.items()}


def largest(faces: Sequence[Face]) -> int:
    """Which of some faces is the largest; ValueError where there is none."""
    return max(range(len(faces)), key=lambda place: longer_side(faces[place].seen.box_xyxy))


def distribution(faces: Sequence[Face], estimates: Sequence[Estimate], labels: tuple[str, ...]) -> Floats:
    """(L,) float32, the largest face's distribution; NaN where it has none.

    Raises:
        ModelError: the estimates are of other labels.
    """
    nothing = np.full(len(labels), np.nan, np.float32)
    if not faces:
        return nothing
    estimate = estimates[largest(faces)]
    if estimate.labels and estimate.labels != labels:
        raise ModelError(f"{estimate.model} gives {estimate.labels}, not {labels}; check --estimator.labels")
    return estimate.probabilities if estimate.probabilities.size else nothing


def likeliest(labels: tuple[str, ...], rows: Floats) -> list[str | None]:
    """Labels of (N, L) float32 distributions, None for a row of NaN."""
    return [labels[int(row.argmax())] if np.isfinite(row).all() else None for row in rows]
