"""What a link is like in each direction, and the profiles by name that YAML files hold."""

from dataclasses import dataclass, fields, replace
from math import inf
from pathlib import Path
from typing import Any

import yaml

from fer_ros.errors import ParameterError
from fer_ros.link.delays import SHAPES
from fer_ros.link.loss import GilbertElliott
from fer_ros.link.outages import OutagePlan
from fer_ros.link.traces import Trace, read_trace
from fer_ros.params import build, param

SUFFIX = ".yaml"
RELIABLE_LOSS = 0.9


@dataclass(frozen=True)
class Direction:
    """One direction of a link; the defaults let everything pass at once."""

    rate_kbps: float = param(inf, "kbit/s of the slowest hop; null: unlimited", low=1.0, high=1e7)
    trace: Trace | None = param(None, "instead of a rate: when packets leave the slowest hop")
    delay_ms: float = param(0.0, "ms, one-way propagation delay", low=0.0, high=60_000.0)
    jitter_ms: float = param(0.0, "ms, standard deviation of the delay", low=0.0, high=10_000.0)
    jitter_shape: str = param("normal", "how the delays of packets are distributed", choices=SHAPES)
    reorder: bool = param(False, "jitter may let a later message overtake an earlier one")
    loss: float = param(0.0, "probability that one packet is lost", low=0.0, high=1.0)
    bursts: GilbertElliott | None = param(None, "losses in bursts, beside the others")
    queue_bytes: int = param(1_000_000, "bytes that may wait at the slowest hop", low=1, high=10**9)
    mtu: int = param(1500, "bytes in one packet", low=64, high=65_535)
    reliable: bool = param(False, "lost packets are sent again, and messages arrive in order")
    outages: OutagePlan | None = param(None, "when nothing leaves the slowest hop")

    def problem(self) -> str:
        """What contradicts itself, with the remedy; empty: nothing."""
        if self.trace is not None and self.rate_kbps < inf:
            return "has both a rate_kbps and a trace; give one"
        if self.outages is not None and (problem := self.outages.problem()):
            return f"has outages that cannot be: it {problem}"
        if self.reliable and self.queue_bytes < self.mtu:
            return self._small_queue()
        if self.reliable and self.packet_loss > RELIABLE_LOSS:
            return (
                f"is reliable and loses {self.packet_loss:.3g} of its packets, which would be sent again and "
                f"again; it takes at most {RELIABLE_LOSS:g}"
            )
        return ""

    def implausible(self) -> str:
        """What can be emulated and is hardly meant, with the remedy; empty: nothing."""
        queues = self.rate_kbps < inf or self.trace is not None or self.outages is not None
        return self._small_queue() if queues and self.queue_bytes < self.mtu else ""

    @property
    def packet_loss(self) -> float:
        """0..1, share of packets that are lost in the long run, of both kinds."""
        return 1.0 - (1.0 - self.loss) * (1.0 - (self.bursts.loss if self.bursts else 0.0))

    def _small_queue(self) -> str:
        return f"has queue_bytes {self.queue_bytes}, too few for one packet of mtu {self.mtu}; raise them"


@dataclass(frozen=True)
class LinkProfile:
    """A link between robot and cloud: `up` leads to the cloud, `down` back to the robot."""

    name: str
    up: Direction
    down: Direction


DIRECT = LinkProfile("direct", Direction(), Direction())


def load_profiles(path: Path) -> dict[str, LinkProfile]:
    """Read every profile of a links file, or of a folder of such files.

    Args:
        path: a YAML file: profile name → {up: {…}, down: {…}}, keys as in `Direction`; or a folder,
            whose files are read in the order of their names. A trace is named relative to its file.

    Raises:
        ParameterError: a file cannot be read, or a value in it cannot be used; the message names
            file, profile, key, value and what the key takes.
    """
    if not path.is_dir():
        return _load_file(path)
    profiles: dict[str, LinkProfile] = {}
    for file in sorted(path.glob(f"*{SUFFIX}")):
        found = _load_file(file)
        if twice := profiles.keys() & found.keys():
            raise ParameterError(f"{file} holds {min(twice)!r}, as another file there does; rename one")
        profiles |= found
    if not profiles:
        raise ParameterError(f"{path} holds no file *{SUFFIX}; put profiles there")
    return profiles


def pick_profile(profiles: dict[str, LinkProfile], name: str) -> LinkProfile:
    """The profile called `name`; ParameterError lists the names there are."""
    if name not in profiles:
        raise ParameterError(f"there is no link profile {name!r}; choose one of {', '.join(profiles)}")
    return profiles[name]


def _load_file(path: Path) -> dict[str, LinkProfile]:
    profiles = _mapping(_read(path), str(path), "profile names, each with up and down")
    if not profiles:
        raise ParameterError(f"{path} holds no profile; add one with up and down")
    return {
        str(name): _profile(str(name), value, f"{path}: {name}", path.parent)
        for name, value in profiles.items()
    }


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(f"{path} cannot be read ({error.strerror}); give a links file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise ParameterError(f"{path} is not YAML: {problem}; correct it there") from error


def _profile(name: str, value: Any, where: str, folder: Path) -> LinkProfile:
    sides = _mapping(value, where, "up and down")
    if set(sides) != {"up", "down"}:
        raise ParameterError(f"{where} has {sorted(map(str, sides))}; it takes exactly up and down")
    up, down = (_direction(sides[side], f"{where}.{side}", folder) for side in ("up", "down"))
    return LinkProfile(name, up, down)


def _direction(value: Any, where: str, folder: Path) -> Direction:
    values = _values(Direction, value, where)
    parts: dict[str, Any] = {}
    if "trace" in values:
        parts["trace"] = _trace(values.pop("trace"), f"{where}.trace", folder)
    for name, kind in (("bursts", GilbertElliott), ("outages", OutagePlan)):
        if name in values:
            there = f"{where}.{name}"
            parts[name] = build(kind, _values(kind, values.pop(name), there), there)
    direction = replace(build(Direction, values, where), **parts)
    if problem := direction.problem() or direction.implausible():
        raise ParameterError(f"{where} {problem}")
    return direction


def _values(kind: type, value: Any, where: str) -> dict[str, Any]:
    """Keys and values as strings and what YAML read; null is left out where it is the default."""
    names = [field.name for field in fields(kind)]
    nullable = [field.name for field in fields(kind) if field.default in (None, inf)]
    given = _mapping(value, where, f"{names[0]}, {names[1]} and so on")
    return {str(key): v for key, v in given.items() if v is not None or key not in nullable}


def _trace(value: Any, where: str, folder: Path) -> Trace:
    if not isinstance(value, str):
        raise ParameterError(f"{where} is {value!r}; it takes the path of a Mahimahi trace")
    try:
        return read_trace(folder / value)
    except ParameterError as error:
        raise ParameterError(f"{where}: {error}") from error


def _mapping(value: Any, where: str, what: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise ParameterError(f"{where} is {value!r}; it takes a mapping of {what}")
    return value
