"""Vector art: shapes in a square from -1 to 1, x to the right and y down, drawn smoothly at any size."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.viewer.colours import Colour
from fer_ros.viewer.sprites import Sprite

Points = NDArray[np.float64]  # (N, 2), x and y in -1..1

SHIFT = 4  # points are given in 1/16 px
SMALL, FINER, FINEST = 48, 2, 4  # below so many px things are drawn four times larger first, else twice
SMOOTH = 48  # points of a round shape


class Canvas:
    """What is drawn here becomes a sprite of `size` px square."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._finer = FINEST if size < SMALL else FINER
        side = size * self._finer
        self._colour = np.zeros((side, side, 3), np.uint8)
        self._coverage = np.zeros((side, side), np.uint8)

    def fill(self, points: Points, colour: Colour) -> None:
        """Fill a polygon."""
        at = self._at(points)
        cv2.fillPoly(self._colour, [at], colour, cv2.LINE_AA, SHIFT)
        cv2.fillPoly(self._coverage, [at], (255,), cv2.LINE_AA, SHIFT)

    def stroke(self, points: Points, colour: Colour, width: float, *, closed: bool = False) -> None:
        """Draw a line with round ends; `width` in the same unit as the points."""
        at, thick = self._at(points), max(round(width * self._size * self._finer / 2), 1)
        cv2.polylines(self._colour, [at], closed, colour, thick, cv2.LINE_AA, SHIFT)
        cv2.polylines(self._coverage, [at], closed, (255,), thick, cv2.LINE_AA, SHIFT)

    def sprite(self) -> Sprite:
        """What was drawn."""
        size = (self._size, self._size)
        colour = cv2.resize(self._colour, size, interpolation=cv2.INTER_AREA)
        coverage = cv2.resize(self._coverage, size, interpolation=cv2.INTER_AREA)
        through = 255 - cv2.cvtColor(coverage, cv2.COLOR_GRAY2BGR)
        return Sprite(np.minimum(colour, 255 - through), through)  # type: ignore[arg-type]

    def _at(self, points: Points) -> NDArray[np.int32]:
        scaled = (points + 1) * self._size * self._finer / 2 - 0.5
        return np.rint(scaled * (1 << SHIFT)).astype(np.int32)


def polygon(*corners: tuple[float, float]) -> Points:
    """A polygon or an open line through those points."""
    return np.array(corners, np.float64)


def rounded(points: Points, times: int = 3, share: float = 0.25, *, closed: bool = True) -> Points:
    """A polygon with its corners cut off again and again (Chaikin): round."""
    for _ in range(times):
        after = np.roll(points, -1, 0)
        cut = np.stack([points + (after - points) * share, after + (points - after) * share], 1)
        if closed:
            points = cut.reshape(-1, 2)
        else:
            points = np.concatenate([points[:1], cut[:-1].reshape(-1, 2), points[-1:]])
    return points


def ellipse(x: float, y: float, rx: float, ry: float, degrees: float = 0.0) -> Points:
    """An ellipse, turned clockwise."""
    t = np.linspace(0, 2 * np.pi, SMOOTH, endpoint=False)
    return moved(np.stack([rx * np.cos(t), ry * np.sin(t)], 1), x, y, degrees)


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Points:
    """Part of an ellipse, from one angle to another in degrees: 0 is right, 90 is down."""
    t = np.radians(np.linspace(start, end, SMOOTH // 2))
    return np.stack([x + rx * np.cos(t), y + ry * np.sin(t)], 1)


def ray_shape(radius: Iterable[float]) -> Points:
    """A shape by its radius at evenly spaced angles, from the right clockwise."""
    r = np.fromiter(radius, np.float64)
    t = np.linspace(0, 2 * np.pi, len(r), endpoint=False)
    return np.stack([r * np.cos(t), r * np.sin(t)], 1)


def moved(points: Points, x: float, y: float, degrees: float = 0.0, scale: float = 1.0) -> Points:
    """Points scaled, turned clockwise, then shifted."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turned: Points = points * scale @ np.array([[c, s], [-s, c]]) + (x, y)
    return turned


def mirrored(points: Points) -> Points:
    """The same on the other side."""
    flipped: Points = points * (-1, 1)
    return flipped


def both_sides(shapes: Sequence[Points]) -> list[Points]:
    """Shapes and their mirror images."""
    return [*shapes, *(mirrored(shape) for shape in shapes)]
