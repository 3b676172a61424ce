"""Parameter dataclasses as command-line options: `--faces.finder yunet`."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import partial
from typing import Any, get_type_hints

from fer_ros.errors import ParameterError
from fer_ros.params import Meta, default_of, meta

Values = dict[str, dict[str, Any]]


def add_parameters(parser: argparse.ArgumentParser, owner: str, kind: type[Any]) -> None:
    """Add an option for every parameter of a dataclass.

    Args:
        parser: where to.
        owner: the node's path in the graph; options are `--<owner>.<parameter>`.
        kind: a dataclass whose fields are made with `param`.
    """
    group = parser.add_argument_group(f"{owner} parameters")
    types = get_type_hints(kind)
    for parameter in fields(kind):
        about = meta(parameter)
        option = group.add_argument(
            f"--{owner}.{parameter.name}",
            dest=f"{owner}.{parameter.name}",
            metavar=_metavar(types[parameter.name], about),
            type=_reader(types[parameter.name]),
            default=argparse.SUPPRESS,
            help=f"{about.help} (default {_shown(default_of(parameter))})".replace("%", "%%"),
        )
        words = ("true", "false") if types[parameter.name] is bool else about.choices
        if words:  # for shells: argparse's own choices would hide what else is said of a value
            option.completer = partial(_words, words)  # type: ignore[attr-defined]


def given(args: argparse.Namespace) -> Values:
    """The parameters that were given as options: owner → parameter → value."""
    values: Values = {}
    for name, value in vars(args).items():
        owner, dot, parameter = name.rpartition(".")
        if dot:
            values.setdefault(owner, {})[parameter] = value
    return values


def of(values: Values, owner: str) -> dict[str, Any]:
    """One owner's parameters."""
    return values.get(owner, {})


def truth(text: str) -> bool:
    """`true` or `false`, as ROS writes them."""
    if text.lower() not in ("true", "false"):
        raise ParameterError(f"{text!r} is not a truth value; write true or false")
    return text.lower() == "true"


def _words(words: Sequence[str], **_: Any) -> Sequence[str]:
    """As argcomplete asks for them."""
    return words


def _reader(kind: Any) -> Callable[[str], Any]:
    reader: Callable[[str], Any] = truth if kind is bool else kind

    def read(text: str) -> Any:
        try:
            return reader(text)
        except (ValueError, ParameterError) as error:
            raise argparse.ArgumentTypeError(f"{text!r} is not {_named(kind)}") from error

    return read


def _named(kind: Any) -> str:
    return {bool: "true or false", int: "a whole number", float: "a number"}.get(kind, "text")


def _metavar(kind: Any, about: Meta) -> str:
    if about.choices:
        return "|".join(about.choices)
    if about.low is not None and about.high is not None:
        return f"{about.low:g}..{about.high:g}"
    return "true|false" if kind is bool else "TEXT"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else (str(value) or "none")
