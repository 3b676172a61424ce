"""FER2013 faces with their blendshapes, as recorded and as weak links leave them."""

from pathlib import Path

import numpy as np

from fer_ros.datasets import ferplus, small_faces
from fer_ros.train.data import ferplus as of_ferplus
from fer_ros.train.data.ferplus import stacked, targets
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Recipe
from fer_ros.train.shapes import read_shapes

WEAK_SEED = {"train": 1, "validation": 2}

LICENCE = of_ferplus.LICENCE


def load(recipe: Recipe, path: Path, split: str, kept: Path) -> Examples:
    """Two versions of each face; rows of 0 where MediaPipe saw none."""
    faces = ferplus.load(path, split)
    weak = small_faces.seen_anyhow(faces.images, WEAK_SEED[split])
    shapes = [np.nan_to_num(read_shapes(images, kept, split)) for images in (faces.images, weak)]
    inputs = {"face": stacked(faces.images, weak), "blendshapes": stacked(*shapes)}
    return Examples(inputs, targets(faces, recipe, split))
