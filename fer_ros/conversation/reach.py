"""Finds rules that can never fire, by asking a policy about every kind of situation there is."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import nan

from fer_ros.conversation.affect import Affect
from fer_ros.conversation.rules import MODES, TRENDS, Rule, Situation
from fer_ros.emotions import VALENCE_AROUSAL


def unreachable(rules: Sequence[Rule], max_age_s: float) -> dict[str, str]:
    """The names of rules that can never fire, and why.

    Every condition divides situations by a few thresholds and names. One situation of each kind
    stands for all, so that the answer is exact.

    Args:
        rules: in the order in which they are asked.
        max_age_s: s, age up to which an estimate can be certain.
    """
    waiting = {rule.name for rule in rules}
    taken_by: dict[str, set[str]] = {}
    for situation in _situations(rules):
        matching = [rule.name for rule in rules if rule.matches(situation, max_age_s)]
        waiting.difference_update(matching[:1])
        for name in matching[1:]:
            taken_by.setdefault(name, set()).add(matching[0])
    return {rule.name: _reason(taken_by.get(rule.name)) for rule in rules if rule.name in waiting}


def _reason(takers: set[str] | None) -> str:
    if takers:
        return f"{' and '.join(sorted(takers))} always comes first; give this rule a higher priority"
    return (
        "its conditions never hold together (a strong cue and min_confidence need an expression "
        "that is certain, absent_s needs nobody to be there); relax them"
    )


def _situations(rules: Sequence[Rule]) -> Iterator[Situation]:
    modes = ("", *_used(MODES, (rule.when.mode for rule in rules)))
    for mode, absent_s in product(modes, {0.0, *(rule.when.absent_s or 0.0 for rule in rules)}):
        yield Situation(None, absent_s, mode, 0.0)
    for mode, affect in product(modes, list(_affects(rules))):
        yield Situation(affect, 0.0, mode, 0.0)


def _affects(rules: Sequence[Rule]) -> Iterator[Affect]:
    trends = ("", *_used(TRENDS, (rule.when.trend for rule in rules)))
    durations = {0.0, *(rule.when.min_duration_s for rule in rules)}
    confidences = {0.0, *(rule.when.min_confidence for rule in rules)}
    emotions = ("", *_used(VALENCE_AROUSAL, (rule.when.emotion for rule in rules)))
    for emotion, trend, duration in product(emotions, trends, durations):
        for confidence, certain in product(confidences, (True, False)) if emotion else [(nan, False)]:
            yield Affect("face", emotion, confidence, 0.0, 0.0, -duration, trend, certain, 0.0, 0.0)


def _used(names: Iterable[str], used: Iterable[tuple[str, ...]]) -> list[str]:
    """The names that some rule asks for, and one that none does, if there is one."""
    asked = {name for names_of_rule in used for name in names_of_rule}
    others = [name for name in names if name not in asked]
    return [name for name in names if name in asked] + others[:1]
