"""Policies: rules read from a YAML file, every one checked before the first estimate comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fer_ros.conversation.reach import unreachable
from fer_ros.conversation.rules import CUES, MODES, TRENDS, UNCERTAIN, Conditions, Rule, Situation
from fer_ros.conversation.yaml_lines import Place, load_with_lines
from fer_ros.emotions import VALENCE_AROUSAL
from fer_ros.errors import ParameterError
from fer_ros.params import Meta, check

Keys = Mapping[str, tuple[Any, Meta]]

TOP: Keys = {
    "max_age_s": (float, Meta("s, age up to which an estimate can be certain", 0.05, 2.0)),
    "rules": (list, Meta("the rules")),
}
RULE: Keys = {
    "name": (str, Meta("name in logs and messages")),
    "cue": (str, Meta("what to do", choices=CUES)),
    "priority": (int, Meta("higher is asked earlier", -1000, 1000)),
    "refractory_s": (float, Meta("s, after which the rule may give its cue again", 0.5, 86_400.0)),
    "when": (dict, Meta("the conditions")),
}
WHEN: Keys = {
    "emotion": (tuple[str, ...], Meta("present expression", choices=(*VALENCE_AROUSAL, UNCERTAIN))),
    "min_confidence": (float, Meta("smoothed probability", 0.0, 1.0)),
    "min_duration_s": (float, Meta("s, since it became the present one", 0.0, 3600.0)),
    "trend": (tuple[str, ...], Meta("direction of valence", choices=TRENDS)),
    "mode": (tuple[str, ...], Meta("operating mode", choices=MODES)),
    "certain": (bool, Meta("the newest estimate leaves no other expression")),
    "absent_s": (float, Meta("s, since somebody was seen", 0.0, 86_400.0)),
}


@dataclass(frozen=True)
class Policy:
    """Rules in the order in which they are asked, and the age up to which an estimate is certain."""

    rules: tuple[Rule, ...]
    max_age_s: float = 0.5

    def choose(self, situation: Situation) -> Rule | None:
        """The first rule that applies, whether or not it may give its cue again already."""
        return next((rule for rule in self.rules if rule.matches(situation, self.max_age_s)), None)


class _File:
    """A policy file's path and lines, for errors."""

    def __init__(self, path: Path, lines: dict[Place, int]) -> None:
        self._path = path
        self._lines = lines

    def at(self, place: Place) -> str:
        while place not in self._lines:
            place = place[:-1]
        return f"{self._path}:{self._lines[place]}: {'.'.join(map(str, place)) or 'the file'}"

    def read(self, value: Any, keys: Keys, place: Place) -> dict[str, Any]:
        """The mapping at `place` with every value checked."""
        if not isinstance(value, dict):
            raise ParameterError(f"{self.at(place)} is {value!r}; it takes a mapping of {', '.join(keys)}")
        unknown = [str(key) for key in value if key not in keys]
        if unknown:
            raise ParameterError(f"{self.at((*place, unknown[0]))} is unknown; it takes {', '.join(keys)}")
        return {key: check(self.at((*place, key)), *keys[key], found) for key, found in value.items()}


def load_policy(path: Path) -> Policy:
    """Read a policy.

    Raises:
        ParameterError: the file cannot be read, a value cannot be used, two rules share a name, or a
            rule can never fire; the message gives file, line, key, value and remedy.
    """
    content, lines = load_with_lines(path)
    file = _File(path, lines)
    top = file.read(content, TOP, ())
    if not top.get("rules"):
        raise ParameterError(f"{file.at(('rules',))} has no rules; add one with name, cue and when")
    read = [_rule(file, value, index) for index, value in enumerate(top.pop("rules"))]
    places = _places(file, read)
    policy = Policy(rules=tuple(sorted(read, key=lambda rule: -rule.priority)), **top)
    for name, reason in unreachable(policy.rules, policy.max_age_s).items():
        raise ParameterError(f"{file.at(places[name])} ({name}) can never fire: {reason}")
    return policy


def _rule(file: _File, value: Any, index: int) -> Rule:
    place: Place = ("rules", index)
    found = {"priority": 0, "refractory_s": 10.0, "when": {}, **file.read(value, RULE, place)}
    for key in ("name", "cue"):
        if not found.get(key):
            raise ParameterError(f"{file.at(place)} has no {key}; add it")
    when = file.read(found.pop("when"), WHEN, (*place, "when"))
    for key, names in when.items():
        if names == ():
            raise ParameterError(
                f"{file.at((*place, 'when', key))} is empty, so the rule can never fire; fill it"
            )
    return Rule(when=Conditions(**when), **found)


def _places(file: _File, rules: list[Rule]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for index, rule in enumerate(rules):
        if rule.name in places:
            raise ParameterError(
                f"{file.at(('rules', index, 'name'))} is {rule.name!r} again; rename one of the two"
            )
        places[rule.name] = ("rules", index)
    return places
