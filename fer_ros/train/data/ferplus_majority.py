"""FER2013 faces with the class that most of FER+'s taggers chose, images without a majority left out.

Maclean 2021, section 3.1. A head without contempt (fer2013) leaves its images out, too: his 7 classes.
"""

from pathlib import Path

import torch

from fer_ros.datasets import ferplus
from fer_ros.emotions import FERPLUS
from fer_ros.errors import DatasetError
from fer_ros.train.data import ferplus as of_ferplus
from fer_ros.train.data.stills import targets
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Recipe

LICENCE = of_ferplus.LICENCE


def load(recipe: Recipe, path: Path, split: str, _kept: Path) -> Examples:
    """Input `face`, (N, 1, 48, 48) uint8.

    Raises:
        DatasetError: FER+ is absent or incomplete, or no image has a majority in any head.
    """
    faces = ferplus.load(path, split)
    rows = [row for row, label in enumerate(faces.majority.tolist()) if label >= 0]
    wanted = targets([FERPLUS[faces.majority[row]] for row in rows], recipe, split)
    labelled = torch.stack([target.sum(1) > 0 for target in wanted.values()]).any(dim=0)
    if not labelled.any():
        raise DatasetError(f"{path}: no image of the {split} split has a majority; {ferplus.SOURCE}")
    images = torch.from_numpy(faces.images[rows])[labelled, None]
    return Examples({"face": images}, {head: target[labelled] for head, target in wanted.items()})
