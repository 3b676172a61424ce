"""The ladder: rungs, how much use each is, and what it costs; read from config/ladder.yaml."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fer_ros.errors import ParameterError
from fer_ros.link.rung import NOTHING, Reach, Rung, parse_rung

HEADER_BYTES = 40  # of every packet: IP, UDP and RTPS spend about this
MTU = 1500
NOMINAL_BYTES = {Reach.FRAMES: 30_000, Reach.CROPS: 2_000, Reach.BLENDSHAPES: 130, Reach.NOTHING: 40}
KEYS = {"rung", "use", "bytes"}
ABOUT = """\
# What the robot can send, and what use it is; written by `fer_ros link report CLIP... --write-ladder FILE`.
#
# use    share of images of a face whose newest cloud result names the same apparent expression as the
#        full-quality one, over a link that carries everything at once
# bytes  of a payload with one face
"""


@dataclass(frozen=True)
class Step:
    """A rung on the ladder.

    Attributes:
        rung: what is sent.
        use: 0..1, share of images whose newest cloud result equals the full-quality one, over a link
            that carries everything at once.
        size_bytes: of one payload with one face, as measured; replaced by what is seen at run time.
    """

    rung: Rung
    use: float
    size_bytes: float

    @property
    def packets(self) -> int:
        """Packets of one payload."""
        return max(1, -(-int(self.size_bytes) // MTU))

    @property
    def bps(self) -> float:
        """bit/s on the wire."""
        return 8 * (self.size_bytes + HEADER_BYTES * self.packets) * self.rung.rate_hz


SILENT = Step(NOTHING, 0.0, NOMINAL_BYTES[Reach.NOTHING])


def load_ladder(path: Path) -> tuple[Step, ...]:
    """Read a ladder, from the least to the greatest rate.

    Raises:
        ParameterError: the file cannot be read, or an entry in it cannot be used; the message names
            file, entry, value and what it takes.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(f"{path} cannot be read ({error.strerror}); give a ladder file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise ParameterError(f"{path} is not YAML: {problem}; correct it there") from error
    if not isinstance(entries, list) or not entries:
        raise ParameterError(f"{path} holds no list of rungs; add one with rung, use and bytes")
    return tuple(sorted((_step(path, entry) for entry in entries), key=lambda step: step.bps))


def save_ladder(path: Path, steps: Sequence[Step]) -> None:
    """Write a ladder as `load_ladder` reads it; ParameterError where the file cannot be written."""
    lines = [f"- {{rung: {s.rung}, use: {s.use:.3f}, bytes: {s.size_bytes:.0f}}}\n" for s in steps]
    try:
        path.write_text(ABOUT + "".join(lines), encoding="utf-8")
    except OSError as error:
        raise ParameterError(f"{path} cannot be written ({error.strerror}); choose another file") from error


def allowed(steps: Sequence[Step], allow: Reach) -> tuple[Step, ...]:
    """What of a ladder stays within `allow`; always begins with nothing."""
    return (SILENT, *(step for step in steps if Reach.NOTHING < step.rung.reach <= allow))


def fixed(rung: Rung) -> tuple[Step, ...]:
    """A ladder of one rung."""
    return (Step(rung, 1.0, NOMINAL_BYTES[rung.reach]),)


def _step(path: Path, entry: Any) -> Step:
    if not isinstance(entry, dict) or set(entry) != KEYS:
        raise ParameterError(f"{path}: {entry!r} is not an entry; it takes exactly {', '.join(sorted(KEYS))}")
    rung = parse_rung(str(entry["rung"]))
    return Step(rung, _number(path, entry, "use", 0.0, 1.0), _number(path, entry, "bytes", 1.0, 4e6))


def _number(path: Path, entry: dict[str, Any], key: str, low: float, high: float) -> float:
    value = entry[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ParameterError(
            f"{path}: {entry['rung']}.{key} is {value!r}; it takes a number from {low:g} to {high:g}"
        )
    return float(value)
