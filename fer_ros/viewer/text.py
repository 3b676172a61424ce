"""Text as sprites, in the fonts that come with the package (fonts/OFL.txt)."""

from functools import lru_cache
from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fer_ros.viewer.colours import Colour
from fer_ros.viewer.sprites import Sprite, from_coverage

FONTS = Path(__file__).parent / "fonts"
ALPHABETS = ("overlay-{}.ttf", "overlay-ja-{}.otf")  # the first that has all characters of a text is used
NOWHERE = "\uffff"  # a character that no font has: fonts draw a box for it
LINE, BASELINE = 1.42, 1.06  # of the size: a line's height, and where letters stand in it
REPLACEMENT = "?"


def line_height(size: int) -> int:
    """Height of a line, px."""
    return ceil(size * LINE)


@lru_cache(maxsize=1024)
def text_width(text: str, size: int, *, bold: bool = False) -> int:
    """Width of a text, px."""
    shown, font = _fitting(text, size, bold=bold)
    return max(ceil(font.getlength(shown)) + 1, 1)


def draw_text(text: str, size: int, colour: Colour, *, bold: bool = False) -> Sprite:
    """A line of text.

    Args:
        text: characters that no font has become question marks.
        size: of the font, px.
        colour: BGR.
        bold: in the bold weight.

    Returns:
        a sprite of `text_width` by `line_height`.
    """
    shown, font = _fitting(text, size, bold=bold)
    picture = Image.new("L", (text_width(text, size, bold=bold), line_height(size)))
    ImageDraw.Draw(picture).text((0, round(size * BASELINE)), shown, 255, font, anchor="ls")
    return from_coverage(np.asarray(picture), colour)


def missing(text: str, alphabet: str) -> set[str]:
    """The characters that a font lacks."""
    return {character for character in text if not _has(alphabet, character)}


def fitted(text: str, width: int, size: int, least: int, *, bold: bool = False) -> tuple[str, int]:
    """A text and the size in which it is no wider than `width` px: smaller, or cut with an ellipsis."""
    while size > least and text_width(text, size, bold=bold) > width:
        size -= 1
    if text_width(text, size, bold=bold) <= width:
        return text, size
    while text and text_width(text + "…", size, bold=bold) > width:
        text = text[:-1].rstrip()
    return text + "…" if text else "", size


@lru_cache(maxsize=1024)
def _fitting(text: str, size: int, *, bold: bool) -> tuple[str, ImageFont.FreeTypeFont]:
    """A text as it can be drawn, and a font that has it."""
    text = " ".join(text.split()) or " "
    for alphabet in ALPHABETS:
        if not missing(text, alphabet):
            return text, _font(alphabet, size, bold=bold)
    lacking = missing(text, ALPHABETS[-1])
    shown = "".join(REPLACEMENT if character in lacking else character for character in text)
    return shown, _font(ALPHABETS[-1], size, bold=bold)


@lru_cache(maxsize=64)
def _font(alphabet: str, size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    file = FONTS / alphabet.format("Bold" if bold else "Regular")
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=2048)
def _has(alphabet: str, character: str) -> bool:
    font = _font(alphabet, 16, bold=False)
    return bytes(font.getmask(character)) != bytes(font.getmask(NOWHERE))
