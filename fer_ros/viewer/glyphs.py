"""Small signs of one colour: who estimates, and how the link is."""

from collections.abc import Callable

import numpy as np

from fer_ros.viewer.canvas import Canvas, arc, both_sides, ellipse, polygon, rounded
from fer_ros.viewer.colours import Colour
from fer_ros.viewer.sprites import Sprite

Painter = Callable[[Canvas, Colour], None]

LINE = 0.17


def draw_glyph(name: str, size: int, colour: Colour) -> Sprite:
    """The sign `name`, one of GLYPHS, in a square of `size` px."""
    canvas = Canvas(size)
    GLYPHS[name](canvas, colour)
    return canvas.sprite()


def _robot(canvas: Canvas, colour: Colour) -> None:
    head = rounded(polygon((-0.72, -0.34), (0.72, -0.34), (0.72, 0.74), (-0.72, 0.74)), 2, 0.16)
    canvas.stroke(head, colour, LINE, closed=True)
    canvas.stroke(polygon((0, -0.4), (0, -0.7)), colour, LINE)
    canvas.fill(ellipse(0, -0.76, 0.15, 0.15), colour)
    for eye in both_sides([ellipse(0.31, 0.1, 0.14, 0.14)]):
        canvas.fill(eye, colour)
    canvas.stroke(polygon((-0.28, 0.46), (0.28, 0.46)), colour, LINE * 0.8)


def _cloud(canvas: Canvas, colour: Colour) -> None:
    parts = [
        arc(-0.5, 0.26, 0.34, 0.34, 90, 250),
        arc(-0.08, -0.12, 0.44, 0.44, 195, 330),
        arc(0.5, 0.2, 0.38, 0.4, 265, 450),
    ]
    canvas.stroke(np.concatenate(parts), colour, LINE, closed=True)


def _online(canvas: Canvas, colour: Colour) -> None:
    canvas.stroke(polygon((-0.62, 0.04), (-0.16, 0.48), (0.66, -0.46)), colour, 0.26)


def _offline(canvas: Canvas, colour: Colour) -> None:
    for bar in both_sides([polygon((-0.5, -0.5), (0.5, 0.5))]):
        canvas.stroke(bar, colour, 0.26)


def _probing(canvas: Canvas, colour: Colour) -> None:
    for x in (-0.6, 0.0, 0.6):
        canvas.fill(ellipse(x, 0, 0.2, 0.2), colour)


def _cut(canvas: Canvas, colour: Colour) -> None:
    for side in (-1, 1):
        canvas.stroke(polygon((side * 0.9, 0), (side * 0.42, 0)), colour, 0.24)
        canvas.stroke(polygon((side * 0.2 + 0.16, -0.62), (side * 0.2 - 0.16, 0.62)), colour, LINE)


def _pause(canvas: Canvas, colour: Colour) -> None:
    for bar in both_sides([polygon((0.18, -0.7), (0.58, -0.7), (0.58, 0.7), (0.18, 0.7))]):
        canvas.fill(rounded(bar, 2, 0.15), colour)


GLYPHS: dict[str, Painter] = {
    "robot": _robot,
    "cloud": _cloud,
    "ONLINE": _online,
    "OFFLINE": _offline,
    "PROBING": _probing,
    "cut": _cut,
    "pause": _pause,
}
