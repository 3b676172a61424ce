"""The box around a face: a line with round corners, or dashes where there is no answer."""

from math import isfinite

from fer_ros.faces.face import Box, Image8
from fer_ros.viewer.brush import Brush
from fer_ros.viewer.colours import BLACK, Colour
from fer_ros.viewer.look import Look
from fer_ros.viewer.sprites import Rect, fill

MOST_DASHES = 8  # on each side, with as many gaps less one
DASH = 5  # times as long as thick, at least
LEAST = 4  # sides are so many times as long as thick, at least
FARTHEST = 100_000.0  # px; what is farther away is drawn as far


def visible(box: Box) -> bool:
    """Whether it has numbers to be drawn by."""
    return all(isfinite(v) for v in box) and box[2] > box[0] and box[3] > box[1]


def draw_box(image: Image8, box: Box, colour: Colour, look: Look, brush: Brush, *, dashed: bool) -> None:
    """Draw the box of a face in place, with a dark seam that stands out from bright ground.

    Args:
        image: (H, W, 3) uint8, BGR.
        box: (x0, y0, x1, y1) px; it may leave the image.
        colour: BGR.
        look: how thick.
        brush: what draws.
        dashed: for a face without an answer.
    """
    x0, y0, x1, y1 = (round(min(max(v, -FARTHEST), FARTHEST)) for v in box)
    seam, line = max(look.line // 2, 1), look.line
    x1, y1 = max(x1, x0 + LEAST * line), max(y1, y0 + LEAST * line)
    if dashed:
        _draw_dashes(image, (x0, y0, x1, y1), colour, line, seam)
        return
    radius = look.gap + 2
    outer = x0 - seam, y0 - seam, x1 + seam, y1 + seam
    brush.ring(image, outer, BLACK, radius=radius + seam, line=line + 2 * seam)
    brush.ring(image, (x0, y0, x1, y1), colour, radius=radius, line=line)


def _draw_dashes(image: Image8, box: Rect, colour: Colour, line: int, seam: int) -> None:
    dashes = _dashes(box, line + 1)
    for x0, y0, x1, y1 in dashes:
        fill(image, (x0 - seam, y0 - seam, x1 + seam, y1 + seam), BLACK)
    for dash in dashes:
        fill(image, dash, colour)


def _dashes(box: Rect, line: int) -> list[Rect]:
    x0, y0, x1, y1 = box
    dashes = []
    for a, b in _parts(x0, x1, DASH * line):
        dashes += [(a, y0, b, y0 + line), (a, y1 - line, b, y1)]
    for a, b in _parts(y0, y1, DASH * line):
        dashes += [(x0, a, x0 + line, b), (x1 - line, a, x1, b)]
    return dashes


def _parts(start: int, end: int, least: int) -> list[tuple[int, int]]:
    count = min(max(round((end - start) / least / 2), 2), MOST_DASHES)
    step = (end - start) / (2 * count - 1)
    return [(round(start + 2 * k * step), round(start + (2 * k + 1) * step)) for k in range(count)]
