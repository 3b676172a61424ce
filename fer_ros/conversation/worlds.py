"""Every kind of situation that there is, seen through the conditions that some rules use.

Conditions divide the values of an attribute by a few thresholds and names. One value of each part
stands for all of it. Attributes that depend on each other, such as an expression and its
probability, form one dimension; dimensions are independent of each other. So a rule holds in a box:
a set of parts of each dimension.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import nan
from typing import Any

from fer_ros.conversation.conditions import CONDITIONS
from fer_ros.conversation.rules import Asked, Rule
from fer_ros.conversation.situation import MODES, REACTIONS, SILENT, TRENDS, TURNS, UNCERTAIN, Situation
from fer_ros.emotions import VALENCE_AROUSAL

Part = Mapping[str, Any]  # attributes of Situation → values that stand for all alike
World = Sequence[Sequence[Part]]
Used = Mapping[str, set[Any]]  # attribute → every value that some rule compares it with
Box = tuple[int, ...]  # a bit for every part, of every dimension

NOBODY = Situation()
BEYOND = 1.0  # further than any threshold of valence or arousal needs


def worlds(rules: Sequence[Rule]) -> tuple[World, World]:
    """The dimensions of situations with somebody, and of those with nobody, each a list of parts."""
    used = _used(rules)
    talk = [
        _known("mode", MODES, used),
        _turns(used),
        _spans("turn_s", used),
        _known("reaction", REACTIONS, used),
    ]
    somebody = [
        list(_expressions(used)),
        _spans("duration_s", used),
        _known("trend", TRENDS, used),
        _ranges("valence_low", "valence_high", used),
        _ranges("arousal_low", "arousal_high", used),
    ]
    personal = {name: getattr(NOBODY, name) for parts in somebody for name in parts[0]}
    nobody = [{**personal, **span} for span in _spans("absent_s", used)]
    return [*somebody, *talk], [nobody, *talk]


def box(rule: Rule, world: World) -> Box:
    """Where a rule holds, whatever other rules do."""
    return tuple(_mask(rule.asked, parts) for parts in world)


def clash(rule: Rule, world: World) -> list[str]:
    """As few conditions of a rule as never hold together in one dimension; empty: all dimensions have a part.

    A condition that the rule does not state but implies is named with what implies it.
    """
    for parts in world:
        asked = [
            (key if index < len(rule.when) else f"the strong cue {rule.cue} (which needs {key})", c, wanted)
            for index, (key, c, wanted) in enumerate(rule.asked)
            if c.attribute in parts[0]
        ]
        if not _mask(asked, parts):
            for condition in tuple(asked):
                fewer = [other for other in asked if other is not condition]
                if not _mask(fewer, parts):
                    asked = fewer
            return [key for key, *_ in asked]
    return []


def _mask(asked: Sequence[Asked], parts: Sequence[Part]) -> int:
    """A bit for every part in which all conditions hold that look at this dimension."""
    concerned = [(condition, wanted) for _, condition, wanted in asked if condition.attribute in parts[0]]
    mask = 0
    for bit, part in enumerate(parts):
        situation = Situation(**{"present": True, **part})
        if all(condition.holds(situation, wanted) for condition, wanted in concerned):
            mask |= 1 << bit
    return mask


def _used(rules: Sequence[Rule]) -> Used:
    used: dict[str, set[Any]] = {condition.attribute: set() for condition in CONDITIONS.values()}
    for rule in rules:
        for _, condition, wanted in rule.asked:
            values = wanted if isinstance(wanted, tuple) else (wanted,)
            used.setdefault(condition.attribute, set()).update(values)
    return used


def _expressions(used: Used) -> Iterator[Part]:
    someone = {"present": True, "absent_s": nan}
    confidences = {0.0, *used["confidence"]}
    for name, confidence in product(_some(VALENCE_AROUSAL, used["emotion"]), confidences):
        for certain in (True, False):
            yield {**someone, "emotion": name, "confidence": confidence, "certain": certain}
    yield {**someone, "emotion": UNCERTAIN, "confidence": nan, "certain": False}


def _spans(attribute: str, used: Used) -> list[Part]:
    return [{attribute: span} for span in {0.0, *used[attribute]}]


def _known(attribute: str, names: Sequence[str], used: Used) -> list[Part]:
    """Parts of an attribute that is one of some names, or not known."""
    return [{attribute: name} for name in ("", *_some(names, used[attribute]))]


def _turns(used: Used) -> list[Part]:
    topics = ("", *used["topic"])
    busy = [{"turn": state, "topic": topic} for state in TURNS if state != SILENT for topic in topics]
    return [*busy, {"turn": SILENT, "topic": ""}]


def _ranges(low: str, high: str, used: Used) -> list[Part]:
    """Parts of a value that is only known to lie between two numbers."""
    cuts = sorted(used[low] | used[high])
    between = [(a + b) / 2 for a, b in pairwise(cuts)]
    ends = sorted([*cuts, *between, min(cuts, default=0.0) - BEYOND, max(cuts, default=0.0) + BEYOND])
    known = [{low: a, high: b} for a, b in product(ends, ends) if a <= b]
    return [{low: nan, high: nan}, *known]


def _some(names: Iterable[str], asked: set[Any]) -> list[str]:
    """The names that some rule asks for, and one that none does, if there is one."""
    others = [name for name in names if name not in asked]
    return [name for name in names if name in asked] + others[:1]
