"""What every face finder offers, and how one is asked about a small region."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import hypot
from typing import Protocol

from fer_ros.faces.crop import around, cut_square
from fer_ros.faces.face import Box, Detection, Image8, Point, centre, longer_side, moved, overlap

ONE_FACE = 0.45  # overlap above which two boxes show one face
REGION = 2.0  # side of the region searched, in longer sides of the face expected there


class Finder(Protocol):
    """Looks for faces in a whole image, and in a small square where one is expected."""

    name: str
    region_px: int

    def find(self, image: Image8) -> list[Detection]:
        """Every face in (H, W, 3) uint8 BGR."""

    def find_in_region(self, region: Image8, *, strict: bool = False) -> list[Detection]:
        """Faces of about region_px / REGION px in (region_px, region_px, 3) uint8 BGR.

        `strict` is for a face that nobody has seen yet: only what is beyond doubt.
        """


def find_near(finder: Finder, image: Image8, box: Box, *, strict: bool = False) -> Detection | None:
    """Look for the face that was expected at `box`; None if nothing is close to it."""
    middle, side = around(box, REGION)
    region = cut_square(image, middle, side, finder.region_px)
    scale = side / finder.region_px
    corner = (middle[0] - side / 2, middle[1] - side / 2)
    return nearest([placed(d, scale, corner) for d in finder.find_in_region(region, strict=strict)], box)


def nearest(seen: Sequence[Detection], box: Box, within: float = 0.6) -> Detection | None:
    """The detection whose centre is closest to `box`, if within that share of its longer side."""
    x, y = centre(box)

    def distance(detection: Detection) -> float:
        dx, dy = centre(detection.box_xyxy)
        return hypot(dx - x, dy - y)

    close = min(seen, key=distance, default=None)
    return close if close is not None and distance(close) <= within * longer_side(box) else None


def without_doubles(seen: Iterable[Detection]) -> list[Detection]:
    """One detection a face: of those that lie on each other, the surest."""
    kept: list[Detection] = []
    for detection in sorted(seen, key=lambda d: -d.score):
        if all(overlap(detection.box_xyxy, other.box_xyxy) < ONE_FACE for other in kept):
            kept.append(detection)
    return kept


def placed(seen: Detection, scale: float, corner: Point) -> Detection:
    """A detection in a scaled part of an image, in the px of that image."""
    x0, y0, x1, y1 = (v * scale for v in seen.box_xyxy)
    eyes = seen.eyes
    if eyes is not None:
        (lx, ly), (rx, ry) = eyes
        eyes = (
            (lx * scale + corner[0], ly * scale + corner[1]),
            (rx * scale + corner[0], ry * scale + corner[1]),
        )
    return replace(seen, box_xyxy=moved((x0, y0, x1, y1), *corner), eyes=eyes)
