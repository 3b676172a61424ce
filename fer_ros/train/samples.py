"""Evaluation on the data a model's own recipe names: windows, sequences, stills, as they were trained on."""

import json
from dataclasses import fields
from pathlib import Path

from fer_ros.errors import DatasetError, ModelError
from fer_ros.estimators.card import ModelCard
from fer_ros.evaluate.samples import Samples
from fer_ros.train import data
from fer_ros.train.recipe import Recipe

KEYS = ("name", "summary", "network", "data", "heads", "epochs", "split", "options")


def recipe_samples(card: ModelCard, path: Path, labels: str, split: str, kept: Path) -> Samples:
    """The examples of one split of a model's own recipe.

    Args:
        card: of a model that `fer_ros train` made.
        path: the dataset.
        labels: a head of the recipe.
        split: "train", "validation" or "test".
        kept: folder for what takes long to compute.

    Raises:
        ModelError: the card keeps no recipe, or the recipe has no such head.
        DatasetError: the dataset is absent or incomplete, or has no such split.
    """
    recipe = recipe_of(card)
    if labels not in recipe.heads:
        raise ModelError(f"{card.identity} was trained on {', '.join(recipe.heads)}, not on {labels}")
    examples = data.load(recipe, path, split, kept)
    target = examples.targets[labels]
    labelled = target.sum(1) > 0
    if not labelled.any():
        raise DatasetError(f"{path}: no example of the {split} split has a {labels} label")
    inputs = {name: values[labelled].numpy() for name, values in examples.rows(slice(None)).items()}
    title = f"{recipe.data}, split by {recipe.split}"
    return Samples(title, split, labels, inputs, target[labelled].argmax(1).numpy())


def recipe_of(card: ModelCard) -> Recipe:
    """What decides a recipe's data, out of the card; labels are not smoothed.

    Raises:
        ModelError: the card keeps no recipe.
    """
    try:
        content = json.loads(card.training["recipe"])
        kept = {f.name: content[f.name] for f in fields(Recipe) if f.name in KEYS}
    except (KeyError, ValueError) as error:
        raise ModelError(
            f"{card.identity}: its card keeps no recipe; name the dataset with --dataset"
        ) from error
    return Recipe(**{**kept, "heads": tuple(kept["heads"])})
