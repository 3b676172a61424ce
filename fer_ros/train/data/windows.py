"""Windows of five faces, from a build of BigFaceX or FaceParty (`fer_ros dataset build`).

Recipe.split "subject" (and "official", there being no other) keeps people apart; "window" is the
thesis's way, and "70/30" Jain's shares dealt out window by window. datasets/splits.py says why they
differ.
"""

from pathlib import Path

import torch

from fer_ros.datasets import built, splits
from fer_ros.datasets.builder import Row
from fer_ros.errors import ParameterError
from fer_ros.train.data.stills import PART_OF_70_30, SEED, targets
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Recipe


def load(recipe: Recipe, path: Path, split: str, _kept: Path) -> Examples:
    """Input `clip`, (N, 1, 5, 48, 48) uint8, of the split "train", "validation" or "test".

    Raises:
        ParameterError: the recipe's split is none of the above.
        DatasetError: `path` is no finished build.
    """
    rows = built.index(path)
    wanted = [row for row, part in zip(rows, _parts(rows, recipe, split), strict=True) if part == split]
    clips = torch.from_numpy(built.images(path, wanted))[:, None]
    return Examples({"clip": clips}, targets([row.label for row in wanted], recipe, split))


def _parts(rows: list[Row], recipe: Recipe, split: str) -> list[str]:
    if recipe.split in ("subject", "official"):
        return [row.by_subject for row in rows]
    if recipe.split == "window":
        return [row.by_window for row in rows]
    if recipe.split == "70/30":
        dealt = splits.by_item(len(rows), splits.SEVENTY_THIRTY, SEED)
        return [split if part == PART_OF_70_30[split] else "" for part in dealt.tolist()]
    raise ParameterError(
        f"recipe {recipe.name}.split is {recipe.split!r}; windows take subject, window or 70/30"
    )
