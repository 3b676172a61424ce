"""Affect over time, of every person seen and of the one who matters."""

from dataclasses import dataclass
from math import inf

from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.smoothing import Observation, SmoothedFace

RESTART_S = 1.0  # s, a stamp further back than estimates can be late by: time itself began anew


@dataclass(frozen=True)
class Affect:
    """The apparent affect of one person now.

    Attributes:
        face_id: whose.
        emotion: the present expression; empty: none is certain enough.
        confidence: 0..1, smoothed probability of it; NaN: there is none.
        valence: -1..1, smoothed; NaN: not known.
        arousal: -1..1, smoothed; NaN: not known.
        since_s: s, when `emotion` (or its absence) began.
        trend: where valence is going: rising, steady or falling; empty: not known.
        certain: whether the newest estimate did not abstain and its prediction set holds `emotion` alone.
        age_s: s, age of the newest estimate.
        stamp: s, acquisition of the newest estimate's image.
    """

    face_id: str
    emotion: str
    confidence: float
    valence: float
    arousal: float
    since_s: float
    trend: str
    certain: bool
    age_s: float
    stamp: float


class AffectTracker:
    """Smooths every face's estimates and attends to the largest face.

    Attention passes to another face only when that is `focus_ratio` times larger, or when the
    attended one has not been seen for `focus_lost_s`.
    """

    def __init__(self, params: ConversationParams) -> None:
        self._params = params
        self._reset()

    def _reset(self) -> None:
        self._faces: dict[str, SmoothedFace] = {}
        self._attended = ""
        self._newest = -inf
        self._last_face = -inf

    @property
    def newest(self) -> float:
        """Stamp of the newest estimate, of a face or of none; -inf: there has been none."""
        return self._newest

    def update(self, observation: Observation) -> None:
        """Take in one face's estimate; one that is not newer than the face's last changes nothing."""
        if observation.stamp < self._newest - RESTART_S:
            self._reset()
        if self._newest == -inf:
            self._last_face = observation.stamp  # before the first image nobody was missed
        self._newest = max(self._newest, observation.stamp)
        if not observation.face_id:
            return
        self._last_face = max(self._last_face, observation.stamp)
        face = self._faces.get(observation.face_id)
        if face is None:
            face = self._faces[observation.face_id] = SmoothedFace(self._params, observation.stamp)
        elif observation.stamp <= face.stamp:
            return
        face.update(observation)

    def affects(self, now: float) -> list[Affect]:
        """Everyone's affect at `now`, in the order in which they were first seen."""
        self._forget(now)
        return [self._affect(face_id, face, now) for face_id, face in self._faces.items()]

    def focus(self, now: float) -> Affect | None:
        """The affect of the person who matters; None: nobody has been seen lately."""
        self._forget(now)
        seen = {
            name: face for name, face in self._faces.items() if now - face.stamp <= self._params.focus_lost_s
        }
        if not seen:
            return None
        largest = max(seen, key=lambda name: seen[name].size_px)
        attended = seen.get(self._attended)
        if attended is None or seen[largest].size_px >= self._params.focus_ratio * attended.size_px:
            self._attended = largest
        return self._affect(self._attended, seen[self._attended], now)

    def absent_s(self, now: float) -> float:
        """Seconds since a face was seen, or since the first image; 0 before it."""
        return max(0.0, now - self._last_face) if self._newest > -inf else 0.0

    def _affect(self, face_id: str, face: SmoothedFace, now: float) -> Affect:
        face.judge(now)
        return Affect(
            face_id=face_id,
            emotion=face.emotion,
            confidence=face.confidence(now),
            valence=face.valence,
            arousal=face.arousal,
            since_s=face.since_s,
            trend=face.trend,
            certain=bool(face.emotion) and face.prediction_set == (face.emotion,),
            age_s=max(0.0, now - face.stamp),
            stamp=face.stamp,
        )

    def _forget(self, now: float) -> None:
        gone = [name for name, face in self._faces.items() if now - face.stamp > self._params.forget_s]
        for name in gone:
            del self._faces[name]
