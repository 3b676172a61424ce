"""Label spaces of apparent expressions, the maps between them, and their place in affect space.

This is the only home of label names: model cards and messages are compared with it at load.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # names of labels are asked for by commands that need no numpy
    import numpy as np
    from numpy.typing import NDArray

FER2013 = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
FERPLUS = (*FER2013, "contempt")
RAVDESS = ("neutral", "calm", "happy", "sad", "angry", "fear", "disgust", "surprise")
THREE = ("happy", "unknown", "sad")  # the blendshape LSTM's order: 0 happy, 1 unknown, 2 sad
CKPLUS = ("angry", "contempt", "disgust", "fear", "happy", "sad", "surprise")
BASIC = ("angry", "disgust", "fear", "happy", "sad", "surprise")  # what nearly all corpora share
BIGFACEX = FER2013  # the thesis's seven classes, in its tables' order: FER2013's

LABEL_SPACES: dict[str, tuple[str, ...]] = {
    "fer2013": FER2013,
    "ferplus": FERPLUS,
    "ravdess": RAVDESS,
    "3class": THREE,
    "ckplus": CKPLUS,
    "basic": BASIC,
    "bigfacex": BIGFACEX,  # of FaceParty too
}

# Mean pleasure and arousal, each in -1..1, of the nearest terms in Russell and Mehrabian (1977),
# "Evidence for a three-factor theory of emotions". Contempt has no term there: it is placed
# between anger and disgust in pleasure, and lower in arousal. "unknown" has no place at all.
VALENCE_AROUSAL: dict[str, tuple[float, float]] = {
    "angry": (-0.51, 0.59),
    "disgust": (-0.60, 0.35),
    "fear": (-0.64, 0.60),
    "happy": (0.81, 0.51),
    "sad": (-0.63, -0.27),
    "surprise": (0.40, 0.67),
    "neutral": (0.0, 0.0),
    "contempt": (-0.55, 0.20),
    "calm": (0.25, -0.40),
    "unknown": (nan, nan),
}


def to_three(label: str) -> str:
    """Map a label of any space to happy, sad or unknown (Attrah's classes)."""
    return label if label in ("happy", "sad") else "unknown"


def indices(labels: Sequence[str], space: str) -> NDArray[np.int64]:
    """Where labels of any space stand in another.

    Args:
        labels: N names.
        space: a label space.

    Returns:
        (N,) int64, index into the space; -1 where it has no such label. Everything has a place in
        "3class".
    """
    import numpy as np

    names = LABEL_SPACES[space]
    known = [to_three(label) if space == "3class" else label for label in labels]
    return np.array([names.index(label) if label in names else -1 for label in known], np.int64)


def merge_to_three(labels: Sequence[str], probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sum a distribution over any label space into happy, unknown, sad.

    Args:
        labels: L names.
        probabilities: (..., L) float32, summing to 1 along the last axis.

    Returns:
        (..., 3) float32 in the order of THREE.
    """
    import numpy as np

    merged = np.zeros((*probabilities.shape[:-1], len(THREE)), np.float32)
    for column, label in enumerate(labels):
        merged[..., THREE.index(to_three(label))] += probabilities[..., column]
    return merged


def valence_arousal(labels: Sequence[str], probabilities: NDArray[np.float32]) -> tuple[float, float]:
    """Expected valence and arousal of a distribution, each in -1..1.

    Args:
        labels: L names.
        probabilities: (L,) float32, summing to 1.

    Returns:
        (valence, arousal); NaN where a label without a place in affect space carries weight.
    """
    import numpy as np

    places = np.array([VALENCE_AROUSAL[label] for label in labels], np.float64)
    valence, arousal = (float(v) for v in probabilities.astype(np.float64) @ places)
    return valence, arousal
