"""Faces cut out of a clip's frames, grey and square."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fer_ros.faces.crop import cut_square, framing
from fer_ros.faces.face import Detection, Image8
from fer_ros.faces.finder import Finder, find_near
from fer_ros.images import to_grey

SIZE = 48  # px


def follow(frames: Sequence[Image8], finder: Finder) -> list[Detection | None]:
    """One face through a clip: looked for where it was, and in the whole image where it is not there.

    Args:
        frames: (H, W, 3) uint8 BGR each.
        finder: Haar's, for what papers made with it.

    Returns:
        The face of each frame, the surest where there are several; None where none is seen.
    """
    found: list[Detection | None] = []
    last: Detection | None = None
    for frame in frames:
        seen = find_near(finder, frame, last.box_xyxy) if last else None
        last = seen or next(iter(finder.find(frame)), None)
        found.append(last)
    return found


def cut(image: Image8, seen: Detection, margin: float = 0.0, size_px: int = SIZE) -> NDArray[np.uint8]:
    """A face with a margin around its Haar box, which is the FER2013 framing (faces/crop.py).

    Args:
        image: (H, W, 3) uint8, BGR.
        seen: the face.
        margin: added on each side, as a share of the box's side; 0.1 for BigFaceX.
        size_px: side of the result.

    Returns:
        (size_px, size_px) uint8, grey.
    """
    middle, side, _ = framing(seen)
    return to_grey(cut_square(image, middle, side * (1 + 2 * margin), size_px))


def cut_tight(image: Image8, seen: Detection, size_px: int = SIZE) -> NDArray[np.uint8]:
    """As FaceParty cuts: a tenth off the left and the right of the Haar box, a fifth off its top.

    Returns:
        (size_px, size_px) uint8, grey. What is left of the box is a square again.
    """
    (x, y), side, _ = framing(seen)
    return to_grey(cut_square(image, (x, y + 0.1 * side), 0.8 * side, size_px))
