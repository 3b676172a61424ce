"""FER2013 faces with both of their label sets."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from fer_ros.datasets import ferplus
from fer_ros.emotions import BASIC, FERPLUS
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
            "basic": _basic(faces, recipe.smoothing),
        }
    else:
        known = {
            "fer2013": one_hot(faces.fer2013, "fer2013"),
            "ferplus": one_hot(faces.majority, "ferplus"),
            "basic": one_hot(ferplus.basic(faces.fer2013), "basic"),
        }
    known["3class"] = one_hot(ferplus.three(faces.fer2013), "3class", recipe.smoothing)
    return {head: known[head].float() for head in recipe.heads}


def _basic(faces: ferplus.FaceSet, smoothing: float) -> Tensor:
    """(N, 6) what label and votes say between them of faces that both take for one of the six; others 0.

    FER2013's label alone is often wrong where its class is rare, and FER+ has few votes for such classes.
    """
    label = one_hot(ferplus.basic(faces.fer2013), "basic", smoothing)
    votes = torch.from_numpy(faces.votes[:, [FERPLUS.index(name) for name in BASIC]])
    share = votes.sum(1, keepdim=True)
    sure = (share >= 0.5) & (label.sum(1, keepdim=True) > 0)
    return torch.where(sure, (label + votes / share.clamp_min(1e-6)) / 2, 0.0)


def stacked(*versions: np.ndarray) -> Tensor:  # type: ignore[type-arg]
    """(N, ...) arrays to one (N, V, ...) tensor."""
    return torch.from_numpy(np.stack(versions, axis=1))
