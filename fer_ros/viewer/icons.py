"""A face for each label, and for what is not known: our own vector art."""

from collections.abc import Callable

import numpy as np

from fer_ros.viewer import outlines
from fer_ros.viewer.canvas import Canvas, Points, arc, both_sides, ellipse, moved, polygon, rounded
from fer_ros.viewer.colours import BLACK, EXPRESSIONS, GREY, INK, SKY, WHITE, Colour, bgr, mixed
from fer_ros.viewer.sprites import Sprite

Painter = Callable[[Canvas], None]

UNSURE, NONE = "unsure", "none"  # icons that belong to no label

RIM = 0.085  # width of the light rim, so that a face stands out from any ground
LINE = 0.13
MOUTH_RED = bgr("#b3312c")
TONGUE = bgr("#ff8f8f")


def draw_icon(name: str, size: int) -> Sprite:
    """The icon of a label, or UNSURE or NONE.

    Args:
        name: a label that has none gets that of "unknown".
        size: px, of its square.
    """
    canvas = Canvas(size)
    PAINTERS.get(name, _unknown)(canvas)
    return canvas.sprite()


def _head(canvas: Canvas, outline: Points, colour: Colour) -> None:
    """The face's ground: rim, colour, and a soft shade below."""
    canvas.fill(outline, WHITE)
    canvas.stroke(outline, WHITE, RIM, closed=True)
    canvas.fill(outline * 0.93, mixed(colour, BLACK, 0.16))
    canvas.fill(outline * (0.93, 0.9) + (0, -0.035), colour)


def _eyes(canvas: Canvas, x: float, y: float, rx: float, ry: float, ink: Colour = INK) -> None:
    for eye in both_sides([ellipse(x, y, rx, ry)]):
        canvas.fill(eye, ink)


def _brows(canvas: Canvas, inner: tuple[float, float], outer: tuple[float, float], ink: Colour = INK) -> None:
    for brow in both_sides([polygon(inner, outer)]):
        canvas.stroke(brow, ink, LINE)


def _angry(canvas: Canvas) -> None:
    _head(canvas, outlines.horned(), EXPRESSIONS["angry"])
    _eyes(canvas, 0.34, 0.04, 0.11, 0.14)
    _brows(canvas, (0.13, -0.12), (0.56, -0.34))
    teeth = rounded(polygon((-0.42, 0.36), (0.42, 0.36), (0.46, 0.64), (-0.46, 0.64)), 2, 0.2)
    canvas.fill(teeth, WHITE)
    canvas.stroke(teeth, INK, 0.1, closed=True)
    for x in (-0.15, 0.15):
        canvas.stroke(polygon((x, 0.38), (x, 0.62)), INK, 0.06)
    canvas.stroke(polygon((-0.42, 0.5), (0.42, 0.5)), INK, 0.06)


def _disgust(canvas: Canvas) -> None:
    _head(canvas, outlines.hexagon(), EXPRESSIONS["disgust"])
    for eye in both_sides([polygon((0.52, -0.36), (0.2, -0.2), (0.52, -0.04))]):
        canvas.stroke(eye, INK, LINE)
    mouth = rounded(polygon((-0.5, 0.3), (0, 0.16), (0.5, 0.3), (0.3, 0.48), (-0.3, 0.48)), 2)
    tongue = rounded(polygon((-0.2, 0.36), (0.24, 0.36), (0.26, 0.84), (-0.18, 0.84)), 3)
    canvas.fill(mouth, INK)
    canvas.stroke(tongue, INK, 0.1, closed=True)
    canvas.fill(tongue, TONGUE)
    canvas.stroke(polygon((0.03, 0.42), (0.03, 0.64)), MOUTH_RED, 0.05)


def _fear(canvas: Canvas) -> None:
    _head(canvas, outlines.ghost(), EXPRESSIONS["fear"])
    for eye in both_sides([ellipse(0.34, -0.14, 0.22, 0.25)]):
        canvas.fill(eye, WHITE)
    _eyes(canvas, 0.32, -0.12, 0.08, 0.09)
    _brows(canvas, (0.2, -0.58), (0.56, -0.44))
    x = np.linspace(-0.44, 0.44, 40)
    canvas.stroke(np.stack([x, 0.42 + 0.085 * np.cos(x / 0.44 * 3 * np.pi)], 1), INK, LINE)


def _happy(canvas: Canvas) -> None:
    _head(canvas, outlines.disc(), EXPRESSIONS["happy"])
    for eye in both_sides([arc(0.34, -0.12, 0.16, 0.2, 190, 350)]):
        canvas.stroke(eye, INK, LINE)
    canvas.fill(arc(0, 0.14, 0.56, 0.56, 0, 180), INK)
    canvas.fill(arc(0, 0.18, 0.47, 0.16, 0, 180), WHITE)
    canvas.fill(ellipse(0, 0.56, 0.25, 0.11), TONGUE)


def _sad(canvas: Canvas) -> None:
    _head(canvas, outlines.drop(), EXPRESSIONS["sad"])
    _eyes(canvas, 0.3, 0.1, 0.1, 0.13, WHITE)
    _brows(canvas, (0.14, -0.24), (0.5, -0.1), WHITE)
    canvas.stroke(arc(0, 0.72, 0.32, 0.24, 205, 335), WHITE, LINE)
    tear = rounded(polygon((0.5, 0.18), (0.63, 0.46), (0.5, 0.6), (0.37, 0.46)), 3)
    canvas.fill(tear, mixed(SKY, WHITE, 0.45))


def _surprise(canvas: Canvas) -> None:
    _head(canvas, outlines.burst(), EXPRESSIONS["surprise"])
    for eye in both_sides([ellipse(0.3, -0.12, 0.2, 0.22)]):
        canvas.fill(eye, WHITE)
    _eyes(canvas, 0.3, -0.12, 0.1, 0.11)
    for brow in both_sides([arc(0.31, -0.42, 0.18, 0.1, 200, 340)]):
        canvas.stroke(brow, INK, 0.1)
    canvas.fill(ellipse(0, 0.43, 0.2, 0.27), INK)
    canvas.fill(ellipse(0, 0.55, 0.12, 0.12), MOUTH_RED)


def _neutral(canvas: Canvas) -> None:
    _head(canvas, outlines.squircle(), EXPRESSIONS["neutral"])
    _eyes(canvas, 0.34, -0.14, 0.12, 0.15)
    canvas.stroke(polygon((-0.36, 0.36), (0.36, 0.36)), INK, LINE)


def _contempt(canvas: Canvas) -> None:
    _head(canvas, outlines.shield(), EXPRESSIONS["contempt"])
    for lid in both_sides([arc(0.34, -0.2, 0.2, 0.2, 0, 180)]):
        canvas.fill(lid, WHITE)
        canvas.stroke(lid[[0, -1]], WHITE, 0.09)
    for pupil in (ellipse(-0.24, -0.13, 0.08, 0.08), ellipse(0.44, -0.13, 0.08, 0.08)):
        canvas.fill(pupil, INK)
    canvas.stroke(arc(0.34, -0.46, 0.22, 0.1, 195, 345), WHITE, 0.1)
    canvas.stroke(polygon((-0.54, -0.4), (-0.14, -0.36)), WHITE, 0.1)
    canvas.stroke(rounded(polygon((-0.3, 0.42), (0.1, 0.44), (0.46, 0.2)), 3, closed=False), WHITE, LINE)


def _calm(canvas: Canvas) -> None:
    _head(canvas, outlines.wide(), EXPRESSIONS["calm"])
    for eye in both_sides([arc(0.38, -0.16, 0.18, 0.14, 10, 170)]):
        canvas.stroke(eye, INK, LINE)
    canvas.stroke(arc(0, 0.14, 0.32, 0.22, 25, 155), INK, LINE)


def _unknown(canvas: Canvas) -> None:
    outline = outlines.disc()
    _head(canvas, outline, EXPRESSIONS["unknown"])
    _question(canvas, 0, 0, 1.0, INK)


def _unsure(canvas: Canvas) -> None:
    _head(canvas, outlines.disc(), GREY)
    canvas.fill(ellipse(-0.36, -0.06, 0.12, 0.15), INK)
    canvas.fill(ellipse(0.2, -0.06, 0.12, 0.15), INK)
    canvas.stroke(polygon((-0.54, -0.3), (-0.2, -0.34)), INK, 0.11)
    canvas.stroke(arc(0.2, -0.36, 0.19, 0.14, 195, 345), INK, 0.11)
    x = np.linspace(-0.42, 0.34, 40)
    canvas.stroke(np.stack([x, 0.44 - 0.08 * np.sin((x + 0.42) / 0.76 * 2 * np.pi)], 1), INK, LINE)


def _none(canvas: Canvas) -> None:
    for start in range(0, 360, 45):
        canvas.stroke(arc(0, 0, 0.84, 0.84, start, start + 26), GREY, 0.14)
    for x in (-0.36, 0.0, 0.36):
        canvas.fill(ellipse(x, 0, 0.12, 0.12), GREY)


def _question(canvas: Canvas, x: float, y: float, scale: float, ink: Colour) -> None:
    hook = np.concatenate([arc(0, -0.24, 0.28, 0.26, 180, 395), polygon((0.02, 0.1), (0, 0.24))])
    canvas.stroke(moved(hook, x, y, 0, scale), ink, 0.17 * scale)
    canvas.fill(moved(ellipse(0, 0.52, 0.115, 0.115), x, y, 0, scale), ink)


PAINTERS: dict[str, Painter] = {
    "angry": _angry,
    "disgust": _disgust,
    "fear": _fear,
    "happy": _happy,
    "sad": _sad,
    "surprise": _surprise,
    "neutral": _neutral,
    "contempt": _contempt,
    "calm": _calm,
    "unknown": _unknown,
    UNSURE: _unsure,
    NONE: _none,
}
