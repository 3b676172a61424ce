"""Every condition that a policy's rule can ask for: one entry each, and nothing else to change.

A condition compares one attribute of a situation with what the rule asks for. `worlds.py` lists the
values that the attributes can take, so that rules which can never fire are found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import ge, le
from typing import Any

from fer_ros.conversation.situation import MODES, REACTIONS, TRENDS, TURNS, UNCERTAIN, AnySituation
from fer_ros.emotions import VALENCE_AROUSAL
from fer_ros.params import Meta

VALENCES, AROUSALS = (
    sorted(place[column] for place in VALENCE_AROUSAL.values() if place[column] == place[column])
    for column in (0, 1)
)


def _within(found: str, wanted: tuple[str, ...]) -> bool:
    return found in wanted


def _same(found: bool | None, wanted: bool) -> bool:
    return found is wanted


@dataclass(frozen=True)
class Condition:
    """How a value that a rule asks for is checked and compared.

    Attributes:
        attribute: of Situation.
        relation: (found, wanted) → whether the condition holds.
        kind: type of the wanted value.
        meta: its bounds, choices and meaning.
    """

    attribute: str
    relation: Callable[[Any, Any], bool]
    kind: Any
    meta: Meta

    def holds(self, situation: AnySituation, wanted: Any) -> bool:
        """Whether a situation is as wanted."""
        return self.relation(getattr(situation, self.attribute), wanted)


def _names(attribute: str, help: str, choices: tuple[str, ...] = ()) -> Condition:
    return Condition(attribute, _within, tuple[str, ...], Meta(help, choices=choices))


def _least(attribute: str, help: str, low: float, high: float) -> Condition:
    return Condition(attribute, ge, float, Meta(help, low, high))


def _most(attribute: str, help: str, low: float, high: float) -> Condition:
    return Condition(attribute, le, float, Meta(help, low, high))


CONDITIONS: dict[str, Condition] = {
    "emotion": _names("emotion", "the present expression is one of them", (*VALENCE_AROUSAL, UNCERTAIN)),
    "min_confidence": _least("confidence", "its accumulated probability is at least this", 0.0, 0.99),
    "min_duration_s": _least("duration_s", "s, for which it has been the present one at least", 0.0, 3600.0),
    "certain": Condition(
        "certain", _same, bool, Meta("whether the newest estimate is fresh and leaves no other expression")
    ),
    "trend": _names("trend", "the direction of valence is one of them", TRENDS),
    "min_valence": _least(
        "valence_low", "valence less its standard deviation is at least this", VALENCES[0], VALENCES[-1]
    ),
    "max_valence": _most(
        "valence_high", "valence plus its standard deviation is at most this", VALENCES[0], VALENCES[-1]
    ),
    "min_arousal": _least(
        "arousal_low", "arousal less its standard deviation is at least this", AROUSALS[0], AROUSALS[-1]
    ),
    "max_arousal": _most(
        "arousal_high", "arousal plus its standard deviation is at most this", AROUSALS[0], AROUSALS[-1]
    ),
    "mode": _names("mode", "the operating mode is one of them", MODES),
    "turn": _names("turn", "what the robot does is one of them", TURNS),
    "topic": _names("topic", "the topic of the present turn is one of them"),
    "min_turn_s": _least("turn_s", "s, for which it has done that at least", 0.0, 3600.0),
    "reaction": _names(
        "reaction", "the last utterance's reaction, while it is news, is one of them", REACTIONS
    ),
    "absent_s": _least("absent_s", "s, for which nobody has been seen at least", 0.0, 86_400.0),
}
ABSENCE = "absent_s"  # a rule without it is about somebody:
PRESENT = Condition("present", _same, bool, Meta("somebody is there"))
