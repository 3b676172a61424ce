"""FER2013 faces with both of their label sets."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from fer_ros.datasets import ferplus
from fer_ros.train.examples import Examples, one_hot
from fer_ros.train.recipe import Recipe

LICENCE = (
    "images: FER2013, web photographs mostly of adults, offered for research through the Kaggle challenge of "
    "2013, rights with their owners; FER+ votes: MIT (Microsoft). Neither is redistributed here; check the "
    "terms before commercial use."
)


def load(recipe: Recipe, path: Path, split: str, _kept: Path) -> Examples:
    """Faces as recorded."""
    faces = ferplus.load(path, split)
    return Examples({"face": torch.from_numpy(faces.images)[:, None]}, targets(faces, recipe, split))


def targets(faces: ferplus.FaceSet, recipe: Recipe, split: str) -> dict[str, Tensor]:
    """Labels and votes to learn from; labels and majorities to validate with."""
    if split == "train":
        known = {
            "fer2013": one_hot(faces.fer2013, "fer2013", recipe.smoothing),
            "ferplus": torch.from_numpy(faces.votes),
        }
    else:
        known = {
            "fer2013": one_hot(faces.fer2013, "fer2013"),
            "ferplus": one_hot(faces.majority, "ferplus"),
        }
    known["3class"] = one_hot(ferplus.three(faces.fer2013), "3class", recipe.smoothing)
    return {head: known[head].float() for head in recipe.heads}


def stacked(*versions: np.ndarray) -> Tensor:  # type: ignore[type-arg]
    """(N, ...) arrays to one (N, V, ...) tensor."""
    return torch.from_numpy(np.stack(versions, axis=1))
