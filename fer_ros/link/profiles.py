"""Named link profiles, read from a YAML file and checked value by value."""

from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import yaml

from fer_ros.errors import ParameterError
from fer_ros.params import build, param


@dataclass(frozen=True)
class Direction:
    """One direction of a link; the defaults let everything pass at once."""

    rate_kbps: float = param(inf, "kbit/s of the slowest hop; null: unlimited", low=1.0, high=1e7)
    delay_ms: float = param(0.0, "ms, one-way propagation delay", low=0.0, high=60_000.0)
    jitter_ms: float = param(0.0, "ms, standard deviation of the delay", low=0.0, high=10_000.0)
    loss: float = param(0.0, "probability that one packet is lost", low=0.0, high=1.0)
    queue_bytes: int = param(1_000_000, "bytes that may wait at the slowest hop", low=1, high=10**9)
    mtu: int = param(1500, "bytes in one packet", low=64, high=65_535)
    reorder: bool = param(False, "jitter may let a later message overtake an earlier one")


@dataclass(frozen=True)
class LinkProfile:
    """A link between robot and cloud: `up` leads to the cloud, `down` back to the robot."""

    name: str
    up: Direction
    down: Direction


DIRECT = LinkProfile("direct", Direction(), Direction())


def load_profiles(path: Path) -> dict[str, LinkProfile]:
    """Read every profile of a links file.

    Args:
        path: a YAML file: profile name → {up: {…}, down: {…}}, keys as in `Direction`.

    Raises:
        ParameterError: the file cannot be read, or a value in it cannot be used; the message names
            file, profile, key, value and what the key takes.
    """
    profiles = _mapping(_read(path), str(path), "profile names, each with up and down")
    if not profiles:
        raise ParameterError(f"{path} holds no profile; add one with up and down")
    return {str(name): _profile(str(name), value, f"{path}: {name}") for name, value in profiles.items()}


def pick_profile(profiles: dict[str, LinkProfile], name: str) -> LinkProfile:
    """The profile called `name`; ParameterError lists the names there are."""
    if name not in profiles:
        raise ParameterError(f"there is no link profile {name!r}; choose one of {', '.join(profiles)}")
    return profiles[name]


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(f"{path} cannot be read ({error.strerror}); give a links file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise ParameterError(f"{path} is not YAML: {problem}; correct it there") from error


def _profile(name: str, value: Any, where: str) -> LinkProfile:
    sides = _mapping(value, where, "up and down")
    if set(sides) != {"up", "down"}:
        raise ParameterError(f"{where} has {sorted(map(str, sides))}; it takes exactly up and down")
    up, down = (_direction(sides[side], f"{where}.{side}") for side in ("up", "down"))
    return LinkProfile(name, up, down)


def _direction(value: Any, where: str) -> Direction:
    values = {str(key): v for key, v in _mapping(value, where, "rate_kbps, delay_ms and so on").items()}
    if values.get("rate_kbps", inf) is None:
        del values["rate_kbps"]
    return build(Direction, values, where)


def _mapping(value: Any, where: str, what: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise ParameterError(f"{where} is {value!r}; it takes a mapping of {what}")
    return value
