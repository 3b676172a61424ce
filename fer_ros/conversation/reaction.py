"""How a person took an utterance: before, during and after it compared."""

from dataclasses import dataclass
from math import erf, inf, isnan, nan, sqrt

from fer_ros.conversation.affect import AffectTracker
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.smoothing import SmoothedFace
from fer_ros.conversation.timeline import Window

LATE_S = 0.5  # how late the last estimates of an image may come
LEAST_SD = 0.02  # of a mean valence: no estimate is better than that


@dataclass(frozen=True)
class Reaction:
    """The fields of Reaction.msg.

    Attributes:
        stamp: s, of the newest estimate behind it.
        turn_id: of the utterance.
        topic: of the utterance; empty: not said.
        face_id: who was addressed; empty: nobody was seen.
        reaction: pleased, upset, surprised, lost or none.
        confidence: 0..1, how sure that is: see `judge`; NaN: reaction is none.
        before: -1..1, mean valence; NaN: too little was seen.
        during: -1..1, mean valence; NaN: too little was seen.
        after: -1..1, mean valence; NaN: too little was seen.
        explanation: one sentence.
    """

    stamp: float
    turn_id: str
    topic: str
    face_id: str
    reaction: str
    confidence: float
    before: float
    during: float
    after: float
    explanation: str


@dataclass(frozen=True)
class Sight:
    """What was seen of the person addressed, around one utterance.

    Attributes:
        before: `before_s` until it began.
        during: from its begin to its end.
        after: from its end to `closed`.
        gone_s: s, for which the face had not been seen when it was closed.
        watched: whether images were still coming then.
        newcomer: a face that came when this one went; empty: none did.
    """

    before: Window
    during: Window
    after: Window
    gone_s: float
    watched: bool
    newcomer: str = ""


@dataclass
class Utterance:
    """One utterance of the robot.

    Attributes:
        turn_id: its turn.
        topic: of the turn.
        begun: s.
        face_id: whom it addresses: the person attended when it began; empty: nobody was.
        face: what was seen of that person; None: nobody.
        ended: s; inf: it still goes on.
    """

    turn_id: str
    topic: str
    begun: float
    face_id: str
    face: SmoothedFace | None
    ended: float = inf

    def end(self, stamp: float) -> None:
        """Note the end; only the first counts."""
        self.ended = min(self.ended, stamp)

    def reaction(self, closed: float, tracker: AffectTracker, params: ConversationParams) -> Reaction:
        """Compare what was seen until `closed`, in s."""
        self.end(closed)
        if self.face is None:
            stamp = tracker.newest if tracker.newest > -inf else closed
            return self._told(stamp, ("none", nan, "nobody was seen when it began"), (nan, nan, nan))
        again = tracker.face(self.face_id)
        seen = max(self.face.stamp, again.stamp if again else -inf)
        line = self.face.timeline
        sight = Sight(
            before=line.window(self.begun - params.before_s, self.begun),
            during=line.window(self.begun, self.ended),
            after=line.window(self.ended, closed),
            gone_s=closed - seen,
            watched=tracker.newest >= closed - LATE_S,
            newcomer=tracker.newcomer(seen),
        )
        means = [_mean(w, params.seen_s) for w in (sight.before, sight.during, sight.after)]
        return self._told(seen, judge(sight, params), (means[0], means[1], means[2]))

    def _told(
        self, stamp: float, judged: tuple[str, float, str], means: tuple[float, float, float]
    ) -> Reaction:
        kind, confidence, why = judged
        about = f"utterance of turn {self.turn_id}" + (f" ({self.topic})" if self.topic else "")
        sentence = f"The {about}{f' to {self.face_id}' if self.face_id else ''}: {why}."
        return Reaction(
            stamp, self.turn_id, self.topic, self.face_id, kind, confidence, *means, explanation=sentence
        )


def judge(sight: Sight, params: ConversationParams) -> tuple[str, float, str]:
    """(reaction, how sure it is, why) of what was seen.

    The first that holds of: lost, upset, surprised, pleased. Of a change after and one during the
    utterance, the one after counts where it is clear. Sure is: for pleased and upset the probability
    that mean valence moved that way, for surprised the highest accumulated probability of surprise,
    for lost the time without the face as a share of `after_s`.
    """
    if sight.before.present_s < params.seen_s:
        return "none", nan, "the person addressed was seen too briefly before it to compare"
    if sight.gone_s >= params.lost_s:
        return _lost(sight, params)
    change, confidence = _change(sight, params)
    clear = abs(change) >= params.reaction_step and confidence >= params.reaction_confidence
    said = f"valence {'rose' if change > 0 else 'fell'} by {abs(change):.2f}"
    if clear and change < 0:
        return "upset", confidence, said
    surprise = max(sight.during.surprise, sight.after.surprise)
    if surprise >= params.enter > sight.before.surprise:
        return "surprised", surprise, "surprise appeared"
    if clear:
        return "pleased", confidence, said
    return "none", nan, "no clear change was seen"


def _lost(sight: Sight, params: ConversationParams) -> tuple[str, float, str]:
    if not sight.watched:
        return "none", nan, "no estimate came at its end"
    if sight.newcomer:
        return "none", nan, f"the face went and {sight.newcomer} came, who may be the same person"
    confidence = min(1.0, sight.gone_s / params.after_s)
    return "lost", confidence, f"the face had not been seen for {sight.gone_s:.1f} s at its end"


def _change(sight: Sight, params: ConversationParams) -> tuple[float, float]:
    """(change of valence, probability that it has that sign); zeros where nothing can be compared."""
    found = [_compared(sight.before, later, params) for later in (sight.after, sight.during)]
    clear = (f for f in found if abs(f[0]) >= params.reaction_step and f[1] >= params.reaction_confidence)
    return next(clear, (0.0, 0.0))


def _compared(before: Window, later: Window, params: ConversationParams) -> tuple[float, float]:
    if min(before.known_s, later.known_s) < params.seen_s:
        return 0.0, 0.0
    change = later.mean - before.mean
    looks = [max(1.0, window.known_s / params.look_s) for window in (before, later)]
    sd = sqrt(before.variance / looks[0] + later.variance / looks[1] + LEAST_SD**2)
    return change, 0.5 * (1.0 + erf(abs(change) / sd / sqrt(2.0)))


def _mean(window: Window, least_s: float) -> float:
    return nan if window.known_s < least_s or isnan(window.mean) else window.mean
