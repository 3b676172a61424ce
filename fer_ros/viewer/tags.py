"""The label of a face, in five degrees of detail, from every bar to the icon alone."""

from dataclasses import dataclass

from fer_ros.faces.face import Image8
from fer_ros.viewer.brush import Brush
from fer_ros.viewer.captions import Bar, Caption
from fer_ros.viewer.colours import GREY, TRACK, UNLIKELY, WHITE, Colour, line_colour
from fer_ros.viewer.look import Look
from fer_ros.viewer.sprites import Rect, fill
from fer_ros.viewer.text import line_height, text_width
from fer_ros.viewer.words import Words

FULL, TOP, NAME, BRIEF, ICON = range(5)
BEST = 3  # bars of TOP
SIGNS = {"robot": ("robot",), "cloud": ("cloud",), "both": ("robot", "cloud")}
SECOND = 0.62  # how far the second of two icons stands out beside the first, of its size


@dataclass(frozen=True)
class Row:
    """A line of small text, behind signs."""

    glyphs: tuple[str, ...]
    text: str


class Tag:
    """One label: measured when made, drawn where it fits."""

    def __init__(self, caption: Caption, detail: int, look: Look, words: Words, widest: int) -> None:
        """Measure it.

        Args:
            caption: what it says.
            detail: FULL, TOP, NAME, BRIEF or ICON.
            look: sizes.
            words: the language.
            widest: it is made no wider than this where shrinking its title helps, px.
        """
        self._caption, self._look, self._words = caption, look, words
        self._icon_px = self._icon_size(detail)
        self._rows = self._make_rows(detail)
        self._bars = {FULL: caption.bars, TOP: caption.best(BEST)}.get(detail, ())
        self._title, self._title_px = "", look.text
        if detail != ICON:
            self._title, self._title_px = self._fitting_title(widest)
        self._pad = round(1.3 * look.gap) if detail != ICON else max(look.gap // 2, 1)
        self.size = self._measured()

    def _fitting_title(self, widest: int) -> tuple[str, int]:
        """As large as there is room for; no text where the short title does not fit in small letters."""
        room = widest - self._icons_width - 4 * self._look.gap - self._share_width
        for title in (self._caption.title, self._caption.short or self._caption.title):
            for size in range(self._look.text, self._look.small - 1, -1):
                if text_width(title, size, bold=True) <= room:
                    return title, size
        return "", self._look.small

    @property
    def speaks(self) -> bool:
        """Whether there is text on it."""
        return bool(self._title)

    def draw(self, image: Image8, rect: Rect, brush: Brush) -> None:
        """Draw it in place; `rect` has the tag's `size`."""
        look, edge = self._look, accent(self._caption)
        brush.plate(
            image,
            rect,
            look.plate,
            radius=look.gap + 2,
            opacity=look.opacity,
            edge=edge,
            edge_width=look.line,
        )
        x, y = rect[0] + self._pad, rect[1] + self._pad
        self._draw_icons(image, x, y, brush)
        if self._title:
            self._draw_lines(image, x + self._icons_width + look.gap, y, rect[2] - self._pad, brush)
        self._draw_bars(image, x, y + self._head_height + look.gap // 2, rect[2] - self._pad, brush)

    def _icon_size(self, detail: int) -> int:
        look = self._look
        if detail in (BRIEF, ICON):
            wanted = round(line_height(look.text) * (1.0 if detail == BRIEF else 1.3))
            return max(min(wanted, look.width // 3, look.height // 3), 1)
        return line_height(look.text) + line_height(look.small)

    def _make_rows(self, detail: int) -> list[Row]:
        if detail in (BRIEF, ICON):
            return []
        said = self._caption
        rows = [Row((), said.detail)] if said.detail else []
        if said.source:
            rows.append(Row(SIGNS.get(said.source, ()), self._words.sources.get(said.source, said.source)))
        return rows[:1] if detail == NAME else rows

    @property
    def _icons_width(self) -> int:
        return self._icon_px + (len(self._caption.shown) - 1) * round(self._icon_px * SECOND)

    @property
    def _share(self) -> str:
        share = self._caption.share
        return "" if share is None or self._bars or not self._rows else self._words.percentage(share)

    @property
    def _share_width(self) -> int:
        return text_width(self._share, self._look.small) + self._look.gap if self._share else 0

    @property
    def _head_height(self) -> int:
        rows = len(self._rows) * line_height(self._look.small)
        return max(self._icon_px, line_height(self._title_px) + rows if self._title else 0)

    @property
    def _pitch(self) -> int:
        return line_height(self._look.small)

    def _measured(self) -> tuple[int, int]:
        look = self._look
        lines = (
            [text_width(self._title, self._title_px, bold=True) + self._share_width] if self._title else []
        )
        lines += [self._row_width(row) for row in self._rows]
        width = self._icons_width + (look.gap + max(lines) if lines else 0)
        height = self._head_height
        if self._bars:
            width = max(width, self._names_width + self._shares_width + 5 * look.text + 2 * look.gap)
            height += look.gap // 2 + len(self._bars) * self._pitch
        return width + 2 * self._pad, height + 2 * self._pad

    def _row_width(self, row: Row) -> int:
        return len(row.glyphs) * (self._look.small + self._look.gap) + text_width(row.text, self._look.small)

    @property
    def _names_width(self) -> int:
        return max(text_width(bar.name, self._look.small) for bar in self._caption.bars)

    @property
    def _shares_width(self) -> int:
        return text_width(self._words.percentage(1.0), self._look.small)

    def _draw_icons(self, image: Image8, x: int, y: int, brush: Brush) -> None:
        step = round(self._icon_px * SECOND)
        y += (self._head_height - self._icon_px) // 2
        for k, name in reversed(list(enumerate(self._caption.shown))):
            brush.icon(image, name, x + k * step, y, self._icon_px)

    def _draw_lines(self, image: Image8, x: int, y: int, right: int, brush: Brush) -> None:
        look = self._look
        text_height = line_height(self._title_px) + len(self._rows) * line_height(look.small)
        y += (self._head_height - text_height) // 2
        brush.text(image, self._title, x, y, self._title_px, WHITE, bold=True)
        if self._share:
            down = round(1.06 * (self._title_px - look.small))
            brush.text(
                image, self._share, right - self._share_width + look.gap, y + down, look.small, look.quiet
            )
        y += line_height(self._title_px)
        for row in self._rows:
            self._draw_row(image, row, x, y, brush)
            y += line_height(look.small)

    def _draw_row(self, image: Image8, row: Row, x: int, y: int, brush: Brush) -> None:
        look = self._look
        for name in row.glyphs:
            brush.glyph(
                image, name, x, y + (line_height(look.small) - look.small) // 2, look.small, look.quiet
            )
            x += look.small + look.gap
        brush.text(image, row.text, x, y, look.small, look.quiet)

    def _draw_bars(self, image: Image8, x: int, y: int, right: int, brush: Brush) -> None:
        if not self._bars:
            return
        look, pitch = self._look, self._pitch
        left, end = x + self._names_width + look.gap, right - self._shares_width - look.gap
        thick = max(round(look.small * 0.56), 3)
        for k, bar in enumerate(self._bars):
            top = y + k * pitch + (pitch - thick) // 2
            brush.text(image, bar.name, x, y + k * pitch, look.small, WHITE)
            fill(image, (left, top, end, top + thick), TRACK)
            fill(
                image, (left, top, left + round((end - left) * bar.share), top + thick), self._bar_colour(bar)
            )
            number = self._words.percentage(bar.share)
            number_x = right - text_width(number, look.small)
            brush.text(
                image, number, number_x, y + k * pitch, look.small, WHITE if bar.likely else look.quiet
            )

    def _bar_colour(self, bar: Bar) -> Colour:
        return line_colour(bar.label) if bar.likely and self._caption.given else UNLIKELY


def accent(caption: Caption) -> Colour:
    """The colour of a face's box and label."""
    return line_colour(caption.shown[0]) if caption.given else GREY
