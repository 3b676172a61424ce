"""Policies: rules read from a YAML file, every one checked before the first estimate comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fer_ros.conversation.conditions import CONDITIONS
from fer_ros.conversation.reach import unreachable
from fer_ros.conversation.rules import CUES, Rule
from fer_ros.conversation.situation import AnySituation
from fer_ros.conversation.yaml_lines import Place, load_with_lines
from fer_ros.errors import ParameterError
from fer_ros.params import Meta, check
from fer_ros.resources import share

Keys = Mapping[str, tuple[Any, Meta]]

TOP: Keys = {
    "max_age_s": (float, Meta("s, age up to which an estimate can be certain", 0.05, 2.0)),
    "reaction_max_age_s": (float, Meta("s, for which a reaction is news", 0.1, 600.0)),
    "rules": (list, Meta("the rules")),
}
RULE: Keys = {
    "name": (str, Meta("name in logs and messages")),
    "cue": (str, Meta("what to do", choices=CUES)),
    "priority": (int, Meta("higher is asked earlier", -1000, 1000)),
    "refractory_s": (
        float,
        Meta("s, for which its cue must not have been given, by any rule", 0.5, 86_400.0),
    ),
    "when": (dict, Meta("the conditions")),
}
WHEN: Keys = {key: (condition.kind, condition.meta) for key, condition in CONDITIONS.items()}


class PolicyError(ParameterError):
    """A policy file cannot be used.

    Attributes:
        problems: one line each, with file, line, key, value and remedy.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Policy:
    """Rules in the order in which they are asked.

    Attributes:
        rules: by falling priority, equal ones in the order of the file.
        max_age_s: s, age up to which an estimate can be certain.
        reaction_max_age_s: s, for which rules can ask for a reaction.
    """

    rules: tuple[Rule, ...]
    max_age_s: float = 0.5
    reaction_max_age_s: float = 10.0

    def choose(self, situation: AnySituation) -> Rule | None:
        """The first rule that applies, whether or not it may give its cue again already."""
        for rule in self.rules:
            if rule.matches(situation):
                return rule
        return None


def policy_path(name: str) -> Path:
    """A policy file: one of this package's by name, or any by its path."""
    path = Path(name).expanduser()
    return path if path.suffix in (".yaml", ".yml") else share("config") / "policies" / f"{name}.yaml"


def load_policy(path: Path) -> Policy:
    """Read a policy.

    Raises:
        PolicyError: the file cannot be read, a value cannot be used, two rules share a name, or a
            rule can never fire; it lists everything that was found, rules that never fire last.
    """
    try:
        content, lines = load_with_lines(path)
    except ParameterError as error:
        raise PolicyError([str(error)]) from error
    file = _File(path, lines)
    top = file.read(content, TOP, ())
    places: dict[str, Place] = {}
    rules: list[Rule] = []
    for index, value in enumerate(top.pop("rules", [])):
        rule = _rule(file, value, ("rules", index))
        if rule is not None and _is_new(file, rule.name, places, ("rules", index)):
            rules.append(rule)
    if not places and not file.problems:
        file.complain(("rules",), "has no rules; add one with name, cue and when")
    file.stop_at_problems()
    policy = Policy(rules=tuple(sorted(rules, key=lambda rule: -rule.priority)), **top)
    for name, reason in unreachable(policy.rules).items():
        file.complain(places[name], f"({name}) can never fire: {reason}")
    file.stop_at_problems()
    return policy


class _File:
    """A policy file's path and lines, and what is wrong with it."""

    def __init__(self, path: Path, lines: Mapping[Place, int]) -> None:
        self._path = path
        self._lines = lines
        self.problems: list[str] = []

    def at(self, place: Place) -> str:
        """File, line and key of a place, or of what it should be in."""
        while place not in self._lines:
            place = place[:-1]
        return f"{self._path}:{self._lines[place]}: {'.'.join(map(str, place)) or 'the file'}"

    def complain(self, place: Place, problem: str) -> None:
        self.problems.append(f"{self.at(place)} {problem}")

    def stop_at_problems(self) -> None:
        if self.problems:
            raise PolicyError(self.problems)

    def read(self, value: Any, keys: Keys, place: Place) -> dict[str, Any]:
        """The values of the mapping at `place` that can be used."""
        if not isinstance(value, dict):
            self.complain(place, f"is {value!r}; it takes a mapping of {', '.join(keys)}")
            return {}
        good = {}
        for key, found in value.items():
            if key not in keys:
                self.complain((*place, str(key)), f"is unknown; it takes {', '.join(keys)}")
                continue
            try:
                good[key] = check(self.at((*place, key)), *keys[key], found)
            except ParameterError as error:
                self.problems.append(str(error))
        return good


def _rule(file: _File, value: Any, place: Place) -> Rule | None:
    """A rule; None where something is wrong with it."""
    before = len(file.problems)
    found = file.read(value, RULE, place)
    for key in ("name", "cue"):
        if isinstance(value, dict) and not value.get(key):
            file.complain(place, f"has no {key}; add it")
    when = file.read(found.pop("when", {}), WHEN, (*place, "when"))
    for key, names in when.items():
        if names == ():
            file.complain((*place, "when", key), "is empty, so the rule can never fire; fill it")
    return None if len(file.problems) > before else Rule(when=when, **found)


def _is_new(file: _File, name: str, places: dict[str, Place], place: Place) -> bool:
    if name in places:
        file.complain((*place, "name"), f"is {name!r} again; rename one of the two")
        return False
    places[name] = place
    return True
