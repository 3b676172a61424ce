"""What a REP-155 detector says of one image comes on many topics: here it becomes one again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Generic, TypeVar

from fer_ros.faces.face import Box, Floats

IMAGES_KEPT = 10  # at 30 per second, what a detector may lag behind
IMAGES_END_S = 1.0  # without an image, after which none is waited for
BACKWARDS_NS = 1_000_000_000  # a step back in time that is a new beginning, not a late message
NEVER_S = 2.0  # s for which a face may be tracked without a region before somebody is told

T = TypeVar("T")  # an image as it came: most are never looked at


@dataclass(frozen=True)
class Region:
    """Where a face is, (xmin, ymin, xmax, ymax) in 0..1, and how sure the detector is, 0..1."""

    box: Box
    score: float


@dataclass
class Moment(Generic[T]):
    """What is known of one image.

    Attributes:
        stamp_ns: of the image.
        began_s: when the first word of it came.
        regions, pictures, landmarks: face id → what came.
        image: itself, where it came.
        told: whether the list of faces came with this stamp.
    """

    stamp_ns: int
    frame_id: str
    began_s: float
    regions: dict[str, Region] = field(default_factory=dict)
    pictures: dict[str, T] = field(default_factory=dict)
    landmarks: dict[str, tuple[Floats, tuple[int, int]]] = field(default_factory=dict)
    image: T | None = None
    told: bool = False


@dataclass
class _Known:
    """A face that is tracked: since when, and what has ever come of it."""

    since_s: float
    gives: set[str] = field(default_factory=set)
    complained: bool = False


class Gathering(Generic[T]):
    """Puts parts with the same stamp together; an image is done when all is there that usually comes.

    Attributes:
        late: parts that came when their image was done.
    """

    def __init__(self, wait_s: float, max_faces: int) -> None:
        """Begin.

        Args:
            wait_s: for which an image waits for its parts.
            max_faces: followed at once.
        """
        self.late = 0
        self._wait_s, self._max_faces = wait_s, max_faces
        self._image_came_s = -inf
        self._faces: dict[str, _Known] = {}
        self._moments: dict[int, Moment[T]] = {}
        self._images: dict[int, T] = {}
        self._done_ns = 0

    @property
    def ids(self) -> tuple[str, ...]:
        """The faces that are followed, in the order in which they came."""
        return tuple(self._faces)

    def track(self, ids: Sequence[str], stamp_ns: int, frame_id: str, now: float) -> None:
        """The detector's list: who is there."""
        kept = [face for face in self._faces if face in ids]
        new = [face for face in dict.fromkeys(ids) if face not in self._faces]
        chosen = [*kept, *new][: self._max_faces]
        self._faces = {face: self._faces.get(face, _Known(now)) for face in chosen}
        moment = self._moment(stamp_ns, frame_id, now) if stamp_ns else None
        if moment is not None:
            moment.told = True

    def region(self, face_id: str, stamp_ns: int, frame_id: str, region: Region, now: float) -> None:
        """Where a face is in an image."""
        moment = self._of(face_id, "region", stamp_ns, frame_id, now)
        if moment is not None:
            moment.regions[face_id] = region

    def picture(self, face_id: str, stamp_ns: int, frame_id: str, picture: T, now: float) -> None:
        """The detector's picture of a face."""
        moment = self._of(face_id, "picture", stamp_ns, frame_id, now)
        if moment is not None:
            moment.pictures[face_id] = picture

    def landmarks(
        self,
        face_id: str,
        stamp_ns: int,
        frame_id: str,
        points: Floats,
        image_size: tuple[int, int],
        now: float,
    ) -> None:
        """The 70 landmarks of a face, as fractions of an image of (width, height) px."""
        moment = self._of(face_id, "landmarks", stamp_ns, frame_id, now)
        if moment is not None:
            moment.landmarks[face_id] = points, image_size

    def image(self, stamp_ns: int, image: T, now: float) -> None:
        """A whole image; it alone says nothing of faces."""
        self._image_came_s = now
        if self._images and stamp_ns < max(self._images) - BACKWARDS_NS:
            self._images.clear()
        self._images[stamp_ns] = image
        while len(self._images) > IMAGES_KEPT:
            del self._images[min(self._images)]

    def images_come(self, now: float) -> bool:
        """Whether whole images are there to cut faces from."""
        return 0 <= now - self._image_came_s < IMAGES_END_S

    def due(self, now: float) -> list[Moment[T]]:
        """The images that are done, oldest first: complete, waited for long enough, or overtaken."""
        done: list[Moment[T]] = []
        for stamp_ns in sorted(self._moments, reverse=True):
            moment = self._moments[stamp_ns]
            moment.image = self._images.get(stamp_ns)
            if done or self._is_complete(moment, now) or not 0 <= now - moment.began_s < self._wait_s:
                done.append(self._moments.pop(stamp_ns))
                self._done_ns = max(self._done_ns, stamp_ns)
        return done[::-1]

    def without_region(self, now: float) -> list[str]:
        """Faces that have been tracked for a while and never had a region; each is told once."""
        silent = [
            face
            for face, known in self._faces.items()
            if not known.complained and "region" not in known.gives and now - known.since_s > NEVER_S
        ]
        for face in silent:
            self._faces[face].complained = True
        return silent

    def _of(self, face_id: str, kind: str, stamp_ns: int, frame_id: str, now: float) -> Moment[T] | None:
        known = self._faces.get(face_id)
        if known is None:
            return None
        known.gives.add(kind)
        return self._moment(stamp_ns, frame_id, now)

    def _moment(self, stamp_ns: int, frame_id: str, now: float) -> Moment[T] | None:
        if stamp_ns < self._done_ns - BACKWARDS_NS:  # a recording that begins anew
            self._moments.clear()
            self._done_ns = 0
        if stamp_ns <= self._done_ns:
            self.late += 1
            return None
        if stamp_ns not in self._moments:
            self._moments[stamp_ns] = Moment(stamp_ns, frame_id, now)
        return self._moments[stamp_ns]

    def _is_complete(self, moment: Moment[T], now: float) -> bool:
        """Whether all has come that usually comes of the faces that are tracked."""
        if not self._faces:
            return moment.told
        parts: dict[str, Mapping[str, object]] = {"region": moment.regions, "landmarks": moment.landmarks}
        if not self.images_come(now):
            parts["picture"] = moment.pictures
        elif moment.image is None:
            return False
        return all(
            face in part
            for face, known in self._faces.items()
            for kind, part in parts.items()
            if kind in known.gives
        )
