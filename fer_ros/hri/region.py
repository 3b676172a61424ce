"""Where a face is: REP-155's fractions of the image, and pixels; and what its topics may be called."""

import re
from math import isfinite

from fer_ros.errors import ParameterError
from fer_ros.faces.face import Box

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ROOT = re.compile(r"(/[A-Za-z_][A-Za-z0-9_]*)+")


def is_id(face_id: str) -> bool:
    """Whether a face's id can be part of a topic: letters, digits and _, a letter first."""
    return _ID.fullmatch(face_id) is not None


def check_root(name: str, root: str) -> str:
    """A root of topics as it is, or ParameterError."""
    if _ROOT.fullmatch(root) is None:
        raise ParameterError(f"{name} is {root!r}; it takes an absolute topic name like /humans/faces")
    return root


def to_region(box: Box, image_size: tuple[int, int]) -> Box | None:
    """A box as fractions of the image.

    Args:
        box: (x0, y0, x1, y1) px, may leave the image.
        image_size: (width, height), px, both above 0.

    Returns:
        (xmin, ymin, xmax, ymax) in 0..1, cut off at the image's edges; None where nothing is left.
    """
    width, height = image_size
    x0, x1 = (min(max(x / width, 0.0), 1.0) for x in (box[0], box[2]))
    y0, y1 = (min(max(y / height, 0.0), 1.0) for y in (box[1], box[3]))
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def to_box(region: Box, image_size: tuple[int, int]) -> Box:
    """A region in 0..1 as a box in px; `region_problem` says whether it is one."""
    width, height = image_size
    return region[0] * width, region[1] * height, region[2] * width, region[3] * height


def region_problem(region: Box) -> str:
    """What is wrong with a region of another node, in one clause; empty where nothing is."""
    if not all(isfinite(value) for value in region):
        return "it is not a number"
    if min(region) < 0 or max(region) > 1:
        return "it leaves 0..1"
    return "" if region[2] > region[0] and region[3] > region[1] else "it is empty"
