"""Single faces of any dataset that is known: JAFFE, CK+48, CK+'s last frames, FER2013 and others.

Which dataset is at the path is seen by its files' names. Images that are not cut out yet are, around
the Haar box. Recipe.split:

- "official": the publisher's, where there is one; else as "subject".
- "subject": 70/10/20 with nobody on two sides.
- "window": the same shares dealt out image by image.
- "70/30": Jain's shares, image by image. He names no third part: validation and test are the same.
- "fold I/K": the Ith of K folds of subjects tests and validates, the others are learned from.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fer_ros.datasets import catalogue, splits
from fer_ros.datasets.adapters import ckplus
from fer_ros.datasets.clip import Clip, read_frames
from fer_ros.datasets.crops import SIZE, cut, follow
from fer_ros.datasets.store import file_name
from fer_ros.datasets.store import kept as keep
from fer_ros.emotions import LABEL_SPACES, indices
from fer_ros.errors import DatasetError, ParameterError
from fer_ros.faces.haar import HaarFinder
from fer_ros.train.examples import Examples, one_hot
from fer_ros.train.recipe import Recipe

FOLD = re.compile(r"fold (\d+)/(\d+)")
SEED = 0  # of every split, so that figures of different runs are of the same faces
TENTH = {"train": 0.9, "validation": 0.1}
PART_OF_70_30 = {"train": "train", "validation": "test", "test": "test"}


def load(recipe: Recipe, path: Path, split: str, kept: Path) -> Examples:
    """Input `face`, (N, 1, 48, 48) uint8, of the split "train", "validation" or "test".

    Raises:
        ParameterError: the recipe's split is none of the above.
        DatasetError: the dataset is absent or half there, has no such split, or no face is found.
    """
    name = catalogue.recognise(path)
    clips = ckplus.stills(path) if name == "ckplus" else catalogue.adapter(name).load(path)
    wanted = chosen(clips, recipe, split)
    faces = _faces(wanted, kept / "stills" / name, cropped=catalogue.adapter(name).CROPPED)
    labels = [clip.label for clip, face in zip(wanted, faces, strict=True) if face is not None]
    images = [face for face in faces if face is not None]
    if not images:
        raise DatasetError(f"{path}: no face is found in any of {len(wanted)} images")
    return Examples({"face": torch.from_numpy(np.stack(images))[:, None]}, targets(labels, recipe, split))


def chosen(clips: Sequence[Clip], recipe: Recipe, split: str) -> list[Clip]:
    """The clips of one split.

    Raises:
        ParameterError: the recipe names no split there is.
        DatasetError: the publisher gives no such part.
    """
    parts = _parts(clips, recipe, split)
    found = [clip for clip, part in zip(clips, parts, strict=True) if part == split]
    if not found:
        raise DatasetError(
            f"{clips[0].dataset} has no part {split!r}; choose another split than {recipe.split}"
        )
    return found


def targets(labels: Sequence[str], recipe: Recipe, split: str) -> dict[str, Tensor]:
    """Head → (N, L) float32; smoothed to train with, plain to validate with.

    Raises:
        DatasetError: there is nothing to learn a label of a head from.
    """
    smoothing = recipe.smoothing if split == "train" else 0.0
    found = {head: indices(labels, head) for head in recipe.heads}
    if split == "train":
        for head, rows in found.items():
            absent = [label for place, label in enumerate(LABEL_SPACES[head]) if place not in rows]
            if absent:
                raise DatasetError(
                    f"recipe {recipe.name}: no example of {', '.join(absent)} for the head {head}; "
                    f"choose another head or other data (these show {', '.join(sorted(set(labels)))})"
                )
    return {head: one_hot(rows, head, smoothing) for head, rows in found.items()}


def _parts(clips: Sequence[Clip], recipe: Recipe, split: str) -> list[str]:
    published = any(clip.part for clip in clips)
    if recipe.split == "official" and published:
        return _published(clips)
    if recipe.split in ("official", "subject"):
        people = [clip.person for clip in clips]
        return [str(part) for part in splits.by_subject(people, splits.THESIS, SEED)]
    if recipe.split == "window":
        return [str(part) for part in splits.by_item(len(clips), splits.THESIS, SEED)]
    if fold := FOLD.fullmatch(recipe.split):
        number, count = int(fold[1]), int(fold[2])
        tested = splits.folds([clip.person for clip in clips], count, SEED) == number - 1
        return ["train" if not here else split if split != "train" else "" for here in tested]
    if recipe.split == "70/30":
        dealt = splits.by_item(len(clips), splits.SEVENTY_THIRTY, SEED).tolist()
        return [split if part == PART_OF_70_30[split] else "" for part in dealt]
    raise ParameterError(
        f"recipe {recipe.name}.split is {recipe.split!r}; choose official, subject, window, 70/30 or fold I/K"
    )


def _published(clips: Sequence[Clip]) -> list[str]:
    """The publisher's parts; a tenth of what is to be learned from validates where nothing else does."""
    parts = [clip.part for clip in clips]
    if "validation" not in parts:
        learned = [row for row, part in enumerate(parts) if part == "train"]
        dealt = splits.by_item(len(learned), TENTH, SEED).tolist()
        for row, part in zip(learned, dealt, strict=True):
            parts[row] = part
    return parts


def _faces(clips: Sequence[Clip], kept: Path, *, cropped: bool) -> list[NDArray[np.uint8] | None]:
    """(48, 48) uint8 each, None where no face is found."""
    if cropped:
        return [_grey(clip) for clip in clips]
    finder = HaarFinder()

    def face(clip: Clip) -> NDArray[np.uint8] | None:
        found = keep(kept / file_name(clip.id), lambda: {"face": _found(clip, finder)})["face"]
        return found[0] if len(found) else None

    return [face(clip) for clip in clips]


def _found(clip: Clip, finder: HaarFinder) -> NDArray[np.uint8]:
    """(1, 48, 48) uint8, or (0, 48, 48) where there is no face."""
    frames = read_frames(clip)[-1:]
    crops = [cut(frame, seen) for frame, seen in zip(frames, follow(frames, finder), strict=True) if seen]
    return np.array(crops, np.uint8).reshape(-1, SIZE, SIZE)


def _grey(clip: Clip) -> NDArray[np.uint8]:
    grey = read_frames(clip)[0][..., 0]  # the dataset is grey: its three channels are the same
    if grey.shape != (SIZE, SIZE):
        raise DatasetError(
            f"{clip.dataset} {clip.id} is {grey.shape[1]}x{grey.shape[0]} px, not {SIZE}x{SIZE}"
        )
    return grey
