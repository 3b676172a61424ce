"""Blendshapes as bytes: 104 for a face as they are, 39 quantised.

Small scores matter most (most of a face's are below 0.05, and the network reacts to their differences),
so the levels are even in the cube root of a score: near 0 they are closest. Over the 688 faces that
MediaPipe reads in the clips that the figures are made with, 64 levels are off by at most 0.0235 and by
0.0021 on average; the label of models/blendshape is the same for 99.6 % (ferplus), 99.6 % (fer2013) and
99.3 % (3class) of them. 65536 levels change none. `python -m benchmarks.payloads` prints these figures.
"""

import numpy as np

from fer_ros.errors import PayloadError
from fer_ros.faces.blendshapes import COUNT
from fer_ros.faces.face import Floats
from fer_ros.link.payload_bytes import pack_sixes, sixes_size, unpack_sixes

FINE, COARSE = 2**16 - 1, 2**6 - 1  # the highest level
POWER = 3


def shapes_size(quantised: bool) -> int:
    """Bytes of one face's blendshapes."""
    return sixes_size(COUNT) if quantised else 2 * COUNT


def write_shapes(scores: Floats, quantised: bool) -> bytes:
    """(52,) float32 in 0..1 as bytes; PayloadError for another shape, or a score that is not in 0..1."""
    if np.shape(scores) != (COUNT,):
        raise PayloadError(
            "blendshapes", f"there are {np.shape(scores)} blendshapes; they must be ({COUNT},)"
        )
    bad = np.flatnonzero(~((scores >= 0) & (scores <= 1)))
    if bad.size:
        raise PayloadError(
            "blendshapes", f"blendshape {bad[0]} is {scores[bad[0]]:.4g}; its reader must give 0 to 1"
        )
    levels = np.rint(np.cbrt(scores.astype(np.float64)) * (COARSE if quantised else FINE))
    return pack_sixes(levels.astype(np.uint8)) if quantised else levels.astype("<u2").tobytes()


def read_shapes(data: bytes, quantised: bool) -> Floats:
    """What `write_shapes` wrote, (52,) float32 in 0..1; PayloadError where a padding bit is set."""
    levels = unpack_sixes(data, COUNT) if quantised else np.frombuffer(data, "<u2")
    scores = (levels.astype(np.float64) / (COARSE if quantised else FINE)) ** POWER
    return scores.astype(np.float32)
