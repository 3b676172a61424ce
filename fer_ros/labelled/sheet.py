"""A contact sheet: many pictures on a page, each with what its faces seem to express and its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path

import cv2
import numpy as np

from fer_ros.errors import FerError
from fer_ros.faces.face import Image8
from fer_ros.viewer.colours import BLACK, GREY, Colour
from fer_ros.viewer.sprites import lay
from fer_ros.viewer.text import draw_text, fitted, line_height

SUFFIXES = (".png", ".jpg", ".jpeg")
MOST_COLUMNS, MOST_ROWS = 5, 6  # of a page: more of them cannot be told apart on a screen
FEW = 12  # pictures that may be larger
LARGE, SMALL = (480, 360), (320, 240)  # px, width and height of a picture's place
MARGIN, TEXT = 12, 16  # px; the second: of names
LEAST_TEXT = 11  # px, of names that are long
PAPER: Colour = (245, 245, 245)
JPEG_QUALITY = 85
UNREADABLE = "cannot be read"


@dataclass(frozen=True)
class Layout:
    """How many pictures there are, and where each stands."""

    count: int

    @property
    def columns(self) -> int:
        """Of every page."""
        return min(MOST_COLUMNS, ceil(sqrt(self.count)))

    @property
    def per_page(self) -> int:
        """Pictures on a full page."""
        return self.columns * MOST_ROWS

    @property
    def pages(self) -> int:
        """How many."""
        return ceil(self.count / self.per_page)

    @property
    def place(self) -> tuple[int, int]:
        """Width and height that a picture has for itself, px."""
        return LARGE if self.count <= FEW else SMALL

    def paths(self, path: Path) -> list[Path]:
        """The files of the pages: out.png, out-2.png, out-3.png."""
        return [path, *(path.with_stem(f"{path.stem}-{page}") for page in range(2, self.pages + 1))]


def thumbnail(image: Image8, place: tuple[int, int]) -> tuple[Image8, float]:
    """An image as large as its place allows, and its width over what it was before."""
    height, width = image.shape[:2]
    scale = min(place[0] / width, place[1] / height)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=how), np.uint8), scale


class Sheet:
    """Pages that are filled picture by picture, so that no more than one is in memory."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._page: Image8 | None = None
        self._filled = 0

    def add(self, picture: Image8 | None, name: str) -> Iterator[Image8]:
        """Put a picture on the sheet; gives the page that is full with it.

        Args:
            picture: (H, W, 3) uint8 BGR, no larger than the layout's place; None: it could not be read.
            name: stands below.
        """
        at = self._filled % self._layout.per_page
        if self._page is None:
            self._page = _blank(self._layout, min(self._layout.count - self._filled, self._layout.per_page))
        _draw(self._page, self._layout, at, picture, name)
        self._filled += 1
        if self._filled % self._layout.per_page == 0 or self._filled == self._layout.count:
            yield self._page
            self._page = None


def encoded(page: Image8, suffix: str) -> bytes:
    """A page as the bytes of a PNG or JPEG file."""
    quality = [] if suffix == ".png" else [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    done, data = cv2.imencode(suffix, page, quality)
    if not done:
        raise FerError(f"a page of {page.shape[1]}x{page.shape[0]} px cannot be written as {suffix}")
    return data.tobytes()


def _blank(layout: Layout, count: int) -> Image8:
    width, height = _cell(layout)
    rows = ceil(count / layout.columns)
    size = rows * height + MARGIN, layout.columns * width + MARGIN, 3
    return np.full(size, PAPER, np.uint8)


def _cell(layout: Layout) -> tuple[int, int]:
    """What a picture takes with its name and margin, px."""
    return layout.place[0] + MARGIN, layout.place[1] + line_height(TEXT) + MARGIN


def _draw(page: Image8, layout: Layout, at: int, picture: Image8 | None, name: str) -> None:
    row, column = divmod(at, layout.columns)
    cell, place = _cell(layout), layout.place
    x, y = column * cell[0] + MARGIN, row * cell[1] + MARGIN
    page[y : y + place[1], x : x + place[0]] = GREY if picture is None else PAPER
    if picture is None:
        lay(page, draw_text(UNREADABLE, TEXT, BLACK), x + MARGIN, y + MARGIN)
    else:
        top, left = y + (place[1] - picture.shape[0]) // 2, x + (place[0] - picture.shape[1]) // 2
        page[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    text, size = fitted(name, place[0], TEXT, LEAST_TEXT)
    lay(page, draw_text(text, size, BLACK), x, y + place[1])
