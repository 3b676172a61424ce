"""Colours of the overlay: Okabe and Ito's, which people who see colours differently tell apart."""

from collections.abc import Sequence

Colour = tuple[int, int, int]


def bgr(rgb: str) -> Colour:
    """A colour written as in CSS, as (blue, green, red)."""
    red, green, blue = (int(rgb[k : k + 2], 16) for k in (1, 3, 5))
    return blue, green, red


WHITE, BLACK = bgr("#ffffff"), bgr("#000000")
INK = bgr("#17181c")  # of features on light faces
PLATE = bgr("#14161c")
PALE = bgr("#cfd3da")  # text that matters less
GREY = bgr("#b4bac4")  # of what was not estimated
TRACK = bgr("#3b3f49")  # of a bar's empty part
UNLIKELY = bgr("#868c97")  # of bars outside the prediction set

VERMILLION, ORANGE, YELLOW = bgr("#d55e00"), bgr("#e69f00"), bgr("#f0e442")
GREEN, SKY, BLUE, PURPLE = bgr("#009e73"), bgr("#56b4e9"), bgr("#0072b2"), bgr("#cc79a7")

EXPRESSIONS: dict[str, Colour] = {
    "angry": VERMILLION,
    "disgust": GREEN,
    "fear": PURPLE,
    "happy": YELLOW,
    "sad": BLUE,
    "surprise": ORANGE,
    "neutral": bgr("#d9dce1"),
    "contempt": bgr("#4a4e59"),
    "calm": SKY,
    "unknown": bgr("#f4f4f4"),
}
# Two of them are too dark for lines and bars on dark ground.
LINES: dict[str, Colour] = EXPRESSIONS | {"contempt": bgr("#a3a8b5"), "sad": bgr("#2f9ce0")}

MODES: dict[str, Colour] = {"ONLINE": GREEN, "OFFLINE": VERMILLION, "PROBING": ORANGE}


def line_colour(label: str) -> Colour:
    """The colour of a label's box and bar; grey where it has none."""
    return LINES.get(label, GREY)


def mixed(first: Sequence[int], second: Sequence[int], share: float) -> Colour:
    """A colour between two; `share` of the second."""
    blue, green, red = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return blue, green, red
