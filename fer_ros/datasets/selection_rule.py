"""Attrah's rule for the blendshapes that say something: those that score high often enough.

Section 4.1: a blendshape is kept if it scores above 0.4 in at least 100 images of the dataset. (The paper
writes "more than 100" once; the 27 that were used, blendshapes.ATTRAH_27, were then chosen by hand.)
"""

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import DatasetError
from fer_ros.faces.blendshapes import COUNT

SCORE = 0.4
IMAGES = 100


def selected(
    blendshapes: NDArray[np.float32], score: float = SCORE, images: int = IMAGES
) -> NDArray[np.int64]:
    """Blendshapes that score above a threshold in enough images.

    Args:
        blendshapes: (N, 52) float32 in 0..1, MediaPipe's order; rows of NaN where no face was seen.
        score: to exceed.
        images: that must exceed it, at least.

    Returns:
        (K,) int64, rising columns of `blendshapes`.

    Raises:
        DatasetError: these are no blendshapes.
    """
    return np.flatnonzero(times_above(blendshapes, score) >= images).astype(np.int64)


def times_above(blendshapes: NDArray[np.float32], score: float = SCORE) -> NDArray[np.int64]:
    """In how many images each blendshape exceeds a score; arguments as `selected`, (52,) int64 out."""
    if blendshapes.ndim != 2 or blendshapes.shape[1] != COUNT:
        raise DatasetError(f"blendshapes have shape {blendshapes.shape}; it takes (images, {COUNT})")
    return np.asarray((blendshapes > score).sum(axis=0), np.int64)  # NaN exceeds nothing
