"""Affect over time, of every person seen and of the one who matters."""

from dataclasses import dataclass
from math import inf

from fer_ros.conversation.observation import Observation
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.smoothing import SmoothedFace

MAX_FACES = 100  # more are not people: a stream whose ids never last must not fill the memory


@dataclass(frozen=True, slots=True)
class Affect:
    """The apparent affect of one person now.

    Attributes:
        face_id: whose.
        emotion: the present expression; empty: none is likely enough.
        confidence: 0..1, accumulated probability of it; NaN: there is none.
        valence: -1..1, smoothed; NaN: not known.
        valence_sd: standard deviation of valence, 0..0.6 or so; NaN: not known.
        arousal: -1..1, smoothed; NaN: not known.
        arousal_sd: standard deviation of arousal; NaN: not known.
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
    valence_sd: float
    arousal: float
    arousal_sd: float
    since_s: float
    trend: str
    certain: bool
    age_s: float
    stamp: float


class AffectTracker:
    """Accumulates every face's estimates and attends to the largest face.

    Attention passes to another face only when that is `focus_ratio` times larger, or when the
    attended one has not been seen for `focus_lost_s`; then, where nobody else is seen, it is lost.

    Attributes:
        attended: id of the face that `focus` chose last; empty: none.
        newest: s, stamp of the newest estimate, of a face or of none; -inf: there has been none.
    """

    def __init__(self, params: ConversationParams) -> None:
        self._params = params
        self._faces: dict[str, SmoothedFace] = {}
        self._first_seen: dict[str, float] = {}
        self.attended = ""
        self.newest = -inf
        self._last_face = -inf

    def update(self, observation: Observation) -> None:
        """Take in one face's estimate; one that is not newer than the face's last changes nothing."""
        stamp, name = observation.stamp, observation.face_id
        if self.newest == -inf:
            self._last_face = stamp  # before the first image nobody was missed
        self.newest = max(self.newest, stamp)
        if not name:
            return
        self._last_face = max(self._last_face, stamp)
        face = self._faces.get(name)
        if face is None:
            face = self._add(name, stamp)
        elif stamp <= face.stamp:
            return
        face.update(observation)

    def face(self, face_id: str) -> SmoothedFace | None:
        """One face; None: it is not known, or forgotten."""
        return self._faces.get(face_id)

    def newcomer(self, since: float) -> str:
        """A face that was first seen after `since`, and still is; empty: there is none."""
        recent = self.newest - self._params.focus_lost_s
        came = (name for name, first in self._first_seen.items() if first > since)
        return next((name for name in came if self._faces[name].stamp >= recent), "")

    def affects(self, now: float) -> list[Affect]:
        """Everyone's affect at `now`, in the order in which they were first seen."""
        self._forget(now)
        return [affect_of(face_id, face, now) for face_id, face in self._faces.items()]

    def focus(self, now: float) -> SmoothedFace | None:
        """The person who matters, whose id is `attended` from now on; None: nobody has been seen lately."""
        self._forget(now)
        latest = now - self._params.focus_lost_s
        seen = {name: face for name, face in self._faces.items() if face.stamp >= latest}
        if not seen:
            self.attended = ""
            return None
        largest = max(seen, key=lambda name: seen[name].size_px)
        attended = seen.get(self.attended)
        if attended is None or seen[largest].size_px >= self._params.focus_ratio * attended.size_px:
            self.attended = largest
        face = seen[self.attended]
        face.look(now)
        return face

    def absent_s(self, now: float) -> float:
        """Seconds since a face was seen, or since the first image; 0 before it."""
        return max(0.0, now - self._last_face) if self.newest > -inf else 0.0

    def _add(self, name: str, stamp: float) -> SmoothedFace:
        if len(self._faces) >= MAX_FACES:
            oldest = min(self._faces, key=lambda known: self._faces[known].stamp)
            self._remove(oldest)
        self._first_seen[name] = stamp
        face = self._faces[name] = SmoothedFace(self._params, stamp)
        return face

    def _forget(self, now: float) -> None:
        earliest = now - self._params.forget_s
        for name in [name for name, face in self._faces.items() if face.stamp < earliest]:
            self._remove(name)

    def _remove(self, name: str) -> None:
        del self._faces[name], self._first_seen[name]


def affect_of(face_id: str, face: SmoothedFace, now: float) -> Affect:
    """What a face shows at `now`."""
    face.look(now)
    valence, valence_sd = face.valence(now)
    arousal, arousal_sd = face.arousal(now)
    return Affect(
        face_id=face_id,
        emotion=face.emotion,
        confidence=face.confidence,
        valence=valence,
        valence_sd=valence_sd,
        arousal=arousal,
        arousal_sd=arousal_sd,
        since_s=face.since_s,
        trend=face.trend(now),
        certain=face.certain,
        age_s=max(0.0, now - face.stamp),
        stamp=face.stamp,
    )
