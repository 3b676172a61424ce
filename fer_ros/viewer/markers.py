"""Faces in space: an outline in front of the camera, as far away as a face of usual width would be.

Points are in the camera's optical frame (REP-103): x right, y down, z forward, m.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isfinite, radians, tan

from fer_ros.faces.face import Box, centre
from fer_ros.viewer.captions import Caption
from fer_ros.viewer.words import Words

FACE_WIDTH_M = 0.16  # of an adult, from ear to ear

Point3 = tuple[float, float, float]


@dataclass(frozen=True)
class Lens:
    """A pinhole camera, in fractions of its image, so that it fits every size of it.

    Attributes:
        fx, cx: focal length and principal point, as fractions of the image's width.
        fy, cy: the same of its height.
    """

    fx: float
    fy: float
    cx: float = 0.5
    cy: float = 0.5


def nominal_lens(fov_deg: float, image_size: tuple[int, int]) -> Lens:
    """A camera with a horizontal field of view and square pixels, for images of (width, height) px."""
    width, height = image_size
    fx = 0.5 / tan(radians(fov_deg) / 2)
    return Lens(fx, fx * width / height)


def calibrated_lens(k: Sequence[float], image_size: tuple[int, int]) -> Lens | None:
    """The camera of sensor_msgs/CameraInfo; None where it was not calibrated.

    Args:
        k: 9 numbers of its matrix, row by row, px.
        image_size: (width, height) px that they are about.
    """
    width, height = image_size
    fx, cx, fy, cy = k[0], k[2], k[4], k[5]
    if not (width > 0 and height > 0 and all(map(isfinite, (fx, cx, fy, cy))) and fx > 0 and fy > 0):
        return None
    return Lens(fx / width, fy / height, cx / width, cy / height)


def distance_m(box: Box, lens: Lens) -> float:
    """How far in front of the camera a face is, by the width of its box (fractions of the image)."""
    return lens.fx * FACE_WIDTH_M / (box[2] - box[0])


def in_space(x: float, y: float, z: float, lens: Lens) -> Point3:
    """The point at depth z, m, that is seen at (x, y), fractions of the image."""
    return (x - lens.cx) / lens.fx * z, (y - lens.cy) / lens.fy * z, z


def outline(box: Box, lens: Lens) -> tuple[Point3, ...]:
    """Corners of a face's box in space, from the upper left clockwise; the last is the first again.

    Args:
        box: (x0, y0, x1, y1), fractions of the image.
        lens: what the image was made with.

    Returns:
        5 points; none where the box is empty or not a number.
    """
    x0, y0, x1, y1 = box
    if not (all(map(isfinite, box)) and x1 > x0 and y1 > y0):
        return ()
    z = distance_m(box, lens)
    return tuple(in_space(x, y, z, lens) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)))


def above(box: Box, gap_m: float, lens: Lens) -> Point3:
    """The point in the middle of a box's upper edge and `gap_m` above it; `box` as `outline` takes it."""
    x, y, z = in_space(centre(box)[0], box[1], distance_m(box, lens), lens)
    return x, y - gap_m, z


def spoken(said: Caption, words: Words) -> str:
    """What is said of one person, in one line."""
    if said.share is not None:
        return f"{said.title} {words.percentage(said.share)}"
    return f"{said.title} ({said.detail})" if said.detail else said.title


class MarkerIds:
    """Gives each face a number, the lowest that is free, for as long as it is there."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}

    def __getitem__(self, face_id: str) -> int:
        """The face's number, from 0."""
        if face_id not in self._of:
            taken = set(self._of.values())
            self._of[face_id] = next(n for n in range(len(taken) + 1) if n not in taken)
        return self._of[face_id]

    def keep(self, face_ids: Collection[str]) -> list[int]:
        """Take the numbers of all others back, and return those."""
        gone = [face_id for face_id in self._of if face_id not in face_ids]
        return [self._of.pop(face_id) for face_id in gone]
