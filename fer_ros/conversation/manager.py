"""Estimates and turns in, cues and reactions out: affect over time, judged by a policy."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf, isnan, nan

from fer_ros.conversation.affect import Affect, AffectTracker, affect_of
from fer_ros.conversation.observation import Observation
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import Policy
from fer_ros.conversation.reaction import LATE_S, Reaction, Utterance
from fer_ros.conversation.rules import Rule
from fer_ros.conversation.situation import SILENT, AnySituation, Live, Situation, Talk
from fer_ros.conversation.smoothing import SmoothedFace
from fer_ros.conversation.turns import Dialogue, Turn, TurnState
from fer_ros.errors import FerError
from fer_ros.mode import Mode

# s, a clock further back than callbacks can be out of step by: time itself began anew.
RESTART_S = 1.0
# s, by which a simulated clock, which moves in steps, may be behind a stamp.
AHEAD_S = 0.5


@dataclass(frozen=True)
class Cue:
    """What the conversation could do next, and what that rests on; the fields of ConversationCue.msg.

    Attributes:
        stamp: s, of the newest estimate behind it.
        cue: one of `rules.CUES`.
        face_id: whom it is about; empty: nobody is seen.
        turn_id: of the present turn; empty: there is none.
        emotion: the present expression it rests on; empty: none is likely enough.
        confidence: 0..1, accumulated probability of that expression; NaN: none.
        rule: name of the rule that fired.
        explanation: one sentence.
    """

    stamp: float
    cue: str
    face_id: str
    turn_id: str
    emotion: str
    confidence: float
    rule: str
    explanation: str


Output = Cue | Reaction
# Called whenever the policy was asked: now, the situation, the rule in charge, its cue if one was due.
Witness = Callable[[float, AnySituation, Rule | None, Cue | None], None]


class ConversationManager:
    """Gives the cue of the rule in charge, unless that cue was given less than its refractory time ago.

    The first rule that applies is in charge even while its cue may not be repeated: a weaker rule
    never speaks in the pauses of a stronger one. The policy is asked at every estimate of the person
    attended, and at every tick. Times are seconds of one clock.
    """

    def __init__(self, params: ConversationParams, policy: Policy, witness: Witness | None = None) -> None:
        self._params = params
        self._policy = policy
        self._witness = witness
        self._mode = ""
        self._restart()

    def _restart(self) -> None:
        self._tracker = AffectTracker(self._params)
        self._dialogue = Dialogue()
        self._utterance: Utterance | None = None
        self._reaction: Reaction | None = None
        self._reacted = -inf  # s, when `_reaction` was judged
        self._given: dict[str, float] = {}  # cue → s
        self._now = -inf

    def on_estimate(self, observation: Observation, now: float) -> tuple[Output, ...]:
        """Take in one estimate; an empty face_id says that an image held no face.

        Raises:
            FerError: it is stamped in the future: its age, on which caution rests, cannot be told.
        """
        self._advance(now)
        ahead_s = observation.stamp - now
        if ahead_s > AHEAD_S:
            raise FerError(
                f"an estimate is stamped {ahead_s:.1f} s ahead of the clock; "
                "set the clocks alike, or use_sim_time for recordings"
            )
        self._tracker.update(observation)
        attended = self._tracker.attended
        face = self._tracker.face(attended)
        if face is not None and observation.face_id == attended:
            face.look(now)
            return self._judge(face, now)
        return self._ask(now) if observation.face_id and not attended else ()  # the others wait for a tick

    def on_mode(self, mode: Mode) -> None:
        """Take note of the operating mode."""
        self._mode = mode.name.lower()

    def on_turn(self, turn: Turn, now: float) -> tuple[Output, ...]:
        """Take note of what the robot does; a stamp before the last change, or after now, is moved there."""
        self._advance(now)
        if not self._dialogue.concerns(turn):
            return ()
        since_s = self._dialogue.since_s
        stamp = min(turn.stamp if isnan(since_s) else max(turn.stamp, since_s), now)
        turn = replace(turn, stamp=stamp)
        reacted: tuple[Output, ...] = ()
        if self._dialogue.begins_utterance(turn):
            reacted = self._close(stamp, now)
            self._begin(turn, now)
        elif self._utterance is not None and turn.state is not TurnState.SPEAKING:
            self._utterance.end(stamp)
        self._dialogue.update(turn)
        return (*reacted, *self._ask(now))

    def affects(self, now: float) -> list[Affect]:
        """Everyone's affect at `now`."""
        return self._tracker.affects(now)

    def tick(self, now: float) -> tuple[Output, ...]:
        """What is due at `now`."""
        self._advance(now)
        reacted: tuple[Output, ...] = ()
        if self._utterance is not None:
            reacted = self._attend_utterance(self._utterance, now)
        return (*reacted, *self._ask(now))

    def _attend_utterance(self, utterance: Utterance, now: float) -> tuple[Output, ...]:
        if now - utterance.begun >= self._params.turn_limit_s and utterance.ended == inf:
            utterance.end(utterance.begun + self._params.turn_limit_s)
            self._dialogue.give_up(now)
        due = utterance.ended + self._params.after_s
        return self._close(due, now) if now >= due and max(self._tracker.newest, now - LATE_S) >= due else ()

    def _begin(self, turn: Turn, now: float) -> None:
        self._tracker.focus(now)
        name = self._tracker.attended
        self._utterance = Utterance(turn.id, turn.topic, turn.stamp, name, self._tracker.face(name))

    def _close(self, stamp: float, now: float) -> tuple[Output, ...]:
        """Judge the utterance that is being watched by what was seen until `stamp`."""
        if self._utterance is None:
            return ()
        self._reaction = self._utterance.reaction(stamp, self._tracker, self._params)
        self._utterance, self._reacted = None, now
        return (self._reaction,)

    def _ask(self, now: float) -> tuple[Output, ...]:
        """See who matters, and what the policy says about it."""
        return () if self._tracker.newest == -inf else self._judge(self._tracker.focus(now), now)

    def _judge(self, face: SmoothedFace | None, now: float) -> tuple[Output, ...]:
        """What the policy says about the person attended, or about nobody."""
        situation = self._situation(face, now)
        rule = self._policy.choose(situation)
        cue = None
        if rule is not None and now - self._given.get(rule.cue, -inf) >= rule.refractory_s:
            self._given[rule.cue] = now
            cue = self._cue(rule, face, situation, now)
        if self._witness is not None:
            self._witness(now, situation, rule, cue)
        return () if cue is None else (cue,)

    def _situation(self, face: SmoothedFace | None, now: float) -> AnySituation:
        dialogue = self._dialogue
        reaction = self._news(now)
        turn_s = now - dialogue.since_s
        if face is not None:
            talk = Talk(self._mode, dialogue.doing, dialogue.topic, turn_s, reaction)
            return Live(face, talk, now, self._policy.max_age_s)
        return Situation(
            absent_s=self._tracker.absent_s(now),
            mode=self._mode,
            turn=dialogue.doing,
            topic=dialogue.topic,
            turn_s=turn_s,
            reaction=reaction,
        )

    def _news(self, now: float) -> str:
        """The last reaction, while it is news and not somebody else's."""
        reaction, attended = self._reaction, self._tracker.attended
        if reaction is None or now - self._reacted > self._policy.reaction_max_age_s:
            return ""
        return "" if attended and reaction.face_id != attended else reaction.reaction

    def _cue(self, rule: Rule, face: SmoothedFace | None, situation: AnySituation, now: float) -> Cue:
        stamp, face_id, emotion, confidence = self._tracker.newest, "", "", nan
        if face is None:
            seen = _nobody(situation.absent_s, now - stamp > self._params.focus_lost_s)
        else:
            affect = affect_of(self._tracker.attended, face, now)
            seen = _somebody(affect, now)
            stamp, face_id, emotion, confidence = (
                affect.stamp,
                affect.face_id,
                affect.emotion,
                affect.confidence,
            )
        suggests = f"rule {rule.name} suggests {rule.cue.replace('_', ' ')}."
        return Cue(
            stamp=stamp,
            cue=rule.cue,
            face_id=face_id,
            turn_id=self._dialogue.turn_id,
            emotion=emotion,
            confidence=confidence,
            rule=rule.name,
            explanation=f"{seen}{_meanwhile(situation)}: {suggests}",
        )

    def _advance(self, now: float) -> None:
        if now < self._now - RESTART_S:
            self._restart()
        self._now = now


def _nobody(absent_s: float, silent: bool) -> str:
    return f"{'No estimate has come' if silent else 'Nobody has been seen'} for {absent_s:.1f} s"


def _somebody(affect: Affect, now: float) -> str:
    duration_s = now - affect.since_s
    if not affect.emotion:
        return f"No expression of {affect.face_id} has been clear for {duration_s:.1f} s"
    trend = f", valence {affect.trend}" if affect.trend else ""
    return (
        f"{affect.face_id} has appeared {affect.emotion} for {duration_s:.1f} s "
        f"({affect.confidence:.2f}{'' if affect.certain else ', uncertain now'}{trend})"
    )


def _meanwhile(situation: AnySituation) -> str:
    turn = f" while the robot is {situation.turn}" if situation.turn != SILENT else ""
    topic = f" ({situation.topic})" if situation.topic else ""
    reaction = f", after the reaction {situation.reaction}" if situation.reaction else ""
    return f"{turn}{topic}{reaction}"
