"""What MediaPipe reads in faces cut out already, for the commands that evaluate and calibrate."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets import blendshapes
from fer_ros.environment import model_folders, shapes_cache
from fer_ros.estimators.card import BLENDSHAPES, FACE, ModelCard
from fer_ros.evaluate.samples import ReadShapes, Samples, with_shapes
from fer_ros.faces.open import locate, open_landmarks
from fer_ros.faces.reader import FILE

Progress = Callable[[int, int], None]


def shapes_reader(progress: Progress) -> ReadShapes:
    """Reads blendshapes, and remembers what was read before.

    The function it gives raises ModelError where MediaPipe or its model is absent.
    """

    def read(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        return blendshapes.cached(faces, shapes_cache(), lambda: open_landmarks(model_folders()), progress)

    return read


def with_needed_shapes(card: ModelCard, samples: Samples, progress: Progress) -> Samples:
    """The samples with what MediaPipe reads in their faces, where the model wants that and it is here."""
    if card.input(BLENDSHAPES) is None or "blendshapes" in samples.inputs:
        return samples
    if card.input(FACE) is not None and not locate(FILE, model_folders()).is_file():
        return samples  # the model does without
    return with_shapes(samples, shapes_reader(progress))
