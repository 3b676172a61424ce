"""What is known of one face in one image."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image8 = NDArray[np.uint8]
Floats = NDArray[np.float32]
Box = tuple[float, float, float, float]
Point = tuple[float, float]

NO_CROP: Image8 = np.empty((0, 0, 3), np.uint8)  # of a face whose picture was not sent


@dataclass(frozen=True, eq=False)
class Detection:
    """A face seen by a finder or a reader.

    Attributes:
        box_xyxy: (x0, y0, x1, y1) px in the image, hairline to chin, end exclusive.
        score: 0..1.
        eyes: centres of the image-left and the image-right eye, px, where they were located.
        blendshapes: (52,) float32 in 0..1, MediaPipe's order, where they were read.
        blendshapes_by: who read them, "mediapipe" or "student"; empty where nobody did.
        landmarks: (478, 3) float32, px in the image, where they were read.
    """

    box_xyxy: Box
    score: float
    eyes: tuple[Point, Point] | None = None
    blendshapes: Floats | None = None
    landmarks: Floats | None = None
    blendshapes_by: str = ""


@dataclass(frozen=True, eq=False)
class Face:
    """A followed face: a detection with an identity and a picture of its own.

    Attributes:
        id: starts with a letter; the same while the face is followed.
        seen: where and how it was seen in this image.
        crop: (S, S, 3) uint8 BGR, framed as crop.py says; NO_CROP where it was not sent.
    """

    id: str
    seen: Detection
    crop: Image8


def centre(box: Box) -> Point:
    """The middle of a box, px."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def longer_side(box: Box) -> float:
    """The longer side of a box, px."""
    return max(box[2] - box[0], box[3] - box[1])


def moved(box: Box, dx: float, dy: float) -> Box:
    """A box shifted by (dx, dy) px."""
    return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy


def overlap(a: Box, b: Box) -> float:
    """Intersection over union of two boxes, 0..1; 0 when one is empty or not a number."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if not (width > 0 and height > 0):
        return 0.0
    both = width * height
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both
    return both / union if union > 0 else 0.0
