"""FER2013 faces with both of their label sets: the original seven classes and the FER+ votes.

Layout, in FERPlus.zip or an unpacked FERPlus/:
    FER2013Train/ FER2013Valid/ FER2013Test/   48x48 grey PNG, one face each
    fer2013_labels.csv                         image,split,label (FER2013's seven labels)
    fer2013new.csv                             ten taggers' votes an image (FER+)
The images are FER2013's, without the few that FER+ marks as holding no face and gives no file name.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets.archive import Archive
from fer_ros.emotions import FER2013, FERPLUS, THREE, indices, to_three
from fer_ros.errors import DatasetError

TITLE = "FER2013 images with FER2013 and FER+ labels"
SIZE = 48  # px
FOLDERS = {"train": "FER2013Train", "validation": "FER2013Valid", "test": "FER2013Test"}
SOURCE = (
    "ask for FER2013 at kaggle.com/c/challenges-in-representation-learning-facial-expression-recognition-"
    "challenge and for FER+ at github.com/microsoft/FERPlus"
)
VOTE_COLUMNS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral", "contempt")
REJECT_COLUMNS = ("unknown", "NF")  # NF: not a face
TO_THREE = np.array([THREE.index(to_three(label)) for label in FER2013])
TO_BASIC = indices(FER2013, "basic")


@dataclass(frozen=True)
class FaceSet:
    """One split of FER2013/FER+.

    Attributes:
        names: N file names.
        images: (N, 48, 48) uint8, grey.
        fer2013: (N,) int64, index into emotions.FER2013.
        votes: (N, 8) float32, FER+ votes over emotions.FERPLUS summing to 1; zeros where `voted` is False.
        voted: (N,) bool, whether more than half of an image's votes are for one of the eight classes.
        majority: (N,) int64, index into emotions.FERPLUS; -1 where there is no majority.
    """

    names: tuple[str, ...]
    images: NDArray[np.uint8]
    fer2013: NDArray[np.int64]
    votes: NDArray[np.float32]
    voted: NDArray[np.bool_]
    majority: NDArray[np.int64]


def load(path: Path, split: str) -> FaceSet:
    """Read one split.

    Args:
        path: FERPlus.zip, an unpacked FERPlus/, or a folder that holds either.
        split: "train", "validation" (FER2013's PublicTest) or "test" (its PrivateTest).

    Raises:
        DatasetError: the split is unknown, or a file, image or label is absent or damaged.
    """
    if split not in FOLDERS:
        raise DatasetError(f"split {split!r} is not in FERPlus; choose one of {', '.join(FOLDERS)}")
    archive = Archive(path, "FERPlus", SOURCE)
    labels = _labels(archive, FOLDERS[split])
    counts = _counts(archive, tuple(labels))
    votes, voted = soft_votes(counts)
    images = np.stack([_image(archive, f"{FOLDERS[split]}/{name}") for name in labels])
    indices = np.array(list(labels.values()), np.int64)
    return FaceSet(tuple(labels), images, indices, votes, voted, majority(counts))


def without_single_votes(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """FER+'s outlier rule: a class with a single vote counts as none. (N, 10) in and out."""
    return np.where(counts > 1, counts, 0).astype(np.float32)


def soft_votes(counts: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Turn vote counts into distributions to learn from.

    Args:
        counts: (N, 10) float32, votes in the order of VOTE_COLUMNS + REJECT_COLUMNS.

    Returns:
        votes: (N, 8) float32, summing to 1, or zeros where not usable.
        voted: (N,) bool, whether the eight classes hold more than half of the votes.
    """
    kept = without_single_votes(counts)
    classes = kept[:, : len(FERPLUS)]
    voted = classes.sum(1) > 0.5 * np.maximum(kept.sum(1), 1)
    votes = np.where(voted[:, None], classes / np.maximum(classes.sum(1, keepdims=True), 1), 0)
    return votes.astype(np.float32), voted


def majority(counts: NDArray[np.float32]) -> NDArray[np.int64]:
    """FER+'s majority rule: the class with more than half of the votes, single votes left out.

    Args:
        counts: (N, 10) float32, votes in the order of VOTE_COLUMNS + REJECT_COLUMNS.

    Returns:
        (N,) int64, index into emotions.FERPLUS; -1 where no class, or "unknown" or "not a face", wins.
    """
    kept = without_single_votes(counts)
    best = kept.argmax(1)
    won = (kept.max(1) > 0.5 * kept.sum(1)) & (best < len(FERPLUS))
    return np.where(won, best, -1).astype(np.int64)


def three(fer2013: NDArray[np.int64]) -> NDArray[np.int64]:
    """FER2013's labels as happy, unknown or sad; (N,) int64 both ways."""
    return np.asarray(TO_THREE[fer2013], np.int64)


def basic(fer2013: NDArray[np.int64]) -> NDArray[np.int64]:
    """FER2013's labels as the six basic ones, -1 for neutral; (N,) int64 both ways."""
    return np.asarray(TO_BASIC[fer2013], np.int64)


def _rows(archive: Archive, name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    reader = csv.DictReader(archive.read(name).decode("utf-8-sig").splitlines())
    missing = [c for c in columns if c not in (reader.fieldnames or ())]
    if missing:
        raise DatasetError(f"{archive.path}: {name} has no column {', '.join(missing)}; {SOURCE}")
    return list(reader)


def _labels(archive: Archive, folder: str) -> dict[str, int]:
    """File name → index into FER2013, for one split's folder, in the file's order."""
    rows = _rows(archive, "fer2013_labels.csv", ("image", "split", "label"))
    labels = {row["image"]: row["label"] for row in rows if row["split"] == folder}
    if not labels:
        raise DatasetError(f"{archive.path}: fer2013_labels.csv has no rows for {folder}; {SOURCE}")
    unknown = sorted(set(labels.values()) - set(FER2013))
    if unknown:
        raise DatasetError(f"{archive.path}: fer2013_labels.csv has labels {unknown}; it takes {FER2013}")
    return {name: FER2013.index(label) for name, label in labels.items()}


def _counts(archive: Archive, names: tuple[str, ...]) -> NDArray[np.float32]:
    """(N, 10) float32 vote counts in the order of `names`."""
    columns = VOTE_COLUMNS + REJECT_COLUMNS
    rows = {row["Image name"]: row for row in _rows(archive, "fer2013new.csv", ("Image name", *columns))}
    absent = [name for name in names if name not in rows]
    if absent:
        missing = f"{absent[0]} and {len(absent) - 1} others"
        raise DatasetError(f"{archive.path}: fer2013new.csv has no votes for {missing}; {SOURCE}")
    return np.array([[float(rows[name][c]) for c in columns] for name in names], np.float32)


def _image(archive: Archive, name: str) -> NDArray[np.uint8]:
    """(48, 48) uint8, grey."""
    image = cv2.imdecode(np.frombuffer(archive.read(name), np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None or image.shape != (SIZE, SIZE):
        found = "not an image" if image is None else f"{image.shape[1]}x{image.shape[0]} px"
        raise DatasetError(f"{archive.path}: {name} is {found}, not {SIZE}x{SIZE} px; {SOURCE}")
    return image.astype(np.uint8, copy=False)
