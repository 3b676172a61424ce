"""FACS action units from MediaPipe's blendshapes, where the two are known to correspond.

A pair stands here where FACS (Ekman, Friesen and Hager 2002) and the documentation of ARKit's
blendshapes, whose names MediaPipe uses, describe one movement. A blendshape is how far it goes, in 0..1,
and is passed on as the intensity.
"""

from math import nan

import numpy as np

from fer_ros.faces.blendshapes import NAMES
from fer_ros.faces.face import Floats

COUNT = 99


def _both(name: str) -> tuple[str, ...]:
    return f"{name}Left", f"{name}Right"


# AU code → blendshapes; the intensity is their mean. "Left" is the person's left in both systems
# (measured on a clip: the iris' place between the eye's corners, correlation 0.98).
#
# Left out on purpose. AU 6, 9, 29 and 34 have blendshapes (cheekSquint, noseSneer, jawForward, cheekPuff)
# that MediaPipe does not move: over the 3,305 faces of blendfer they never exceed 0.0002, 0.0004,
# 0.09 and 0.01, and a 0 of theirs would tell nothing. AU 25, 27 (degrees of 26), 45 and 46 (acts of 43
# in time, or on one side) cannot be told from one image's blendshapes.
SOURCES: dict[int, tuple[str, ...]] = {
    1: ("browInnerUp",),
    2: _both("browOuterUp"),
    4: _both("browDown"),
    5: _both("eyeWide"),
    7: _both("eyeSquint"),
    10: _both("mouthUpperUp"),
    12: _both("mouthSmile"),
    14: _both("mouthDimple"),
    15: _both("mouthFrown"),
    16: _both("mouthLowerDown"),
    17: ("mouthShrugLower",),
    18: ("mouthPucker",),
    20: _both("mouthStretch"),
    22: ("mouthFunnel",),
    24: _both("mouthPress"),
    26: ("jawOpen",),
    28: ("mouthRollLower", "mouthRollUpper"),
    43: _both("eyeBlink"),
    61: ("eyeLookOutLeft", "eyeLookInRight"),
    62: ("eyeLookInLeft", "eyeLookOutRight"),
    63: _both("eyeLookUp"),
    64: _both("eyeLookDown"),
}

_ROWS = {code: [NAMES.index(name) for name in names] for code, names in SOURCES.items()}


def intensities(blendshapes: Floats) -> Floats:
    """Action units of a face.

    Args:
        blendshapes: (52,) float32 in 0..1, MediaPipe's order.

    Returns:
        (99,) float32, index = AU code: 0..1, NaN where nobody measures it.
    """
    out = np.full(COUNT, nan, np.float32)
    for code, rows in _ROWS.items():
        out[code] = np.mean(blendshapes[rows])
    return out
