"""Face crops of whole clips, for the video networks of Maclean (RAVDESS) and Jain (MMI).

Every clip gives FRAMES faces in the FER2013 framing, found with Haar. Maclean takes sequences of 30
frames and repeats frames of shorter clips; here a longer clip gives frames at even steps from its first
to its last, and a shorter one repeats each in its place, so that time never jumps back. The splits are
those of stills.py, a clip being dealt out as an image is there.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from fer_ros.datasets import catalogue
from fer_ros.datasets.clip import Clip, in_step, read_frames
from fer_ros.datasets.crops import SIZE, cut, follow
from fer_ros.datasets.store import file_name
from fer_ros.datasets.store import kept as keep
from fer_ros.errors import DatasetError
from fer_ros.faces.haar import HaarFinder
from fer_ros.train.data.stills import chosen, targets
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Recipe

FRAMES = 30


def load(recipe: Recipe, path: Path, split: str, kept: Path) -> Examples:
    """Input `clip`, (N, 1, 30, 48, 48) uint8, of the split "train", "validation" or "test".

    Raises:
        ParameterError: the recipe names no split there is.
        DatasetError: the dataset is absent or half there, has no such split, a clip cannot be read, or
            no face is found.
    """
    name = catalogue.recognise(path)
    wanted = chosen(catalogue.adapter(name).load(path), recipe, split)
    faces = [_kept_faces(clip, kept / "sequences" / name) for clip in wanted]
    labels = [clip.label for clip, crops in zip(wanted, faces, strict=True) if len(crops)]
    if not labels:
        raise DatasetError(f"{path}: no face is found in any of {len(wanted)} clips")
    clips = np.stack([crops[in_step(len(crops), FRAMES)] for crops in faces if len(crops)])
    return Examples({"clip": torch.from_numpy(clips)[:, None]}, targets(labels, recipe, split))


def _kept_faces(clip: Clip, kept: Path) -> NDArray[np.uint8]:
    return keep(kept / file_name(clip.id), lambda: {"faces": faces_of(read_frames(clip))})["faces"]


def faces_of(frames: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The face in every frame of a clip.

    Args:
        frames: (H, W, 3) uint8 BGR each.

    Returns:
        (F, 48, 48) uint8, F at most the number of frames: those without a face are left out.
    """
    seen = follow(frames, HaarFinder())
    crops = [cut(frame, face) for frame, face in zip(frames, seen, strict=True) if face]
    return np.array(crops, np.uint8).reshape(-1, SIZE, SIZE)
