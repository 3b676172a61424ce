"""A recording held against a policy: which rule would have fired when, and why; and why others did not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import inf

from fer_ros.conversation.manager import RESTART_S, ConversationManager, Cue, Output
from fer_ros.conversation.observation import Observation
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import Policy
from fer_ros.conversation.recorded import Heard
from fer_ros.conversation.rules import Finding, Rule
from fer_ros.conversation.situation import AnySituation
from fer_ros.conversation.turns import Turn
from fer_ros.errors import FerError

GAP_S = 3600.0  # a longer pause of a recording is not lived through tick by tick


@dataclass(frozen=True)
class Event:
    """Something that a dialogue system would have been told.

    Attributes:
        at_s: s, since the recording's begin.
        output: the cue or the reaction.
        findings: what the conditions of the cue's rule found; empty for a reaction.
    """

    at_s: float
    output: Output
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Sample:
    """What the policy saw at one of the moments at which it was asked; fields as in Situation.

    Attributes:
        at_s: s, since the recording's begin.
        emotion: empty: nobody was there.
        valence_low: NaN: not known.
        valence_high: NaN: not known.
        turn: speaking, listening or none.
        topic: of the turn.
    """

    at_s: float
    emotion: str
    valence_low: float
    valence_high: float
    turn: str
    topic: str


@dataclass
class RuleTally:
    """How one rule fared.

    Attributes:
        rule: which.
        fired: how often it gave its cue.
        in_charge: how often it was the first that applied.
        behind: name of an earlier rule → how often that one was in charge while this one applied too.
        stopped: key of a condition → how often it was the first that did not hold.
    """

    rule: Rule
    fired: int = 0
    in_charge: int = 0
    behind: Counter[str] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)


class Replay:
    """Feeds a manager with what was heard, at the times at which it was heard.

    Attributes:
        tallies: how every rule fared, in the order in which they are asked.
        samples: what the policy saw, tick by tick; only where it was asked for with `sampled`.
        asks: how often the policy was asked.
        span_s: s, from the first to the last message.
        estimates: how many there were.
        turns: how many announcements there were.
        skipped: estimates that the manager refused.
    """

    def __init__(self, params: ConversationParams, policy: Policy, *, sampled: bool = False) -> None:
        self._sampled = sampled
        self._manager = ConversationManager(params, policy, self._witness)
        self._tick_s = 1.0 / params.tick_hz
        self._shift = 0.0  # s, what is taken from a clock to give the time since the begin
        self._findings: tuple[Finding, ...] = ()
        self.tallies = {rule.name: RuleTally(rule) for rule in policy.rules}
        self.samples: list[Sample] = []
        self.span_s = 0.0
        self.asks = self.estimates = self.turns = self.skipped = 0

    def run(self, heard: Iterable[tuple[float, Heard]]) -> Iterator[Event]:
        """Everything that would have been said, in order."""
        origin = last = -inf
        ticks = 0
        for at, what in heard:
            now = max(at, last) if at > last - RESTART_S else at
            if last == -inf or not -RESTART_S < now - last < GAP_S:  # the first, a new clock, or a long pause
                self._shift = now if last == -inf else now - self.span_s - max(0.0, now - last)
                origin, ticks = now, 0
            while (due := origin + ticks * self._tick_s) <= now:
                yield from self._events(due, self._manager.tick(due))
                ticks += 1
            yield from self._events(now, self._hear(now, what))
            self.span_s, last = now - self._shift, now

    def _hear(self, now: float, what: Heard) -> tuple[Output, ...]:
        if isinstance(what, Observation):
            self.estimates += 1
            try:
                return self._manager.on_estimate(what, now)
            except FerError:
                self.skipped += 1
                return ()
        if isinstance(what, Turn):
            self.turns += 1
            return self._manager.on_turn(what, now)
        self._manager.on_mode(what)
        return ()

    def _events(self, now: float, outputs: tuple[Output, ...]) -> Iterator[Event]:
        for output in outputs:
            yield Event(now - self._shift, output, self._findings if isinstance(output, Cue) else ())

    def _witness(self, now: float, situation: AnySituation, charged: Rule | None, cue: Cue | None) -> None:
        self.asks += 1
        for tally in self.tallies.values():
            if tally.rule is charged:
                tally.in_charge += 1
            elif obstacle := tally.rule.obstacle(situation):
                tally.stopped[obstacle] += 1
            elif charged is not None:
                tally.behind[charged.name] += 1
        if charged is not None and cue is not None:
            self.tallies[charged.name].fired += 1
            self._findings = tuple(charged.findings(situation))
        if self._sampled:
            self._sample(now - self._shift, situation)

    def _sample(self, at_s: float, situation: AnySituation) -> None:
        if self.samples and 0.0 <= at_s - self.samples[-1].at_s < self._tick_s:
            return
        low, high = situation.valence_low, situation.valence_high
        self.samples.append(Sample(at_s, situation.emotion, low, high, situation.turn, situation.topic))
