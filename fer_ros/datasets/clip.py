"""A labelled recording of any dataset: one image, a list of images or a video."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets.archive import Archive
from fer_ros.errors import DatasetError, ImageError, SourceError
from fer_ros.images import Image8, decode_compressed
from fer_ros.sources.video import VideoSource


@dataclass(frozen=True, eq=False)
class Images:
    """Image files, in the order they were taken."""

    archive: Archive
    names: tuple[str, ...]


@dataclass(frozen=True)
class Video:
    """A video file."""

    path: Path


@dataclass(frozen=True, eq=False)
class Pixels:
    """An image that the dataset gives as numbers, (H, W) uint8, grey."""

    image: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Clip:
    """What a dataset says of one recording. A photograph is a clip of one frame.

    Attributes:
        dataset: name of its adapter.
        id: of this clip, unlike any other of the dataset.
        subject: whose face it is; "" where the dataset names nobody.
        label: one of the dataset's label space.
        frames: where its images are.
        part: "train", "validation" or "test" where the publisher divided the dataset, else "".
    """

    dataset: str
    id: str
    subject: str
    label: str
    frames: Images | Video | Pixels
    part: str = ""

    @property
    def person(self) -> str:
        """The subject, unlike those of other datasets; a clip of nobody known is a person of its own."""
        return f"{self.dataset}/{self.subject or self.id}"


def in_step(count: int, length: int) -> NDArray[np.int64]:
    """Which of `count` frames make a sequence: at even steps, or each repeated in its place.

    Returns:
        (length,) int64, never going back.
    """
    return np.arange(length) * count // length


def read_frames(clip: Clip) -> list[Image8]:
    """Every frame of a clip, (H, W, 3) uint8 BGR each.

    Raises:
        DatasetError: an image or the video is absent, damaged or cut off.
    """
    if isinstance(clip.frames, Pixels):
        return [np.asarray(cv2.cvtColor(clip.frames.image, cv2.COLOR_GRAY2BGR), np.uint8)]
    if isinstance(clip.frames, Video):
        return _video(clip, clip.frames.path)
    return [_image(clip, clip.frames.archive, name) for name in clip.frames.names]


def _image(clip: Clip, archive: Archive, name: str) -> Image8:
    try:
        return decode_compressed(archive.read(name), Path(name).suffix.lstrip("."))
    except ImageError as error:
        raise DatasetError(
            f"{clip.dataset} clip {clip.id}: {archive.path}: {name}: {error}; unpack or copy it again"
        ) from error


def _video(clip: Clip, path: Path) -> list[Image8]:
    cut: list[str] = []
    try:
        with VideoSource(path, cut.append) as source:
            frames = [frame.image for frame in source]
    except SourceError as error:
        raise DatasetError(f"{clip.dataset} clip {clip.id}: {error}") from error
    if cut:
        raise DatasetError(f"{clip.dataset} clip {clip.id}: {cut[0]}; copy it again")
    return frames
