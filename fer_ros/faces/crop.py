"""How a face is cut out: one framing for every finder, that of the FER2013 images with a margin.

Measured on 1,200 training images of FER2013: the eyes are 0.36 of the image's side apart and their
middle lies at (0.50, 0.40); a Haar box is the whole image; a YuNet box spans 0.11..0.88 across and
-0.05..0.98 down.
"""

from math import atan2, cos, degrees, hypot, isfinite, radians

import cv2
import numpy as np

from fer_ros.errors import ImageError
from fer_ros.faces.face import Box, Detection, Image8, Point, centre, longer_side

MARGIN = 0.1  # of the framing's side, added on each side: Lee's "Haar box + 10 %"
EYE_DISTANCE = 0.36  # of the framing's side
EYES_DOWN = 0.40  # of the framing's side, from its top
SIDE_PER_HEIGHT = 1 / 1.03  # side of the framing over the height of a hairline-to-chin box
TOP_PER_SIDE = 0.05  # the framing starts this far below the box's top

# A head turned sideways brings its eyes together: the framing never shrinks below this share of the
# one its box gives.
SMALLEST_BY_BOX = 0.85


def crop_face(image: Image8, seen: Detection, size_px: int) -> Image8:
    """Cut a face out, upright where its eyes are known, 0-padded where it leaves the image.

    Args:
        image: (H, W, 3) uint8, BGR.
        seen: the face.
        size_px: side of the result.

    Returns:
        (size_px, size_px, 3) uint8, BGR: the FER2013 framing plus MARGIN on each side.

    Raises:
        ImageError: the box is empty or not a number.
    """
    middle, side, roll_deg = framing(seen)
    return cut_square(image, middle, side * (1 + 2 * MARGIN), size_px, roll_deg)


def framing(seen: Detection) -> tuple[Point, float, float]:
    """Centre (px), side (px) and roll (degrees, clockwise) of the FER2013 framing of a face.

    Raises:
        ImageError: the box is empty or not a number.
    """
    x0, y0, x1, y1 = seen.box_xyxy
    if not (isfinite(x1 - x0) and isfinite(y1 - y0) and x1 > x0 and y1 > y0):
        raise ImageError(f"face box {seen.box_xyxy} is empty or not a number; it needs x1 > x0 and y1 > y0")
    side = (y1 - y0) * SIDE_PER_HEIGHT
    if seen.eyes is None:
        return ((x0 + x1) / 2, y0 + side * (TOP_PER_SIDE + 0.5)), side, 0.0
    (lx, ly), (rx, ry) = seen.eyes
    roll = atan2(ry - ly, rx - lx)
    side = max(hypot(rx - lx, ry - ly) / EYE_DISTANCE, side * SMALLEST_BY_BOX)
    down = (0.5 - EYES_DOWN) * side  # from the middle of the eyes to the centre, along the face
    return ((lx + rx) / 2 - down * np.sin(roll), (ly + ry) / 2 + down * cos(roll)), side, degrees(roll)


def inner_square(crop: Image8) -> Image8:
    """Take MARGIN off a crop again: (S, S, 3) → about (S/1.2, S/1.2, 3), the FER2013 framing."""
    edge = round(crop.shape[0] * MARGIN / (1 + 2 * MARGIN))
    return crop[edge : crop.shape[0] - edge, edge : crop.shape[1] - edge]


def cut_square(image: Image8, middle: Point, side: float, size_px: int, roll_deg: float = 0.0) -> Image8:
    """Sample a square, turned by `roll_deg`, into (size_px, size_px, 3); outside the image is 0."""
    factor = int(side / size_px)
    if factor >= 2:  # bilinear sampling skips pixels below half size: average them first
        image, middle, side = _averaged(image, middle, side, factor)
    scale = size_px / side
    turn = radians(roll_deg)
    a, b = scale * cos(turn), scale * np.sin(turn)
    matrix = np.array(
        [
            [a, b, size_px / 2 - a * middle[0] - b * middle[1]],
            [-b, a, size_px / 2 + b * middle[0] - a * middle[1]],
        ]
    )
    # INTER_AREA means bilinear here; the border is black, so that a cut-off face shows as such.
    out: Image8 = cv2.warpAffine(image, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR)  # type: ignore[assignment]
    return out


def _averaged(image: Image8, middle: Point, side: float, factor: int) -> tuple[Image8, Point, float]:
    """Shrink the neighbourhood of a square by a whole factor; returns it with the square in its px."""
    reach = side * 0.75  # holds the square at any roll
    x0, x1 = (int(np.clip(middle[0] + d, 0, image.shape[1])) for d in (-reach, reach))
    y0, y1 = (int(np.clip(middle[1] + d, 0, image.shape[0])) for d in (-reach, reach))
    width, height = (x1 - x0) // factor, (y1 - y0) // factor
    if width < 1 or height < 1:
        return image, middle, side
    part = image[y0 : y0 + height * factor, x0 : x0 + width * factor]
    small: Image8 = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return small, ((middle[0] - x0) / factor, (middle[1] - y0) / factor), side / factor


def shrunk(image: Image8, width_px: int) -> tuple[Image8, float]:
    """The image at most `width_px` wide, and by what its px are multiplied to give those of `image`."""
    height, width = image.shape[:2]
    scale = max(width / width_px, 1.0)
    if scale == 1:
        return image, scale
    size = round(width / scale), max(round(height / scale), 1)
    small: Image8 = cv2.resize(image, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return small, scale


def around(box: Box, growth: float) -> tuple[Point, float]:
    """Centre and side (px) of the square that is `growth` times a box's longer side."""
    return centre(box), longer_side(box) * growth
