"""A clip as the link sees it: what every rung would send of each image, and what the cloud would answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fer_ros.estimators.crop_or_shapes import CropOrShapes
from fer_ros.estimators.estimate import Estimate
from fer_ros.estimators.streaming import Estimator
from fer_ros.faces.face import Face, Image8
from fer_ros.faces.tracker import FaceTracker
from fer_ros.link.bodies import Crops, Frame, Shapes
from fer_ros.link.packing import crops_body, faces_of, frame_body, shapes_body
from fer_ros.link.payload import Payload, decode, encode
from fer_ros.link.picture import decode_picture
from fer_ros.link.rehearsal import Shot, content
from fer_ros.link.rung import Reach, Rung

Floats = NDArray[np.float32]
Open = Callable[[], tuple[FaceTracker, Estimator | CropOrShapes]]


@dataclass(frozen=True, eq=False)
class LinkClip:
    """What was found.

    Attributes:
        shots: one an image, N.
        full: (N, L) float32, the cloud's probabilities from the robot's own crops, uncompressed; rows of
            NaN where there is no face.
        answers: what was sent → (N, L) float32, the cloud's probabilities from that.
    """

    shots: tuple[Shot, ...]
    full: Floats
    answers: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.shots)


class LinkWatch:
    """Watches a clip once, with the robot's eyes and, for every rung, with the cloud's.

    Args:
        robot: the robot's face tracker.
        open_cloud: gives a fresh tracker and estimator of the cloud, which must not smooth over time.
        rungs: of the ladder; rates do not matter here.
    """

    def __init__(self, robot: FaceTracker, open_cloud: Open, rungs: Iterable[Rung]) -> None:
        self._robot = robot
        self._rungs = {content(rung): rung for rung in rungs if rung.reach > Reach.NOTHING}
        self._clouds = {what: open_cloud() for what in (*self._rungs, "full")}
        self._shots: list[Shot] = []
        self._read: dict[str, list[Estimate]] = {what: [] for what in self._clouds}

    def see(self, image: Image8, stamp: float) -> None:
        """Take the next image: (H, W, 3) uint8 BGR, acquired at `stamp` seconds."""
        faces = self._robot.update(image, stamp)
        size = image.shape[1], image.shape[0]
        sizes = {}
        for what, rung in self._rungs.items():
            body = _body(rung, image, faces)
            data = encode(Payload(1, 0, size, body))
            sizes[what] = len(data)
            self._read[what].append(self._answer(what, data, stamp))
        self._read["full"].append(_largest(self._clouds["full"][1].update(faces, size, stamp)))
        # Crops are not kept: the sender chooses images by boxes and blendshapes.
        self._shots.append(Shot(stamp, [replace(face, crop=face.crop[:0]) for face in faces], sizes))

    def result(self) -> LinkClip:
        """What was seen so far."""
        labels = max((len(e.probabilities) for e in self._read["full"]), default=0)
        read = {what: np.stack([_row(e, labels) for e in found]) for what, found in self._read.items()}
        return LinkClip(tuple(self._shots), read.pop("full"), read)

    def close(self) -> None:
        """Free the models."""
        self._robot.close()
        for tracker, _ in self._clouds.values():
            tracker.close()

    def _answer(self, what: str, data: bytes, stamp: float) -> Estimate:
        """What the cloud makes of these bytes."""
        tracker, estimator = self._clouds[what]
        payload = decode(data)
        if isinstance(payload.body, Frame):
            small = decode_picture(payload.body.picture)
            faces = tracker.update(small, stamp)
            return _largest(estimator.update(faces, (small.shape[1], small.shape[0]), stamp))
        return _largest(estimator.update(faces_of(payload.body), payload.image_size, stamp))  # type: ignore[arg-type]


def _body(rung: Rung, image: Image8, faces: Sequence[Face]) -> Frame | Crops | Shapes:
    if rung.reach is Reach.FRAMES:
        return frame_body(image, rung)
    return (crops_body if rung.reach is Reach.CROPS else shapes_body)(faces, rung)


def _largest(estimates: Sequence[Estimate]) -> Estimate:
    """The estimate of the nearest face: one person is followed here."""
    return max(estimates, key=lambda estimate: np.nan_to_num(estimate.face_size_px))


def _row(estimate: Estimate, labels: int) -> Floats:
    return estimate.probabilities if estimate.probabilities.size else np.full(labels, np.nan, np.float32)
