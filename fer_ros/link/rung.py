"""The rungs of the ladder: what the robot can send of what it sees, from everything to nothing."""

import re
from dataclasses import dataclass
from enum import IntEnum

from fer_ros.errors import ParameterError

GRAMMAR = "640x360@15, crops64@15q50, blendshapes@30, quantised@30 or nothing"
RUNG = re.compile(
    r"(?:(?P<width>\d{2,4})x(?P<height>\d{2,4})|crops(?P<side>\d{2,3})|(?P<word>blendshapes|quantised))"
    r"@(?P<rate>\d{1,3}(?:\.\d{1,3})?)(?:q(?P<quality>\d{1,3}))?"
)
USUAL_QUALITY = 80
HIGHEST_HZ = 120.0


class Reach(IntEnum):
    """How much of a person leaves the robot; each includes those below it."""

    NOTHING = 0
    BLENDSHAPES = 1
    CROPS = 2
    FRAMES = 3


@dataclass(frozen=True)
class Rung:
    """One way of telling the cloud what the robot sees.

    Attributes:
        reach: what kind of thing is sent.
        rate_hz: 1/s, payloads at most; 0 for nothing.
        size: (width, height) px that a frame or a crop fits into; (0, 0) where there is no picture.
        quality: 1..100 of a picture's codec; 0 where there is none.
        quantised: whether blendshapes are sent with few bits each.
    """

    reach: Reach
    rate_hz: float = 0.0
    size: tuple[int, int] = (0, 0)
    quality: int = 0
    quantised: bool = False

    def __str__(self) -> str:
        if self.reach is Reach.NOTHING:
            return "nothing"
        if self.reach is Reach.BLENDSHAPES:
            return f"{'quantised' if self.quantised else 'blendshapes'}@{self.rate_hz:g}"
        width, height = self.size
        what = f"{width}x{height}" if self.reach is Reach.FRAMES else f"crops{width}"
        quality = "" if self.quality == USUAL_QUALITY else f"q{self.quality}"
        return f"{what}@{self.rate_hz:g}{quality}"


NOTHING = Rung(Reach.NOTHING)


def parse_rung(text: str) -> Rung:
    """The rung that `text` names, as `str` of a rung gives it; ParameterError for anything else."""
    if text == "nothing":
        return NOTHING
    found = RUNG.fullmatch(text)
    if found is None:
        raise ParameterError(f"rung is {text!r}; write one like {GRAMMAR}")
    rate_hz, quality = float(found["rate"]), int(found["quality"] or USUAL_QUALITY)
    if not 0.1 <= rate_hz <= HIGHEST_HZ:
        raise ParameterError(f"rung is {text!r}; its rate is 0.1 to {HIGHEST_HZ:g} per second")
    if found["word"]:
        return Rung(Reach.BLENDSHAPES, rate_hz, quantised=found["word"] == "quantised")
    if not 1 <= quality <= 100:
        raise ParameterError(f"rung is {text!r}; its quality is 1 to 100")
    if found["side"]:
        return Rung(Reach.CROPS, rate_hz, (int(found["side"]), int(found["side"])), quality)
    return Rung(Reach.FRAMES, rate_hz, (int(found["width"]), int(found["height"])), quality)
