"""Clips that change their expression at a known time: one still face, then another, as a camera sees them.

Nobody holds still before a camera, a detector's box trembles, and a sensor is noisy. That is what makes a
label flicker, and it is laid over two stills of different labels, as if one person changed between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import degrees, exp, sqrt

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import DatasetError
from fer_ros.evaluate.clips import Changes
from fer_ros.evaluate.samples import Samples
from fer_ros.faces.crop import MARGIN
from fer_ros.faces.face import Detection, Face, Image8
from fer_ros.faces.student import Student

HOLD_S = 2.0  # each still; longer than anything an estimate remembers
TREMBLE_S = 0.15  # time in which a head and its box move on
SHIFT_PX, SIZE, ROLL_RAD = 0.7, 0.015, 0.02  # standard deviations, of a face of 48 px
NOISE = 3.0  # grey levels, standard deviation
JPEG_QUALITY = 70


@dataclass(frozen=True, eq=False)
class HeldClip:
    """Two stills, each held for HOLD_S.

    Attributes:
        frames: (image, (S, S, 3) uint8 BGR, the face filling it as FER2013's do; time in s).
        labels: as of a clip labelled by hand.
    """

    frames: Sequence[tuple[Image8, float]]
    labels: Changes


class HeldFaces:
    """Stands in for FaceTracker where an image is the face; the student reads its blendshapes."""

    def __init__(self, student: Student | None) -> None:
        self._student = student

    def update(self, image: Image8, _stamp: float) -> list[Face]:
        """The face, always the same one."""
        edge = round(MARGIN * len(image))
        crop = np.pad(image, ((edge, edge), (edge, edge), (0, 0)), mode="edge")
        shapes = self._student.read(crop) if self._student is not None else None
        box = (0.0, 0.0, float(len(image)), float(len(image)))
        return [Face("f1", Detection(box, 1.0, blendshapes=shapes), crop)]


def held_clips(samples: Samples, count: int, rate_hz: float, seed: int = 0) -> Iterator[HeldClip]:
    """Clips of pairs of stills with different labels.

    Args:
        samples: faces of S x S px, grey, with their labels.
        count: clips.
        rate_hz: images a second.
        seed: of the pairs and of what moves.

    Raises:
        DatasetError: all faces have the same label.
    """
    if len(set(samples.truth.tolist())) < 2:
        raise DatasetError(f"{samples.title}, {samples.split}: all faces have one label; a change needs two")
    random = np.random.default_rng(seed)
    faces = np.asarray(samples.inputs["face"], np.uint8)
    names = LABEL_SPACES[samples.labels]
    images = round(HOLD_S * rate_hz)
    for _ in range(count):
        pair = _pair(samples.truth, random)
        seen = [image for row in pair for image in _trembling(faces[row], images, rate_hz, random)]
        first, second = (names[samples.truth[row]] for row in pair)
        frames = [(image, place / rate_hz) for place, image in enumerate(seen)]
        yield HeldClip(frames, ((0.0, first), (images / rate_hz, second)))


def _pair(truth: NDArray[np.int64], random: Generator) -> tuple[int, int]:
    """Two rows with different labels."""
    while True:
        first, second = random.integers(0, len(truth), 2).tolist()
        if truth[first] != truth[second]:
            return first, second


def _trembling(face: Image8, count: int, rate_hz: float, random: Generator) -> Iterator[Image8]:
    """A still as a camera sees it again and again."""
    keep = exp(-1 / (rate_hz * TREMBLE_S))
    spread = np.array([SHIFT_PX, SHIFT_PX, SIZE, ROLL_RAD])
    pose = spread * random.standard_normal(4)
    for _ in range(count):
        yield _seen(face, pose, random)
        pose = keep * pose + sqrt(1 - keep**2) * spread * random.standard_normal(4)


def _seen(face: Image8, pose: NDArray[np.float64], random: Generator) -> Image8:
    """One image of it: moved, noisy, compressed, in three channels."""
    right, down, larger, roll = pose.tolist()
    middle = (face.shape[1] / 2, face.shape[0] / 2)
    matrix = cv2.getRotationMatrix2D(middle, degrees(roll), 1 + larger)
    matrix[:, 2] += right, down
    moved = cv2.warpAffine(face, matrix, face.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    noisy = np.clip(moved + NOISE * random.standard_normal(moved.shape), 0, 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return cv2.imdecode(encoded, cv2.IMREAD_COLOR)  # type: ignore[return-value]
