"""What a policy looks at: one person, or nobody, at one moment of a dialogue."""

from dataclasses import dataclass
from math import nan

from fer_ros.conversation.smoothing import SmoothedFace

UNCERTAIN = "uncertain"  # a policy's name for no present expression
TRENDS = ("rising", "steady", "falling")
MODES = ("online", "offline", "probing")
SILENT = "none"  # a policy's name for no turn
SPEAKING, LISTENING = "speaking", "listening"
TURNS = (SPEAKING, LISTENING, SILENT)
REACTIONS = ("pleased", "upset", "surprised", "lost", "none")


@dataclass(frozen=True, slots=True)
class Talk:
    """What a policy sees besides a person.

    Attributes:
        mode: online, offline or probing; empty: not known yet.
        turn: speaking, listening or none.
        topic: of the present turn; empty: not said.
        turn_s: s, since that began; NaN: no turn has been announced.
        reaction: one of REACTIONS; empty: there is none, it is old, or it is somebody else's.
    """

    mode: str = ""
    turn: str = SILENT
    topic: str = ""
    turn_s: float = nan
    reaction: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the conditions of rules are compared with; as it stands here: nobody is there.

    Attributes:
        present: whether somebody is attended.
        emotion: their present expression; UNCERTAIN: none is likely enough; empty: nobody is there.
        confidence: 0..1, accumulated probability of it; NaN: there is none.
        duration_s: s, since it became the present one; NaN: nobody.
        certain: whether the newest estimate is fresh and leaves no other expression; None: nobody.
        trend: rising, steady or falling; empty: not known.
        valence_low: valence less its standard deviation; NaN: not known.
        valence_high: valence plus its standard deviation; NaN: not known.
        arousal_low: arousal less its standard deviation; NaN: not known.
        arousal_high: arousal plus its standard deviation; NaN: not known.
        absent_s: s, since a face was seen; NaN: somebody is there.
        mode, turn, topic, turn_s, reaction: as in Talk.
    """

    present: bool = False
    emotion: str = ""
    confidence: float = nan
    duration_s: float = nan
    certain: bool | None = None
    trend: str = ""
    valence_low: float = nan
    valence_high: float = nan
    arousal_low: float = nan
    arousal_high: float = nan
    absent_s: float = nan
    mode: str = ""
    turn: str = SILENT
    topic: str = ""
    turn_s: float = nan
    reaction: str = ""


class Live:
    """A person's situation, with each attribute of Situation read off only when a rule asks for it.

    A policy is asked at every estimate, and most rules fail at their first condition.
    """

    __slots__ = ("_face", "_max_age_s", "_now", "mode", "reaction", "topic", "turn", "turn_s")
    present = True
    absent_s = nan

    def __init__(self, face: SmoothedFace, talk: Talk, now: float, max_age_s: float) -> None:
        self._face, self._now, self._max_age_s = face, now, max_age_s
        self.mode, self.turn, self.topic = talk.mode, talk.turn, talk.topic
        self.turn_s, self.reaction = talk.turn_s, talk.reaction

    @property
    def emotion(self) -> str:
        """Present expression, or UNCERTAIN."""
        return self._face.emotion or UNCERTAIN

    @property
    def confidence(self) -> float:
        """Accumulated probability of it, 0..1; NaN: there is none."""
        return self._face.confidence

    @property
    def duration_s(self) -> float:
        """Seconds since it became the present one."""
        return self._now - self._face.since_s

    @property
    def certain(self) -> bool:
        """Whether the newest estimate is fresh and leaves no other expression."""
        return self._face.certain and self._now - self._face.stamp <= self._max_age_s

    @property
    def trend(self) -> str:
        """Direction of valence; empty: not known."""
        return self._face.trend(self._now)

    @property
    def valence_low(self) -> float:
        """Valence less its standard deviation; NaN: not known."""
        mean, sd = self._face.valence(self._now)
        return mean - sd

    @property
    def valence_high(self) -> float:
        """Valence plus its standard deviation; NaN: not known."""
        mean, sd = self._face.valence(self._now)
        return mean + sd

    @property
    def arousal_low(self) -> float:
        """Arousal less its standard deviation; NaN: not known."""
        mean, sd = self._face.arousal(self._now)
        return mean - sd

    @property
    def arousal_high(self) -> float:
        """Arousal plus its standard deviation; NaN: not known."""
        mean, sd = self._face.arousal(self._now)
        return mean + sd


AnySituation = Situation | Live
