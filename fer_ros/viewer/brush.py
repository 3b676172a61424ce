"""Draws text, icons, signs and plates at a place, each rendered once."""

import numpy as np

from fer_ros.faces.face import Image8
from fer_ros.viewer.colours import Colour
from fer_ros.viewer.glyphs import draw_glyph
from fer_ros.viewer.icons import draw_icon
from fer_ros.viewer.sprites import Rect, Sprite, SpriteCache, fill, lay
from fer_ros.viewer.text import draw_text


class Brush:
    """Everything is drawn in place on (H, W, 3) uint8 BGR; x and y are upper left corners in px."""

    def __init__(self) -> None:
        self.cache = SpriteCache()

    def text(
        self, image: Image8, text: str, x: int, y: int, size: int, colour: Colour, *, bold: bool = False
    ) -> None:
        """Write one line, `line_height(size)` high."""
        key = "text", text, size, colour, bold
        lay(image, self.cache.get(key, lambda: draw_text(text, size, colour, bold=bold)), x, y)

    def icon(self, image: Image8, name: str, x: int, y: int, size: int) -> None:
        """Draw the face of a label in a square of `size` px."""
        lay(image, self.cache.get(("icon", name, size), lambda: draw_icon(name, size)), x, y)

    def glyph(self, image: Image8, name: str, x: int, y: int, size: int, colour: Colour) -> None:
        """Draw a sign in a square of `size` px."""
        key = "glyph", name, size, colour
        lay(image, self.cache.get(key, lambda: draw_glyph(name, size, colour)), x, y)

    def plate(
        self,
        image: Image8,
        rect: Rect,
        colour: Colour,
        *,
        radius: int,
        opacity: float = 1.0,
        edge: Colour | None = None,
        edge_width: int = 0,
    ) -> None:
        """Draw a rectangle with round corners, and an opaque edge where a colour for it is given."""
        width, height = rect[2] - rect[0], rect[3] - rect[1]
        key = "plate", width, height, colour, radius, opacity, edge, edge_width
        made = self.cache.get(
            key, lambda: _plate(width, height, colour, radius, opacity, edge or colour, edge_width)
        )
        lay(image, made, rect[0], rect[1])

    def ring(self, image: Image8, rect: Rect, colour: Colour, *, radius: int, line: int) -> None:
        """Draw the outline of a rectangle with round corners; it may leave the image."""
        x0, y0, x1, y1 = rect
        r = max(min(max(radius, line), (x1 - x0) // 2, (y1 - y0) // 2), 0)
        corners = self.cache.get(
            ("ring", r, line, colour), lambda: _plate(2 * r, 2 * r, colour, r, 0.0, colour, line)
        )
        for x, right in ((x0, 0), (x1 - r, r)):
            for y, down in ((y0, 0), (y1 - r, r)):
                lay(image, corners.part((right, down, right + r, down + r)), x, y)
        fill(image, (x0 + r, y0, x1 - r, y0 + line), colour)
        fill(image, (x0 + r, y1 - line, x1 - r, y1), colour)
        fill(image, (x0, y0 + r, x0 + line, y1 - r), colour)
        fill(image, (x1 - line, y0 + r, x1, y1 - r), colour)


def _plate(
    width: int, height: int, colour: Colour, radius: int, opacity: float, edge: Colour, edge_width: int
) -> Sprite:
    """Drawn small, with one row and column in its middle, which are then stretched."""
    kept = max(radius, edge_width)
    kept_x, kept_y = min(kept, width // 2), min(kept, height // 2)
    radius = min(radius, kept_x, kept_y)
    small = _small_plate(
        min(width, 2 * kept_x + 1), min(height, 2 * kept_y + 1), colour, radius, opacity, edge, edge_width
    )
    return Sprite(*(_stretched(part, height, width) for part in (small.colour, small.through)))


def _small_plate(
    width: int, height: int, colour: Colour, radius: int, opacity: float, edge: Colour, edge_width: int
) -> Sprite:
    """From the distance of every px to the outline: smooth corners without drawing larger."""
    y, x = np.mgrid[0:height, 0:width] + 0.5
    dx = np.abs(x - width / 2) - width / 2 + radius
    dy = np.abs(y - height / 2) - height / 2 + radius
    outside = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0)) + np.minimum(np.maximum(dx, dy), 0) - radius
    cover = np.clip(0.5 - outside, 0, 1)[..., None]
    rim = np.clip(0.5 + outside + edge_width, 0, 1)[..., None] if edge_width else np.zeros_like(cover)
    alpha = cover * (rim + (1 - rim) * opacity)
    premultiplied = cover * (rim * np.array(edge) + (1 - rim) * opacity * np.array(colour))
    through = np.repeat(np.rint(255 * (1 - alpha)), 3, axis=2).astype(np.uint8)
    return Sprite(np.floor(premultiplied).astype(np.uint8), through)


def _stretched(small: Image8, height: int, width: int) -> Image8:
    """A picture with its middle row and column repeated as often as it takes."""
    for axis, length in enumerate((height, width)):
        times = np.ones(small.shape[axis], np.int64)
        times[len(times) // 2] += length - len(times)
        small = np.repeat(small, times, axis)
    return small
