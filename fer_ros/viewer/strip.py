"""What holds for everybody: who is in charge, how the link is, and whether anything is inferred."""

from dataclasses import dataclass, replace

from fer_ros.faces.face import Image8
from fer_ros.viewer.brush import Brush
from fer_ros.viewer.colours import GREY, INK, MODES, VERMILLION, WHITE, Colour
from fer_ros.viewer.look import LEAST_TEXT, Look
from fer_ros.viewer.scene import Link, Scene
from fer_ros.viewer.sprites import Rect
from fer_ros.viewer.text import LINE, fitted, line_height, text_width
from fer_ros.viewer.words import Words

BETWEEN = " · "
WIDEST = 0.62  # of the image's width, that the strip takes
TALLEST = 0.45  # of its height, that the banner takes
TITLE = 1.4  # size of the banner's first line, of its second
LEAST_OPACITY = 0.9  # of the banner


@dataclass(frozen=True)
class Piece:
    """A part of the strip: text, on a ground of its own where that has a colour."""

    text: str
    glyph: str = ""
    ground: Colour | None = None


class Strip:
    """The upper left corner: the mode, and the link as far as there is room."""

    def __init__(self, scene: Scene, look: Look, words: Words) -> None:
        self._look = look
        self._pieces = self._fitting(_variants(scene, words))
        self.rect: Rect | None = None
        if self._pieces:
            margin = max(look.gap // 2, 1)
            self.rect = margin, margin, margin + self._width(self._pieces), margin + self._height

    def _fitting(self, variants: list[list[Piece]]) -> list[Piece]:
        room = self._look.width * WIDEST
        return next((pieces for pieces in variants if self._width(pieces) <= room), [])

    def draw(self, image: Image8, brush: Brush) -> None:
        """Draw it in place."""
        if self.rect is None:
            return
        look = self._look
        radius = self._height // 2 if not look.high else look.gap
        brush.plate(image, self.rect, look.plate, radius=radius, opacity=look.opacity)
        x = self.rect[0]
        for piece in self._pieces:
            self._draw_piece(image, piece, x, brush)
            x += self._piece_width(piece) + self._look.gap // 2

    @property
    def _height(self) -> int:
        return line_height(self._look.small) + self._look.gap

    def _width(self, pieces: list[Piece]) -> int:
        between = max(len(pieces) - 1, 0) * (self._look.gap // 2)
        return sum(self._piece_width(piece) for piece in pieces) + between

    def _piece_width(self, piece: Piece) -> int:
        look = self._look
        width = 4 * look.gap + (look.small if piece.glyph else 0)
        if piece.text:
            between = look.gap if piece.glyph else 0
            width += between + text_width(piece.text, look.small, bold=piece.ground is not None)
        return width

    def _draw_piece(self, image: Image8, piece: Piece, x: int, brush: Brush) -> None:
        look, ink = self._look, self._look.quiet
        if self.rect is None:
            return
        top = self.rect[1]
        if piece.ground is not None:
            ink = INK if not look.high else WHITE
            rect = x, top, x + self._piece_width(piece), top + self._height
            ground = look.plate if look.high else piece.ground
            radius = self._height // 2 if not look.high else look.gap
            brush.plate(image, rect, ground, radius=radius, edge=piece.ground, edge_width=look.line)
        x += 2 * look.gap
        if piece.glyph:
            brush.glyph(image, piece.glyph, x, top + (self._height - look.small) // 2, look.small, ink)
            x += look.small + look.gap
        if piece.text:
            y = top + (self._height - line_height(look.small)) // 2
            brush.text(image, piece.text, x, y, look.small, ink, bold=piece.ground is not None)


def _variants(scene: Scene, words: Words) -> list[list[Piece]]:
    """What the strip can say, from most to least."""
    mode = []
    if scene.mode:
        glyph = scene.mode if scene.mode in MODES else ""
        name = words.modes.get(scene.mode, scene.mode).upper()
        mode = [Piece(name, glyph, MODES.get(scene.mode, GREY))]
    link = _link(scene.link, words) if scene.link is not None else [[]]
    variants = [mode + pieces for pieces in link]
    signs = [replace(piece, text="") for piece in variants[-1] if piece.glyph]
    cut = scene.link is not None and scene.link.cut
    return [*variants, *([] if cut else [mode]), signs, signs[-1:]]


def _link(link: Link, words: Words) -> list[list[Piece]]:
    if link.cut:
        cut = Piece(words.cut.upper(), "cut", VERMILLION)
        return [[Piece(link.profile), cut], [cut]] if link.profile else [[cut]]
    rate = words.rate(link.goodput_bps)
    said = [[link.profile, link.payload, rate], [link.profile, rate], [rate or link.profile]]
    return [[Piece(BETWEEN.join(filter(None, parts)))] for parts in said if any(parts)]


class Banner:
    """A band along the lower edge that says why nothing is inferred."""

    def __init__(self, why: str, look: Look, words: Words) -> None:
        self._look = look
        most = int(look.height * TALLEST / ((1 + TITLE) * LINE)) - look.gap
        text, room = min(look.text, most), look.width - 6 * look.gap
        self.rect: Rect | None = None
        if text < LEAST_TEXT // 2 or room < look.width // 2:
            return
        title, known = round(text * TITLE), why.split(";")[0].strip()
        least = LEAST_TEXT // 2
        self._why, self._why_px = fitted(words.pauses.get(known, known), room, text, least)
        self._title, self._title_px = fitted(words.paused, room - 2 * title, title, least, bold=True)
        height = line_height(self._title_px) + line_height(self._why_px) + look.gap
        self.rect = 0, look.height - height, look.width, look.height

    def draw(self, image: Image8, brush: Brush) -> None:
        """Draw it in place."""
        if self.rect is None:
            return
        look, sign = self._look, self._title_px
        y = self.rect[1] + look.gap // 2
        brush.plate(image, self.rect, look.plate, radius=0, opacity=max(look.opacity, LEAST_OPACITY))
        width = sign + look.gap + text_width(self._title, sign, bold=True)
        x = (look.width - width) // 2
        brush.glyph(image, "pause", x, y + (line_height(sign) - sign) // 2, sign, WHITE)
        brush.text(image, self._title, x + sign + look.gap, y, sign, WHITE, bold=True)
        x = (look.width - text_width(self._why, self._why_px)) // 2
        brush.text(image, self._why, x, y + line_height(sign), self._why_px, look.quiet)
