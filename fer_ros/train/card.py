"""The card of a trained model: what it reads and says, where it comes from, what it must not be used for."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from fer_ros.emotions import LABEL_SPACES
from fer_ros.estimators.card import (
    BLENDSHAPES,
    CLIP,
    FACE,
    INTERVAL,
    NETWORK_FILE,
    Input,
    ModelCard,
    file_sha256,
)
from fer_ros.estimators.head import Band, Head
from fer_ros.estimators.model import Model
from fer_ros.evaluate.run import machine
from fer_ros.train import data, networks
from fer_ros.train.recipe import SHAPES, Recipe

VERSION = "3"
COVERAGE = 0.9  # of prediction sets: one set in ten may miss
KINDS = {"face": FACE, "clip": CLIP, "blendshapes": BLENDSHAPES, "interval_s": INTERVAL}  # by input's name
RANGES = {FACE: (0.0, 255.0), CLIP: (0.0, 255.0), BLENDSHAPES: (0.0, 1.0), INTERVAL: (0.0, 60.0)}
FRAMING = (
    "FER2013's: a square face crop of 48x48 grey pixels, the face upright and centred, with little "
    "background. In the mean image the eyes lie at 37 % of the height, at 29 % and 68 % of the width, "
    "the mouth at 79 %."
)
LIMITS = (
    "Apparent expression in an image; it says nothing about what a person feels.",
    "Not for use at work or in education, nor to decide about a person.",
    "Prediction sets keep their coverage on data like the training data; on a robot's camera they may not.",
    "Recall differs by class as the figures show, and was not measured by age, gender or skin tone.",
)


def card_of(
    recipe: Recipe, network: nn.Module, sample: Mapping[str, Tensor], out: Path, training: Mapping[str, str]
) -> ModelCard:
    """The card before calibration and figures.

    Args:
        recipe: what was trained.
        network: as it is now.
        sample: input → (N, ...) tensor of its inputs, states left out.
        out: the model folder, which holds the exported network.
        training: where the weights come from.
    """
    blank = (Band(0.0, 1.0, 0.0),)
    return ModelCard(
        folder=out,
        name=recipe.name,
        version=VERSION,
        summary=recipe.summary,
        inputs=tuple(_input(name, values) for name, values in sample.items()),
        heads={name: Head(LABEL_SPACES[name], COVERAGE, blank) for name in recipe.heads if name != SHAPES},
        states=dict(getattr(network, "states", {})),
        parameters=networks.parameter_count(network),
        sha256=file_sha256(out / NETWORK_FILE),
        training=training,
        framing=FRAMING if "face" in sample else "as the training data are cut",
        limits=LIMITS,
        figures=(),
    )


def training_of(recipe: Recipe, teacher: Model | None, threads: int) -> dict[str, str]:
    """How the weights were made, for the card."""
    distil = f" --distil-from models/{teacher.card.name}" if teacher else ""
    return {
        "command": f"fer_ros train {recipe.name} --data DATA{distil} --threads {threads}",
        **({"teacher": f"{teacher.card.identity}, sha256 {teacher.card.sha256}"} if teacher else {}),
        "epochs": str(recipe.epochs),
        "source": recipe.source or "this project",
        "machine": f"{machine()}, torch {torch.__version__}",
        **data.about(recipe.data),
    }


def _input(name: str, values: Tensor) -> Input:
    kind = KINDS[name]
    return Input(name, kind, tuple(values.shape[1:]), RANGES[kind])
