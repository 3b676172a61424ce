"""Recipes of networks so small that they train in a second, on drawn faces."""

from dataclasses import replace

from fer_ros.train import data
from fer_ros.train.augment import Augment
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Optimizer, Recipe

TINY = Recipe(
    name="tiny",
    summary="for tests",
    network="facenet",
    options={"widths": [8, 8], "blocks": [1, 1]},
    data="ferplus",
    heads=("fer2013", "ferplus"),
    epochs=1,
    batch=16,
    optimizer=Optimizer(rate=0.1, weight_decay=5e-4),
    margins_px=(0,),
    average=0.9,
)
SHAPED = replace(TINY, data="ferplus_shapes", options={**TINY.options, "shapes": 8, "members": 2})
STREAM = replace(
    TINY,
    network="blendshape_stream",
    options={"features": 8, "hidden": 8},
    data="blendshape_sequences",
    heads=("fer2013", "3class"),
    margins_px=(),
    optimizer=Optimizer("adam", rate=0.01, clip=1.0),
)
PUPIL = replace(TINY, data="student", heads=("blendshapes",), loss="unexplained", margins_px=())
STILL = Augment(rotate_rad=0.0, scale=0.0, shift=0.0, shear=0.0, degrade=0.0, erase=0.0, forget=0.0)


def examples_of(folder, recipe=TINY, split="train") -> Examples:
    """What a recipe gives a network to learn from."""
    return data.load(recipe, folder, split, folder / "kept")
