"""How well the student says what MediaPipe would."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets.small_faces import FACE_SIZES_PX, seen_at
from fer_ros.errors import DatasetError
from fer_ros.evaluate.scores import correlations
from fer_ros.faces.blendshapes import ATTRAH_27, NAMES

BATCH = 256

Predict = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


def correlation_by_size(
    predict: Predict, faces: NDArray[np.uint8], shapes: NDArray[np.float32]
) -> dict[int, dict[str, float]]:
    """Correlation with MediaPipe's reading of the faces at full size, for each of the 27 expressive ones.

    Args:
        predict: (N, 48, 48) uint8, grey, to (N, 52) float32.
        faces: (N, 48, 48) uint8, grey.
        shapes: (N, 52) float32, MediaPipe's; rows of NaN, where it saw no face, are left out.

    Returns:
        Face size, px → name → correlation, -1..1; NaN where a blendshape never changes.

    Raises:
        DatasetError: MediaPipe read fewer than two faces.
    """
    read = np.isfinite(shapes).all(axis=1)
    if read.sum() < 2:
        raise DatasetError(f"MediaPipe read {read.sum()} of {len(faces)} faces; a correlation needs two")
    return {px: _at(predict, seen_at(faces[read], px), shapes[read]) for px in FACE_SIZES_PX}


def _at(predict: Predict, faces: NDArray[np.uint8], shapes: NDArray[np.float32]) -> dict[str, float]:
    found = np.concatenate([predict(faces[i : i + BATCH]) for i in range(0, len(faces), BATCH)])
    values = correlations(found, shapes)
    return {NAMES[column]: float(values[column]) for column in ATTRAH_27}
