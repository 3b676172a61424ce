"""Blendshapes of every frame of a dataset, as MediaPipe's Face Landmarker reads its face crops."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets import blendshapes
from fer_ros.datasets.clip import Clip, read_frames
from fer_ros.datasets.crops import cut, follow
from fer_ros.datasets.store import kept, read, write
from fer_ros.errors import DatasetError
from fer_ros.faces.blendshapes import COUNT, NAMES
from fer_ros.faces.face import Image8
from fer_ros.faces.finder import Finder
from fer_ros.faces.reader import CROP_PX, GROWTH, LandmarkReader

TOGETHER = 50  # clips between two saves, some seconds' work where they are videos
SIDE = round(CROP_PX / GROWTH)  # px; what blendshapes.framed enlarges a crop to

Progress = Callable[[int, int], None]
OpenReader = Callable[[], LandmarkReader]


@dataclass(frozen=True, eq=False)
class Extracted:
    """Blendshapes of N frames.

    Attributes:
        blendshapes: (N, 52) float32 in 0..1, MediaPipe's order; rows of NaN where no face was read.
        clip: (N,) str, the frame's clip.
        frame: (N,) int64, its number in the clip, from 0.
        subject: (N,) str, "" where the dataset names nobody.
        label: (N,) str.
        found: (N,) bool, whether a face was found to read; always, where images are cut out already.
    """

    blendshapes: NDArray[np.float32]
    clip: NDArray[np.str_]
    frame: NDArray[np.int64]
    subject: NDArray[np.str_]
    label: NDArray[np.str_]
    found: NDArray[np.bool_]

    @property
    def missed(self) -> NDArray[np.bool_]:
        """(N,) bool, the rows of NaN."""
        return np.isnan(self.blendshapes[:, 0])

    def save(self, path: Path) -> None:
        """Write everything, the blendshapes' names and the misses too, to an .npz file.

        Raises:
            DatasetError: the file cannot be written.
        """
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        write(path, {**arrays, "missed": self.missed, "names": np.array(NAMES)})


def load_blendshapes(path: Path) -> NDArray[np.float32]:
    """(N, 52) float32 of a file that `Extracted.save` wrote, rows of NaN where no face was read.

    Raises:
        DatasetError: the file is absent, damaged or another kind.
    """
    found = read(path).get("blendshapes")
    if found is None or found.ndim != 2 or found.shape[1] != len(NAMES):
        raise DatasetError(f"{path} holds no blendshapes; write it with `fer_ros dataset blendshapes`")
    return np.asarray(found, np.float32)


def extract(
    clips: Sequence[Clip],
    finder: Finder | None,
    open_reader: OpenReader,
    folder: Path,
    progress: Progress,
) -> Extracted:
    """Read every frame of every clip.

    Args:
        clips: of one dataset.
        finder: looks for faces; None where the images are faces cut out already.
        open_reader: called if anything is left to read.
        folder: what was read is kept there, so that an interrupted run goes on where it stopped.
        progress: called with clips done and clips in all.

    Raises:
        DatasetError: a clip cannot be read, or the folder cannot be written.
        ModelError: MediaPipe or its model is absent.
    """
    reader: list[LandmarkReader] = []

    def read_batch(batch: Sequence[Clip]) -> dict[str, NDArray[np.generic]]:
        if not reader:
            reader.append(open_reader())
        parts = [_of_clip(clip, finder, reader[0]) for clip in batch]
        return {f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Extracted)}

    done: list[dict[str, NDArray[np.generic]]] = []
    try:
        for start, batch in _batches(clips):
            done.append(kept(folder / _name(batch), lambda batch=batch: read_batch(batch)))  # type: ignore[misc]
            progress(start + len(batch), len(clips))
    finally:
        for opened in reader:
            opened.close()
    if not done:
        raise DatasetError("there are no clips to read blendshapes of; give a dataset that has some")
    return Extracted(*(np.concatenate([part[f.name] for part in done]) for f in fields(Extracted)))


def _batches(clips: Sequence[Clip]) -> Iterator[tuple[int, Sequence[Clip]]]:
    return ((start, clips[start : start + TOGETHER]) for start in range(0, len(clips), TOGETHER))


def _name(batch: Sequence[Clip]) -> str:
    """Of the file of some clips: other clips have another."""
    clips = "\n".join(f"{clip.dataset} {clip.id} {clip.label}" for clip in batch)
    return f"{sha256(clips.encode()).hexdigest()[:16]}.npz"


def _of_clip(clip: Clip, finder: Finder | None, reader: LandmarkReader) -> Extracted:
    frames = read_frames(clip)
    crops = [_small(frame) for frame in frames] if finder is None else _crops(frames, finder)
    found = np.array([crop is not None for crop in crops])
    shapes = np.full((len(crops), COUNT), np.nan, np.float32)
    if found.any():
        shapes[found] = blendshapes.of_crops(np.stack([c for c in crops if c is not None]), reader)
    count = len(frames)
    return Extracted(
        shapes,
        np.array([clip.id] * count),
        np.arange(count),
        np.array([clip.subject] * count),
        np.array([clip.label] * count),
        found,
    )


def _crops(frames: Sequence[Image8], finder: Finder) -> list[NDArray[np.uint8] | None]:
    """(SIDE, SIDE) uint8, grey, in the FER2013 framing; None where no face is found."""
    seen = follow(frames, finder)
    return [cut(frame, face, 0.0, SIDE) if face else None for frame, face in zip(frames, seen, strict=True)]


def _small(frame: Image8) -> NDArray[np.uint8]:
    """A ready crop, grey, at its own size."""
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
