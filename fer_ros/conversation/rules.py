"""What a policy's rule is: conditions over a situation, and the cue they lead to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from fer_ros.conversation.conditions import ABSENCE, CONDITIONS, PRESENT, Condition
from fer_ros.conversation.situation import AnySituation

# A strong cue acts on a person's feelings, and is wrong to give on a guess. A cautious one does no
# harm when the estimate behind it was wrong.
STRONG = ("comfort", "celebrate", "change_topic")
CAUTIOUS = ("keep_going", "slow_down", "check_in", "wait")
CUES = (*STRONG, *CAUTIOUS)

Asked = tuple[str, Condition, Any]  # key in the policy file, condition, wanted value
Test = tuple[Callable[[Any], Any], Callable[[Any, Any], bool], Any]


@dataclass(frozen=True)
class Finding:
    """One condition of a rule, held against a situation.

    Attributes:
        condition: its key in the policy file; `certain` and `present` also where the rule implies them.
        wanted: what the rule asks for.
        found: what the situation has.
        holds: whether that is enough.
    """

    condition: str
    wanted: Any
    found: Any
    holds: bool


@dataclass(frozen=True)
class Rule:
    """Conditions and the cue they lead to.

    Attributes:
        name: unique in its policy.
        cue: one of CUES.
        when: key of CONDITIONS → what is asked for; all must hold.
        priority: higher is asked earlier; equal ones in the order of the file.
        refractory_s: s, for which its cue must not have been given, by it or by another rule.
    """

    name: str
    cue: str
    when: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 0
    refractory_s: float = 10.0
    _asked: tuple[Asked, ...] = field(init=False, repr=False, compare=False)
    _tests: tuple[Test, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the comparisons: rules are asked at every estimate."""
        object.__setattr__(self, "_asked", self._conditions())
        tests = tuple((attrgetter(c.attribute), c.relation, wanted) for _, c, wanted in self._asked)
        object.__setattr__(self, "_tests", tests)

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Everything that must hold: what the rule states, then what goes without saying."""
        return self._asked

    def _conditions(self) -> tuple[Asked, ...]:
        """Stated and implied conditions.

        A strong cue needs a certain estimate, whatever the policy says: this is the one place where
        caution is built in. A rule that does not ask for absence is about somebody.
        """
        stated = [(key, CONDITIONS[key], wanted) for key, wanted in self.when.items()]
        needs = [("certain", CONDITIONS["certain"], True)] if self.cue in STRONG else []
        about = [("present", PRESENT, True)] if ABSENCE not in self.when else []
        return (*stated, *needs, *about)

    def matches(self, situation: AnySituation) -> bool:
        """Whether everything holds."""
        for get, relation, wanted in self._tests:  # noqa: SIM110  (a generator takes three times as long)
            if not relation(get(situation), wanted):
                return False
        return True

    def obstacle(self, situation: AnySituation) -> str:
        """Key of the first condition that does not hold; empty: the rule applies."""
        for (key, _, _), (get, relation, wanted) in zip(self._asked, self._tests, strict=True):
            if not relation(get(situation), wanted):
                return key
        return ""

    def findings(self, situation: AnySituation) -> list[Finding]:
        """What every condition asks for and finds, for explanations."""
        return [
            Finding(key, wanted, getattr(situation, c.attribute), c.holds(situation, wanted))
            for key, c, wanted in self._asked
        ]
