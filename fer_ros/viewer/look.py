"""Sizes that follow from the image's size and the parameters."""

from dataclasses import dataclass

from fer_ros.viewer.colours import BLACK, PALE, PLATE, WHITE, Colour
from fer_ros.viewer.params import OverlayParams

TEXT, SMALL = 0.03, 0.72  # of the image's height; of the text
LEAST_TEXT, LEAST_SMALL = 12, 11  # px; below, nobody reads it
OPACITY = 0.82


@dataclass(frozen=True)
class Look:
    """How things look on images of one size.

    Attributes:
        width, height: of the image, px.
        text, small: sizes of the two fonts, px.
        gap: between things, px.
        line: thickness of boxes, px.
        high: in high contrast.
    """

    width: int
    height: int
    text: int
    small: int
    gap: int
    line: int
    high: bool

    @property
    def plate(self) -> Colour:
        """The ground behind text."""
        return BLACK if self.high else PLATE

    @property
    def opacity(self) -> float:
        """Of that ground, 0..1."""
        return 1.0 if self.high else OPACITY

    @property
    def quiet(self) -> Colour:
        """Of text that matters less."""
        return WHITE if self.high else PALE


def look_for(params: OverlayParams, width: int, height: int) -> Look:
    """How things look on images of `width` by `height` px."""
    reference = min(height, width * 0.75)
    text = max(round(max(reference * TEXT, LEAST_TEXT) * params.text_scale), LEAST_TEXT // 2)
    small = max(round(text * SMALL), min(LEAST_SMALL, text))
    high = params.contrast == "high"
    line = max(round(reference / 240), 1) + high * max(round(reference / 400), 1)
    return Look(width, height, text, small, max(round(text * 0.32), 2), line, high)
