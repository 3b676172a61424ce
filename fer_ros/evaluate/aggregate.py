"""Video classifiers that need no training: the mean of frame scores, the mode of frame classes.

Maclean 2021, section 3.3: an image network answers for every frame of a sequence, and these combine
the answers.
"""

import numpy as np
from numpy.typing import NDArray


def mean_of_scores(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of the frames' class scores.

    Args:
        scores: (..., T, L) float32, probabilities of T frames over L labels.

    Returns:
        (..., L) float32.

    Raises:
        ValueError: there is no frame, or no axis of frames.
    """
    return np.asarray(_checked(scores).mean(axis=-2), np.float32)


def mode_of_classes(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The share of frames in which each class is the most likely one; its largest is their mode.

    The paper does not say what breaks a tie; the first label does here, where the shares are compared.

    Args:
        scores: (..., T, L) float32, probabilities of T frames over L labels.

    Returns:
        (..., L) float32, summing to 1.

    Raises:
        ValueError: there is no frame, or no axis of frames.
    """
    best = _checked(scores).argmax(axis=-1)
    votes = best[..., None] == np.arange(scores.shape[-1])
    return np.asarray(votes.mean(axis=-2), np.float32)


def _checked(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    if scores.ndim < 2 or 0 in scores.shape[-2:]:
        raise ValueError(
            f"scores have shape {scores.shape}; it takes (..., frames, labels), one of each at least"
        )
    return scores
