"""What the buttons of the page ask for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fer_ros.errors import ParameterError
from fer_ros.mode import FORCED

MODES = ("automatic", *(mode for mode in FORCED if mode != "automatic"))
# What can be done → the value it takes: true or false, or a word.
ACTIONS: Mapping[str, type[bool] | type[str]] = {
    "enable": bool,
    "consent": bool,
    "mode": str,
    "link": str,
    "cut": bool,
}
LONGEST = 100  # characters of a word


@dataclass(frozen=True)
class Action:
    """One thing to do.

    Attributes:
        name: a key of ACTIONS.
        value: what it takes.
    """

    name: str
    value: bool | str


@dataclass(frozen=True)
class Answer:
    """What became of it, in a sentence for people."""

    success: bool
    message: str


def parse_action(body: bytes) -> Action:
    """Read what the page sent.

    Args:
        body: JSON: `{"do": "enable", "value": true}`, `{"do": "link", "profile": "wifi"}`, ...

    Raises:
        ParameterError: it is nothing that can be done.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParameterError("the body is not JSON") from error
    name = told.get("do") if isinstance(told, dict) else None
    if not isinstance(name, str) or name not in ACTIONS:
        raise ParameterError(f"there is nothing to do; `do` takes {', '.join(ACTIONS)}")
    field = "profile" if name == "link" else "value"
    return Action(name, _checked(name, field, told.get(field)))


def _checked(name: str, field: str, value: Any) -> bool | str:
    """The value as the type that the action takes."""
    if ACTIONS[name] is bool:
        if not isinstance(value, bool):
            raise ParameterError(f"{name}: {field} takes true or false")
        return value
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise ParameterError(f"{name}: {field} takes a word")
    if name == "mode" and value not in MODES:
        raise ParameterError(f"mode: {field} takes {', '.join(MODES)}")
    return value
