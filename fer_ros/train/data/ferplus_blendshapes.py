"""Blendshapes of FER2013's faces without the faces, chosen as Attrah chose them (sections 3.2.1 to 3.2.5).

To train with: the first 4,000 happy and sad images, 1,500 of every other class (table 2), those in which
MediaPipe sees no face left out, each as it is and turned by up to 36 degrees. The flips are the recipe's
`augment.mirror`, which swaps left and right blendshapes. Validation takes every detected image.
"""

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from fer_ros.datasets import ferplus
from fer_ros.emotions import FER2013
from fer_ros.errors import DatasetError
from fer_ros.train.data import ferplus as of_ferplus
from fer_ros.train.data.ferplus import stacked
from fer_ros.train.data.stills import targets
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Recipe
from fer_ros.train.shapes import read_shapes

MOST = {"happy": 4000, "sad": 4000}
MOST_OF_OTHERS = 1500
TURN_DEG = 36.0  # 0.2 x 180
SEED = 3

LICENCE = of_ferplus.LICENCE


def load(recipe: Recipe, path: Path, split: str, kept: Path) -> Examples:
    """Input `blendshapes`, (N, V, 52) float32; V is 2 to train with (as they are, and turned), else 1.

    Raises:
        DatasetError: FER+ is absent or incomplete, or no face is seen.
        ModelError: MediaPipe or its model is absent.
    """
    faces = ferplus.load(path, split)
    rows = chosen(faces.fer2013) if split == "train" else np.arange(len(faces.fer2013))
    images, labels = faces.images[rows], faces.fer2013[rows]
    shapes = read_shapes(images, kept, split)
    seen = np.isfinite(shapes).all(axis=1)
    if not seen.any():
        raise DatasetError(
            f"{path}: MediaPipe sees a face in no image of the {split} split; {ferplus.SOURCE}"
        )
    versions = [shapes[seen]]
    if split == "train":
        again = read_shapes(turned(images[seen]), kept, "turned")
        versions.append(np.where(np.isfinite(again), again, shapes[seen]))
    names = [FER2013[label] for label in labels[seen]]
    return Examples({"blendshapes": stacked(*versions).to(torch.float32)}, targets(names, recipe, split))


def chosen(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows that table 2 keeps: (N,) index into FER2013 in, (K,) rising rows out."""
    kept = [
        np.flatnonzero(labels == place)[: MOST.get(name, MOST_OF_OTHERS)]
        for place, name in enumerate(FER2013)
    ]
    return np.sort(np.concatenate(kept))


def turned(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Every image turned about its centre by a random angle, edges repeated. (N, S, S) uint8 both ways."""
    random = np.random.default_rng(SEED)
    return np.stack([_turn(image, random.uniform(-TURN_DEG, TURN_DEG)) for image in images])


def _turn(image: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    done = cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(done, np.uint8)
