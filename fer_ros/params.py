"""Parameters declared once: default, unit, bounds and help feed ROS, YAML checks and the CLI."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from math import isfinite
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from fer_ros.errors import ParameterError

P = TypeVar("P")


@dataclass(frozen=True)
class Meta:
    """What a parameter's value may be, and what it means."""

    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    dynamic: bool = False


def param(
    default: Any,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    dynamic: bool = False,
) -> Any:
    """Declare one parameter of a frozen dataclass; bounds are inclusive, units stand in the name or help."""
    return field(default=default, metadata={"meta": Meta(help, low, high, choices, dynamic)})


def meta(parameter: Field[Any]) -> Meta:
    """The bounds and help of a field made with `param`."""
    found: Meta = parameter.metadata["meta"]
    return found


def build(kind: type[P], values: Mapping[str, Any], where: str) -> P:
    """Make a parameter object from loose values, checking every one.

    Args:
        kind: a frozen dataclass whose fields are made with `param`.
        values: name → value; names left out keep their defaults.
        where: whose parameters these are (a node's name, a file), for the error.

    Raises:
        ParameterError: an unknown name, a wrong type, or a value out of bounds.
    """
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    types = get_type_hints(kind)
    for name in values:
        if name not in known:
            raise ParameterError(f"{where}.{name} is not a parameter; it takes {', '.join(sorted(known))}")
    checked = {n: check(f"{where}.{n}", types[n], meta(known[n]), v) for n, v in values.items()}
    return kind(**checked)


def check(name: str, kind: Any, about: Meta, value: Any) -> Any:
    """Return `value` as the type its parameter has, or raise ParameterError saying what it takes."""
    if get_origin(kind) is tuple:
        return tuple(check(name, get_args(kind)[0], about, v) for v in _as_list(name, value))
    typed = _as_type(name, kind, value)
    if about.choices and typed not in about.choices:
        raise ParameterError(f"{name} is {typed!r}; choose one of {', '.join(map(repr, about.choices))}")
    if isinstance(typed, (int, float)) and not isinstance(typed, bool):
        _check_bounds(name, about, typed)
    return typed


def default_of(parameter: Field[Any]) -> Any:
    """The default of a field made with `param`."""
    if parameter.default is MISSING:
        raise TypeError(f"parameter {parameter.name} has no default")
    return parameter.default


def _as_list(name: str, value: Any) -> list[Any]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise ParameterError(f"{name} is {value!r}; it takes a list")
    return list(value)


def _as_type(name: str, kind: Any, value: Any) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is str and isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # a camera's index, which ROS's command line takes for a number
    if type(value) is not kind:
        raise ParameterError(f"{name} is {value!r} ({type(value).__name__}); it takes a {kind.__name__}")
    return value


def _check_bounds(name: str, about: Meta, value: float) -> None:
    low = about.low if about.low is not None else -float("inf")
    high = about.high if about.high is not None else float("inf")
    if not isfinite(value) or not low <= value <= high:
        raise ParameterError(f"{name} is {value}; it takes {low:g} to {high:g} ({about.help})")
