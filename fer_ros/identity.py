"""One name for one face: the cloud's face ids translated into the robot's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from fer_ros.faces.face import Box, overlap

MEMORY_S = 2.0  # longer than any result that is still fresh enough to be used
SAME_IMAGE_S = 0.1  # further apart, a moving face has left its box
MIN_IOU = 0.3  # two finders' boxes of one face overlap by more, two faces' by less
PREFIX = "cloud_"


@dataclass
class _Frame:
    boxes: dict[str, Box]
    given: dict[str, str] = field(default_factory=dict)  # robot's id → cloud's id


class FaceMatcher:
    """Finds the robot's name of a face that the cloud saw in the same image.

    Boxes are (x0, y0, x1, y1) as fractions of the image's width and height, so that the cloud may
    see a smaller copy. Within one image a name is given once. A cloud id keeps the name that it was
    given last when the robot missed the face in that image.
    """

    def __init__(self) -> None:
        self._frames: dict[float, _Frame] = {}  # by stamp, oldest first
        self._names: dict[str, tuple[str, float]] = {}  # cloud's id → robot's id, stamp

    def remember(self, stamp: float, faces: Sequence[tuple[str, Box]]) -> None:
        """Note the robot's faces (id, box) in the image acquired at `stamp` seconds."""
        if self._frames and stamp < next(reversed(self._frames)):  # time began anew
            self._frames.clear()
            self._names.clear()
        self._frames[stamp] = _Frame(dict(faces))
        while next(iter(self._frames)) < stamp - MEMORY_S:
            del self._frames[next(iter(self._frames))]
        self._names = {k: v for k, v in self._names.items() if v[1] >= stamp - MEMORY_S}

    def see(self, stamp: float, face_id: str, box: Box) -> None:
        """Note one of the robot's faces in the image of `stamp` seconds; an empty id: it held none."""
        if stamp not in self._frames:
            self.remember(stamp, ())
        if face_id:
            self._frames[stamp].boxes[face_id] = box

    def rename(self, stamp: float, face_id: str, box: Box) -> str:
        """The robot's id of the cloud's `face_id`; "cloud_" + face_id for a face the robot does not see.

        An empty id (no face) stays empty.
        """
        if not face_id:
            return face_id
        frame = self._nearest(stamp)
        name = self._match(frame, face_id, box) or self._known(frame, face_id)
        if name is None:
            return PREFIX + face_id
        frame.given[name] = face_id
        self._names = {cloud: known for cloud, known in self._names.items() if known[0] != name}
        self._names[face_id] = (name, stamp)
        return name

    def _nearest(self, stamp: float) -> _Frame:
        nearest = min(self._frames, key=lambda known: abs(known - stamp), default=inf)
        return self._frames[nearest] if abs(nearest - stamp) <= SAME_IMAGE_S else _Frame({})

    def _match(self, frame: _Frame, face_id: str, box: Box) -> str | None:
        free = {name: known for name, known in frame.boxes.items() if _is_free(frame, name, face_id)}
        best = max(free, key=lambda name: overlap(free[name], box), default=None)
        return best if best is not None and overlap(free[best], box) >= MIN_IOU else None

    def _known(self, frame: _Frame, face_id: str) -> str | None:
        name = self._names.get(face_id, (None, 0.0))[0]
        return (
            name if name is not None and name not in frame.boxes and _is_free(frame, name, face_id) else None
        )


def _is_free(frame: _Frame, name: str, face_id: str) -> bool:
    return frame.given.get(name, face_id) == face_id
