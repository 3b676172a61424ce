"""Faces in a stream of images: found on some, followed and read on every one."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import combinations, count

from fer_ros.errors import ImageError
from fer_ros.faces.crop import crop_face
from fer_ros.faces.face import Box, Detection, Face, Image8, longer_side, overlap
from fer_ros.faces.finder import ONE_FACE, Finder, find_near, nearest
from fer_ros.faces.params import FacesParams
from fer_ros.faces.reader import Reader
from fer_ros.faces.student import Student
from fer_ros.faces.track import Track

SAME_FACE = 1.5  # Track.cost above which a detection is another face
UNCONFIRMED_SCANS = 6  # scans in a row without a face after which a reader that still sees it is wrong
SMALLEST_PX = 8.0
NUMBERS_PER_S = 10  # more than new faces: numbers that began earlier stay behind those that begin now
NUMBERS = 1_000_000  # a day of them
LONGEST_GAP_S = 2.0  # between two images; after a longer one nobody knows who is there


class FaceTracker:
    """Keeps the identity of every face; the same images give the same faces, bit for bit.

    Attributes:
        left_alone: faces followed that are to be left alone, those just out of sight included.
        numbers_by_time: begin to number the faces at the time of the first one, instead of at 1. Where others
            know faces by their ids, a tracker that begins anew must not give an id of somebody else.
    """

    def __init__(
        self, finder: Finder, reader: Reader | None, params: FacesParams, student: Student | None = None
    ) -> None:
        self.finder = finder
        self.reader = reader
        self.student = student
        self.left_alone = 0
        self.numbers_by_time = False
        self._leave: Collection[str] = ()
        self._params = params
        self._tracks: list[Track] = []
        self._numbers: Iterator[int] | None = None  # until there is a face
        self._since_scan = 0
        self._turn = 0
        self._reads_left = 0
        self._just_lost = False

    def update(self, image: Image8, stamp: float, leave: Collection[str] = ()) -> list[Face]:
        """Find or follow every face of one image.

        Args:
            image: (H, W, 3) uint8, BGR.
            stamp: acquisition time, s. A step backwards (a bag that loops) or far ahead forgets every face.
            leave: ids of faces to leave alone: followed, to be known again, but neither read nor cut out.

        Returns:
            The faces seen in this image and not left alone, in the order in which they were first seen.

        Raises:
            ImageError: the image is not (H, W, 3) uint8.
        """
        _check(image)
        self._leave = leave
        self._reads_left = self._params.reads_per_image
        self._forget(stamp)
        seen = self._follow(image, stamp)
        found = self._scan(image) if self._scan_is_due() else []
        new = self._match(found, seen, image, stamp)
        self._settle(seen, image, stamp)
        touched = self._touched(stamp)
        for track, detection in seen.items():
            track.update(detection, stamp, image, touched=track in touched)
        self._tracks = [t for t in self._tracks if self._is_alive(t, stamp)]
        self._begin(new, image, stamp)
        self.left_alone = sum(t.id in leave for t in self._tracks)
        return [self._face(t, image, stamp) for t in self._tracks if not t.lost and t.id not in leave]

    def close(self) -> None:
        """Free the reader's model."""
        if self.reader is not None:
            self.reader.close()

    def _forget(self, stamp: float) -> None:
        gap_s = max(LONGEST_GAP_S, self._params.keep_lost_s)
        if any(not 0 <= stamp - track.stamp <= gap_s for track in self._tracks):
            self._tracks.clear()

    def _follow(self, image: Image8, stamp: float) -> dict[Track, Detection]:
        """Look for faces where they are expected; with too many for one image they take turns."""
        share = min(self._params.reads_per_image, len(self._tracks))
        start = self._turn if len(self._tracks) > share else 0
        self._turn = (start + share) % max(len(self._tracks), 1)
        turns = [self._tracks[(start + i) % len(self._tracks)] for i in range(share)]
        seen = {}
        self._just_lost = False
        for track in turns:
            detection = self._look(image, track.place(stamp), track.id)
            self._just_lost |= detection is None and not track.lost
            track.lost = detection is None
            if detection is not None:
                seen[track] = detection
        return seen

    def _look(self, image: Image8, expected: Box, face_id: str) -> Detection | None:
        if longer_side(expected) < SMALLEST_PX:
            return None
        return self._read(image, expected, face_id) or find_near(self.finder, image, expected)

    def _read(self, image: Image8, expected: Box, face_id: str = "") -> Detection | None:
        if self.reader is None or self._reads_left == 0 or face_id in self._leave:
            return None
        self._reads_left -= 1
        read = self.reader.read(image, expected)
        return nearest([read], expected) if read is not None else None

    def _scan_is_due(self) -> bool:
        self._since_scan += 1
        due = self._since_scan >= self._params.scan_every
        return due or not self._tracks or any(t.lost for t in self._tracks)

    def _scan(self, image: Image8) -> list[Detection]:
        self._since_scan = 0
        for track in self._tracks:
            track.unconfirmed += not track.lost
        return [d for d in self.finder.find(image) if longer_side(d.box_xyxy) >= SMALLEST_PX]

    def _match(
        self, found: list[Detection], seen: dict[Track, Detection], image: Image8, stamp: float
    ) -> list[Detection]:
        """Confirm what is followed and take back what was lost; returns what belongs to no track."""
        costs = sorted(
            (t.cost(d, stamp, image), i, j) for i, t in enumerate(self._tracks) for j, d in enumerate(found)
        )
        partner: dict[int, int] = {}
        for cost, i, j in costs:
            if cost <= SAME_FACE and i not in partner and j not in partner.values():
                partner[i] = j
        for i, j in partner.items():
            track = self._tracks[i]
            track.unconfirmed = 0
            if track.lost:
                seen[track] = self._read(image, found[j].box_xyxy, track.id) or found[j]
        self._doubt_those_who_wait([t for i, t in enumerate(self._tracks) if i not in partner], seen)
        return [d for j, d in enumerate(found) if j not in partner.values()]

    def _doubt_those_who_wait(self, unconfirmed: list[Track], seen: dict[Track, Detection]) -> None:
        """When somebody has just gone, those who were not looked at are only there if the scan shows them."""
        if self._just_lost:
            for track in unconfirmed:
                track.lost = track.lost or track not in seen

    def _settle(self, seen: dict[Track, Detection], image: Image8, stamp: float) -> None:
        """Where two tracks see one face (one person passes before another), the likelier keeps it."""
        here = {t: seen.get(t, t.predicted(stamp)) for t in self._tracks if t in seen or not t.lost}
        for first, second in combinations(list(here), 2):
            if first not in here or second not in here:
                continue
            if overlap(here[first].box_xyxy, here[second].box_xyxy) > ONE_FACE:
                loser = max(first, second, key=lambda t: t.cost(here[t], stamp, image))
                loser.lost = True
                del here[loser]
                seen.pop(loser, None)

    def _touched(self, stamp: float) -> set[Track]:
        """The tracks that are expected where another one is expected too."""
        expected = {track: track.expected(stamp) for track in self._tracks}
        pairs = combinations(self._tracks, 2)
        return {t for a, b in pairs if overlap(expected[a], expected[b]) > 0 for t in (a, b)}

    def _begin(self, new: list[Detection], image: Image8, stamp: float) -> None:
        room = max(self._params.max_faces - len(self._tracks), 0)
        for detection in sorted(new, key=lambda d: -longer_side(d.box_xyxy))[:room]:
            taken = [t.place(stamp) for t in self._tracks]
            if all(overlap(box, detection.box_xyxy) < ONE_FACE for box in taken):
                detection = self._read(image, detection.box_xyxy) or detection
                self._tracks.append(Track(self._new_id(stamp), detection, stamp, image))

    def _new_id(self, stamp: float) -> str:
        if self._numbers is None:
            by_time = int(stamp * NUMBERS_PER_S) % NUMBERS
            self._numbers = count(by_time if self.numbers_by_time else 1)
        return f"face_{next(self._numbers)}"

    def _is_alive(self, track: Track, stamp: float) -> bool:
        kept = not track.lost or stamp - track.stamp <= self._params.keep_lost_s
        return kept and track.unconfirmed < UNCONFIRMED_SCANS

    def _face(self, track: Track, image: Image8, stamp: float) -> Face:
        seen = track.seen if track.stamp == stamp else track.predicted(stamp)
        crop = crop_face(image, seen, self._params.crop_px)
        if seen.blendshapes is None and self.student is not None:
            seen = replace(seen, blendshapes=self.student.read(crop), blendshapes_by="student")
        return Face(track.id, seen, crop)


def _check(image: Image8) -> None:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != "uint8" or image.size == 0:
        raise ImageError(f"image is {image.dtype} {image.shape}; it must be uint8 (height, width, 3)")
