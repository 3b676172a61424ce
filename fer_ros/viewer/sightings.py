"""Who is to be seen on an image: the estimates of its own moment, or the newest before it."""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import inf, isfinite

from fer_ros.conversation.params import ConversationParams
from fer_ros.estimators.estimate import Estimate
from fer_ros.faces.face import Box
from fer_ros.viewer.scene import Person

# A face of which nothing new is heard stays for a while where it was: a box that flickers is worse than
# one that is late. Where newer images were estimated without it, it has been looked for in vain.
SILENT_S = 0.7
MISSED_S = 0.25

RESTART_S = 1.0  # a step back by more means that time itself began anew (a bag that loops)
KEPT = 32  # estimates of a face, and moments: a second of them
MAX_FACES = 100  # more are not people: a stream whose ids never last must not fill the memory
FOCUS_RATIO = ConversationParams().focus_ratio  # as the conversation changes whom it attends to


@dataclass(frozen=True)
class Sighting:
    """An estimate of a face, and whose it is: robot, cloud or both."""

    estimate: Estimate
    source: str


class Sightings:
    """Remembers what was estimated lately, of everybody. All stamps are acquisition times, s."""

    def __init__(self) -> None:
        self._faces: dict[str, deque[Sighting]] = {}
        self._moments: deque[float] = deque(maxlen=KEPT)  # of images that were estimated, also empty ones

    @property
    def newest(self) -> float:
        """Stamp of the newest estimate; -inf: there is none."""
        return self._moments[-1] if self._moments else -inf

    def add(self, sighting: Sighting) -> None:
        """Take an estimate, or the word that an image held no face."""
        stamp = sighting.estimate.stamp
        if stamp < self.newest - RESTART_S:
            self.clear()
        if stamp > self.newest:
            self._moments.append(stamp)
            self._forget(stamp)
        name = sighting.estimate.face_id
        if name and all(isfinite(side) for side in sighting.estimate.box):
            self._faces.setdefault(name, deque(maxlen=KEPT)).append(sighting)

    def clear(self) -> None:
        """Forget everything."""
        self._faces.clear()
        self._moments.clear()

    def on(self, stamp: float, leave: Collection[str] = ()) -> tuple[Sighting, ...]:
        """What is to be shown on the image of a moment, in the order in which faces were first seen.

        Args:
            stamp: of the image.
            leave: ids of faces of which nothing is to be shown.
        """
        found = (self._at(stamp, seen) for name, seen in self._faces.items() if name not in leave)
        return tuple(sighting for sighting in found if sighting is not None)

    def complete(self, stamp: float) -> bool:
        """Whether nothing need be waited for: everybody's estimates of an image, or newer ones, are here."""
        if self.newest != stamp:
            return self.newest > stamp
        shown = self.on(stamp)
        return all(sighting.estimate.stamp == stamp for sighting in shown)

    def awaited(self, stamp: float) -> bool:
        """Whether estimates of an image are likely to come: they came lately."""
        return stamp - self.newest <= SILENT_S

    def _at(self, stamp: float, seen: deque[Sighting]) -> Sighting | None:
        sighting = next((s for s in reversed(seen) if s.estimate.stamp <= stamp), None)
        if sighting is None:
            return None
        missed = any(sighting.estimate.stamp < moment <= stamp for moment in self._moments)
        age_s = stamp - sighting.estimate.stamp
        return sighting if age_s <= (MISSED_S if missed else SILENT_S) else None

    def _forget(self, stamp: float) -> None:
        earliest = stamp - RESTART_S - SILENT_S
        gone = [name for name, seen in self._faces.items() if seen[-1].estimate.stamp < earliest]
        for name in {*gone, *list(self._faces)[:-MAX_FACES]}:
            del self._faces[name]


class Attention:
    """Chooses the person whose numbers are plotted: the largest face, without going to and fro."""

    def __init__(self) -> None:
        self._attended = ""

    def choose(self, seen: Sequence[Sighting]) -> str:
        """Id of the face attended; empty: nobody is seen."""
        sizes = {s.estimate.face_id: s.estimate.face_size_px for s in seen}
        largest = max(sizes, key=lambda name: sizes[name], default="")
        attended_px = sizes.get(self._attended)
        if attended_px is None or sizes[largest] >= FOCUS_RATIO * attended_px:
            self._attended = largest
        return self._attended


def person(sighting: Sighting, image_size: tuple[int, int]) -> Person:
    """A sighting on an image of (width, height) px."""
    estimate = sighting.estimate
    return Person(
        face_id=estimate.face_id,
        box_xyxy=in_px(estimate.box, image_size),
        labels=estimate.labels,
        probabilities=estimate.probabilities.tolist(),
        prediction_set=estimate.prediction_set,
        abstained=estimate.abstained,
        reason=estimate.reason,
        source=sighting.source,
    )


def in_px(box: Box, image_size: tuple[int, int]) -> Box:
    """A box of fractions of the image as px of one of (width, height) px."""
    width, height = image_size
    return box[0] * width, box[1] * height, box[2] * width, box[3] * height
