"""Estimates in, cues out: affect over time, judged by a policy."""

from dataclasses import dataclass
from math import inf, nan

from fer_ros.conversation.affect import RESTART_S, Affect, AffectTracker
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import Policy
from fer_ros.conversation.rules import Rule, Situation
from fer_ros.conversation.smoothing import Observation
from fer_ros.mode import Mode


@dataclass(frozen=True)
class Cue:
    """What the conversation could do next, and what that rests on; the fields of ConversationCue.msg.

    Attributes:
        stamp: s, of the newest estimate behind it.
        cue: one of `rules.CUES`.
        face_id: whom it is about; empty: nobody is seen.
        emotion: the present expression it rests on; empty: none is certain enough.
        confidence: 0..1, smoothed probability of that expression; NaN: none.
        rule: name of the rule that fired.
        explanation: one sentence.
    """

    stamp: float
    cue: str
    face_id: str
    emotion: str
    confidence: float
    rule: str
    explanation: str


class ConversationManager:
    """Gives a cue when another rule takes charge, or the same one still is after its refractory time.

    The first rule that applies is in charge even while it may not repeat itself: a weaker rule never
    speaks in the pauses of a stronger one.
    """

    def __init__(self, params: ConversationParams, policy: Policy) -> None:
        self._tracker = AffectTracker(params)
        self._policy = policy
        self._mode = ""
        self._fired: dict[str, float] = {}  # rule → s
        self._now = -inf

    def on_estimate(self, observation: Observation, now: float) -> None:
        """Take in one estimate; an empty face_id says that an image held no face."""
        self._advance(now)
        self._tracker.update(observation)

    def on_mode(self, mode: Mode) -> None:
        """Take note of the operating mode."""
        self._mode = mode.name.lower()

    def affects(self, now: float) -> list[Affect]:
        """Everyone's affect at `now`."""
        return self._tracker.affects(now)

    def tick(self, now: float) -> Cue | None:
        """The cue that is due at `now`, if one is."""
        self._advance(now)
        if self._tracker.newest == -inf:
            return None
        affect = self._tracker.focus(now)
        absent_s = self._tracker.absent_s(now)
        rule = self._policy.choose(Situation(affect, absent_s, self._mode, now))
        if rule is None or now - self._fired.get(rule.name, -inf) < rule.refractory_s:
            return None
        self._fired[rule.name] = now
        return self._about_nobody(rule, absent_s) if affect is None else _about(rule, affect, now)

    def _about_nobody(self, rule: Rule, absent_s: float) -> Cue:
        sentence = f"Nobody has been seen for {absent_s:.1f} s: {_suggests(rule)}"
        return Cue(self._tracker.newest, rule.cue, "", "", nan, rule.name, sentence)

    def _advance(self, now: float) -> None:
        if now < self._now - RESTART_S:
            self._fired.clear()
        self._now = now


def _about(rule: Rule, affect: Affect, now: float) -> Cue:
    sentence = f"{_seen(affect, now)}: {_suggests(rule)}"
    return Cue(affect.stamp, rule.cue, affect.face_id, affect.emotion, affect.confidence, rule.name, sentence)


def _seen(affect: Affect, now: float) -> str:
    duration_s = now - affect.since_s
    if not affect.emotion:
        return f"No expression of {affect.face_id} has been clear for {duration_s:.1f} s"
    trend = f", valence {affect.trend}" if affect.trend else ""
    return (
        f"{affect.face_id} has appeared {affect.emotion} for {duration_s:.1f} s "
        f"({affect.confidence:.2f}{'' if affect.certain else ', uncertain now'}{trend})"
    )


def _suggests(rule: Rule) -> str:
    return f"rule {rule.name} suggests {rule.cue.replace('_', ' ')}."
