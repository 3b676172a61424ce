"""Small pictures with coverage, drawn once and laid over images many times."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import cv2
import numpy as np

from fer_ros.faces.face import Image8
from fer_ros.viewer.colours import Colour

Rect = tuple[int, int, int, int]  # x0, y0, x1, y1 px, end exclusive


@dataclass(frozen=True, eq=False)
class Sprite:
    """A picture with coverage.

    Attributes:
        colour: (H, W, 3) uint8 BGR, already multiplied by the coverage.
        through: (H, W, 3) uint8, how much of what lies below is seen; 255: all.
    """

    colour: Image8
    through: Image8

    @property
    def width(self) -> int:
        """Px."""
        return int(self.colour.shape[1])

    @property
    def height(self) -> int:
        """Px."""
        return int(self.colour.shape[0])

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        return self.colour.nbytes + self.through.nbytes

    def part(self, rect: Rect) -> "Sprite":
        """A rectangle of it."""
        x0, y0, x1, y1 = rect
        return Sprite(self.colour[y0:y1, x0:x1], self.through[y0:y1, x0:x1])


def from_coverage(coverage: Image8, colour: Colour) -> Sprite:
    """A sprite of one colour.

    Args:
        coverage: (H, W) uint8; 255: opaque.
        colour: BGR.
    """
    grey = cv2.cvtColor(coverage, cv2.COLOR_GRAY2BGR)
    shades = np.rint(np.outer(np.arange(256), colour) / 255).astype(np.uint8)
    return Sprite(cv2.LUT(grey, shades[None]).astype(np.uint8), cv2.bitwise_not(grey).astype(np.uint8))


def lay(image: Image8, sprite: Sprite, x: int, y: int) -> None:
    """Lay a sprite over an image in place, its upper left corner at (x, y) px; what leaves is cut off."""
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + sprite.width, image.shape[1]), min(y + sprite.height, image.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    below = image[y0:y1, x0:x1]
    inside = slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)
    cv2.multiply(below, sprite.through[inside], below, scale=1 / 255)
    cv2.add(below, sprite.colour[inside], below)


def fill(image: Image8, rect: Rect, colour: Colour) -> None:
    """Fill a rectangle in place; what leaves the image is cut off."""
    x0, y0, x1, y1 = rect
    if x1 > 0 and y1 > 0:  # a negative end would count from the other side
        image[max(y0, 0) : y1, max(x0, 0) : x1] = colour


class SpriteCache:
    """Sprites by what they show; those not used for longest go first."""

    def __init__(self, most_bytes: int = 16_000_000) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, Sprite] = OrderedDict()
        self.nbytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], Sprite]) -> Sprite:
        """The sprite under a key, made where there is none."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        sprite = make()
        self._kept[key] = sprite
        self.nbytes += sprite.nbytes
        while self.nbytes > self._most_bytes and len(self._kept) > 1:
            self.nbytes -= self._kept.popitem(last=False)[1].nbytes
        return sprite
