"""The robot's perception without ROS, in lock-step: one image in, its faces and estimates out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from fer_ros.estimators.crop_or_shapes import CropOrShapes
from fer_ros.estimators.estimate import Estimate
from fer_ros.estimators.open import open_estimator
from fer_ros.estimators.params import EstimatorParams
from fer_ros.estimators.streaming import Estimator
from fer_ros.faces.face import Face, Image8
from fer_ros.faces.open import open_tracker
from fer_ros.faces.params import FacesParams
from fer_ros.faces.tracker import FaceTracker


@dataclass(frozen=True, eq=False)
class Perception:
    """The faces of one image, and an estimate of each; without faces, one estimate that says so."""

    stamp: float
    faces: list[Face]
    estimates: list[Estimate]


class Pipeline:
    """Faces and estimates from images: the same images give the same estimates, bit for bit."""

    def __init__(self, tracker: FaceTracker, estimator: Estimator | CropOrShapes) -> None:
        self.tracker = tracker
        self.estimator = estimator

    def update(self, image: Image8, stamp: float) -> Perception:
        """Perceive one image.

        Args:
            image: (H, W, 3) uint8, BGR.
            stamp: acquisition time, s.

        Raises:
            ImageError: the image is not (H, W, 3) uint8.
        """
        faces = self.tracker.update(image, stamp)
        size = image.shape[1], image.shape[0]
        return Perception(stamp, faces, self.estimator.update(faces, size, stamp))

    def close(self) -> None:
        """Free the models."""
        self.tracker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_pipeline(
    faces: FacesParams,
    estimator: EstimatorParams,
    model: Path,
    folders: Iterable[Path],
    warn: Callable[[str], None],
) -> Pipeline:
    """Make a pipeline.

    Args:
        faces: how faces are found and followed.
        estimator: how they are estimated.
        model: folder of the estimator's model.
        folders: where third-party models are looked for.
        warn: called with one line for everything that is missing.

    Raises:
        ModelError: a model is missing or corrupt, or was asked for by name and cannot run.
    """
    opened = open_estimator(estimator, model)
    return Pipeline(open_tracker(faces, folders, warn), opened)
