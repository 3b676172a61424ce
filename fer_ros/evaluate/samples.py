"""What a model is evaluated on: inputs, labels, and where they come from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets import blendfer, catalogue, ferplus, small_faces
from fer_ros.datasets.clip import read_frames
from fer_ros.datasets.ferplus import SIZE
from fer_ros.emotions import LABEL_SPACES, indices
from fer_ros.errors import DatasetError, ModelError
from fer_ros.images import to_grey

FERPLUS_SPACES = ("fer2013", "ferplus", "3class", "basic")

ReadShapes = Callable[[NDArray[np.uint8]], NDArray[np.float32]]


@dataclass(frozen=True)
class Samples:
    """Labelled examples of one split of one dataset.

    Attributes:
        title: of the dataset.
        split: part of it.
        labels: label space of the truth.
        inputs: input of a network → (N, ...) array; rows of NaN where blendshapes could not be read. Of
            videos, "video" → (N,) paths of their files.
        truth: (N,) int64, index into the label space.
    """

    title: str
    split: str
    labels: str
    inputs: Mapping[str, NDArray[np.generic]]
    truth: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.truth)


def load(dataset: str, path: Path, labels: str, split: str) -> Samples:
    """Still faces of any dataset whose images are cropped ones, or rows of blendshapes.

    Args:
        dataset: "ferplus", "blendfer" (the rows released with Attrah's LSTM), or an adapter's name.
        path: the dataset.
        labels: label space to evaluate in; examples without a label there are left out.
        split: "train", "validation" or "test"; datasets that nobody divided are all test.

    Raises:
        ModelError: the dataset has no such labels.
        DatasetError: the dataset is unknown, absent or incomplete, its images are no face crops, or
            nothing in it has such a label.
    """
    if dataset == "ferplus":
        return from_ferplus(path, labels, split)
    if dataset == "blendfer":
        return from_blendfer(path, labels, split)
    return from_stills(dataset, path, labels, split)


def from_blendfer(path: Path, labels: str, split: str) -> Samples:
    """Blendshapes with happy, unknown or sad; arguments and errors as `load`."""
    if labels != "3class":
        raise ModelError(f"labels {labels!r} cannot be evaluated on blendfer; it has 3class")
    rows = blendfer.load(path, split)
    return Samples("blendfer", split, labels, {"blendshapes": rows.blendshapes}, rows.labels)


def from_stills(dataset: str, path: Path, labels: str, split: str) -> Samples:
    """Every image of a dataset of cropped faces; arguments and errors as `load`."""
    known = catalogue.adapter(dataset)
    if not known.CROPPED:
        raise DatasetError(f"{dataset} has no cropped faces; give a dataset that has, such as ferplus")
    clips = [clip for clip in known.load(path) if (clip.part or "test") == split]
    truth = indices([clip.label for clip in clips], labels)
    faces, rows = [], []
    for clip, index in zip(clips, truth.tolist(), strict=True):
        images = read_frames(clip) if index >= 0 else []
        faces += [cv2.resize(to_grey(image), (SIZE, SIZE), interpolation=cv2.INTER_AREA) for image in images]
        rows += [index] * len(images)
    if not faces:
        raise DatasetError(f"{path}: no image of the {split} split has a {labels} label; {known.SOURCE}")
    return Samples(known.TITLE, split, labels, {"face": np.stack(faces)}, np.array(rows, np.int64))


def from_ferplus(path: Path, labels: str, split: str) -> Samples:
    """FER2013's images with one of their label sets.

    Args:
        path: FERPlus.zip, an unpacked FERPlus/, or a folder that holds either.
        labels: "fer2013", "ferplus" (majority label; images without one are left out), or "3class"
            (FER2013's labels as happy, unknown, sad) or "basic" (FER2013's without neutral).
        split: "train", "validation" or "test".

    Raises:
        ModelError: there are no such labels.
        DatasetError: the dataset is absent or incomplete, or no image has such a label.
    """
    if labels not in FERPLUS_SPACES:
        raise ModelError(f"labels {labels!r} cannot be evaluated; choose one of {', '.join(FERPLUS_SPACES)}")
    faces = ferplus.load(path, split)
    truth = {
        "fer2013": faces.fer2013,
        "ferplus": faces.majority,
        "3class": ferplus.three(faces.fer2013),
        "basic": ferplus.basic(faces.fer2013),
    }[labels]
    kept = truth >= 0
    if not kept.any():
        raise DatasetError(f"{path}: no image of the {split} split has a {labels} label; {ferplus.SOURCE}")
    return Samples(ferplus.TITLE, split, labels, {"face": faces.images[kept]}, truth[kept])


def seen_at(samples: Samples, face_px: int) -> Samples:
    """The same faces from further away: `face_px` wide, and enlarged again."""
    faces = np.asarray(samples.inputs["face"], np.uint8)
    return replace(samples, inputs={**samples.inputs, "face": small_faces.seen_at(faces, face_px)})


def with_shapes(samples: Samples, read: ReadShapes) -> Samples:
    """The same with blendshapes read from the faces as they are now."""
    faces = np.asarray(samples.inputs["face"], np.uint8)
    return replace(samples, inputs={**samples.inputs, "blendshapes": read(faces)})


def check(samples: Samples) -> None:
    """Every label is one of its space.

    Raises:
        DatasetError: a label is out of bounds, or there are no examples.
    """
    count = len(LABEL_SPACES[samples.labels])
    if len(samples) == 0:
        raise DatasetError(f"{samples.title}, {samples.split}: no examples with {samples.labels} labels")
    wrong = samples.truth[(samples.truth < 0) | (samples.truth >= count)]
    if len(wrong):
        raise DatasetError(
            f"{samples.title}, {samples.split}: label {wrong[0]} is none of the {count} of {samples.labels}"
        )
