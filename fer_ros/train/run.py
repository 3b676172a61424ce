"""From a dataset and a recipe's name to a model folder: train, export, calibrate, write the card."""

from dataclasses import replace
from math import floor
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fer_ros.datasets import ferplus
from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import ParameterError
from fer_ros.estimators.calibration import conformal_threshold, fit_temperature, softmax
from fer_ros.estimators.card import NETWORK_FILE, Head, Input, ModelCard, file_sha256, load_card, save_card
from fer_ros.estimators.model import Model, load_model
from fer_ros.evaluate.run import SPACES, evaluate, labelled, machine, record
from fer_ros.train.export import export
from fer_ros.train.loop import Examples, fit
from fer_ros.train.networks import FaceNet, looks, parameter_count
from fer_ros.train.recipes import RECIPES, Recipe

HEADS = ("fer2013", "ferplus")
VERSION = "1"
COVERAGE = 0.9  # of prediction sets: one set in ten may miss
TEACHER_MARGINS_PX = (-2, 0, 2)
CHECKPOINT = "checkpoint.pt"
LICENCE = (
    "images: FER2013, offered for research through the Kaggle challenge of 2013, rights with their owners; "
    "FER+ votes: MIT (Microsoft). Neither is redistributed here; check the terms before commercial use."
)
FRAMING = (
    "FER2013's: a square face crop of 48x48 grey pixels, the face upright and centred, with little "
    "background. In the mean image the eyes lie at 37 % of the height, at 29 % and 68 % of the width, "
    "the mouth at 79 %."
)
LIMITS = (
    "Apparent expression in a single image; it says nothing about what a person feels.",
    "Not for use at work or in education, nor to decide about a person.",
    "Trained on web photographs, mostly of adults, with few disgusted, contemptuous or occluded faces; "
    "recall differs by class as the figures show, and was not measured by age, gender or skin tone.",
    "Prediction sets keep their coverage on data like FER2013's; on a robot's own camera they may not.",
)


def train(
    recipe_name: str,
    data: Path,
    out: Path,
    *,
    epochs: int | None = None,
    resume: bool = False,
    distil_from: Path | None = None,
    threads: int = 2,
    seed: int = 0,
) -> ModelCard:
    """Train a model and write its folder: network, card with validation figures, checkpoint.

    Args:
        recipe_name: a name in RECIPES.
        data: FERPlus.zip, an unpacked FERPlus/, or a folder that holds either.
        out: the model folder, made where absent.
        epochs: passes over the data; the recipe's where None.
        resume: continue from the checkpoint in `out`.
        distil_from: folder of a model whose probabilities are learned along with the labels.
        threads: CPU threads.
        seed: of initial weights, shuffling, augmentation and dropout.

    Raises:
        ParameterError: there is no such recipe.
        DatasetError: the dataset is absent or incomplete.
        ModelError: the teacher cannot be loaded, or the export differs from the network.
    """
    recipe = _recipe(recipe_name, epochs)
    teacher = load_model(distil_from, threads=threads) if distil_from else None
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    validation = ferplus.load(data, "validation")
    faces = ferplus.load(data, "train")
    labels = labelled_examples(faces, recipe)
    taught = taught_examples(labels, recipe, teacher) if teacher else None
    out.mkdir(parents=True, exist_ok=True)
    network = build(recipe)
    network = fit(network, labels, taught, hard_examples(validation), recipe, out / CHECKPOINT, seed, resume)
    export(network, out / NETWORK_FILE, validation.images[:16], recipe.margins_px)
    save_card(_card(recipe, network, out, _training(recipe, teacher, threads, seed)))
    calibrate(out, validation)
    for space in SPACES:
        record(out, evaluate(out, data, space, "validation"))
    return load_card(out)


def build(recipe: Recipe) -> FaceNet:
    """A fresh network of a recipe, in the memory layout that trains fastest."""
    heads = {name: len(LABEL_SPACES[name]) for name in HEADS}
    network = FaceNet(recipe.widths, recipe.blocks, heads, recipe.dropout, ferplus.SIZE)
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def labelled_examples(faces: ferplus.FaceSet, recipe: Recipe) -> Examples:
    """Smoothed FER2013 labels and FER+ votes."""
    even = recipe.smoothing / len(LABEL_SPACES["fer2013"])
    smoothed = (1 - recipe.smoothing) * _one_hot(faces.fer2013, "fer2013") + even
    return _examples(faces.images, {"fer2013": smoothed, "ferplus": faces.votes})


def taught_examples(labels: Examples, recipe: Recipe, teacher: Model) -> Examples:
    """Labels blended with a teacher's opinion; images without FER+ votes have the teacher's alone."""
    share = recipe.teacher_share
    targets = {
        name: (1 - share) * target + share * torch.from_numpy(opinion(teacher, labels.faces, name))
        for name, target in labels.targets.items()
    }
    return Examples(labels.faces, targets)


def opinion(teacher: Model, faces: Tensor, labels: str) -> NDArray[np.float32]:
    """A teacher's probabilities, averaged over several looks: 1 % better than those of a single one.

    Args:
        teacher: any model with a head for `labels`.
        faces: (N, 1, S, S) uint8, grey.
        labels: a label space.

    Returns:
        (N, L) float32.
    """
    views = [view.round().byte().squeeze(1).numpy() for view in looks(faces.float(), TEACHER_MARGINS_PX)]
    mean: NDArray[np.float32] = np.mean([teacher.predict(view, labels) for view in views], axis=0)
    return mean


def hard_examples(faces: ferplus.FaceSet) -> Examples:
    """FER2013 labels and FER+ majorities, to measure accuracy with."""
    won = (faces.majority >= 0)[:, None]
    majorities = _one_hot(np.maximum(faces.majority, 0), "ferplus") * won
    return _examples(faces.images, {"fer2013": _one_hot(faces.fer2013, "fer2013"), "ferplus": majorities})


def calibrate(folder: Path, validation: ferplus.FaceSet) -> None:
    """Fit every head's temperature and prediction-set threshold, and write them into the card."""
    model = load_model(folder)
    heads = {}
    for name, head in model.card.heads.items():
        images, truth = labelled(validation, name)
        logits = model.logits(images, name)
        temperature = fit_temperature(logits, truth)
        threshold = conformal_threshold(softmax(logits, temperature), truth, head.coverage)
        rounded = floor(threshold * 1e4) / 1e4  # down: a higher threshold would lose coverage
        heads[name] = replace(head, temperature=round(temperature, 4), threshold=rounded)
    save_card(replace(model.card, heads=heads))


def _recipe(name: str, epochs: int | None) -> Recipe:
    if name not in RECIPES:
        raise ParameterError(f"recipe {name!r} is unknown; choose one of {', '.join(RECIPES)}")
    return replace(RECIPES[name], epochs=epochs) if epochs else RECIPES[name]


def _one_hot(labels: NDArray[np.int64], space: str) -> NDArray[np.float32]:
    return np.eye(len(LABEL_SPACES[space]), dtype=np.float32)[labels]


def _examples(images: NDArray[np.uint8], targets: dict[str, NDArray[np.float32]]) -> Examples:
    tensors = {name: torch.from_numpy(target.astype(np.float32)) for name, target in targets.items()}
    return Examples(torch.from_numpy(images).unsqueeze(1), tensors)


def _training(recipe: Recipe, teacher: Model | None, threads: int, seed: int) -> dict[str, str]:
    distil = f" --distil-from models/{teacher.card.name}" if teacher else ""
    return {
        "command": f"fer_ros train {recipe.name} --data FERPlus.zip --epochs {recipe.epochs}{distil}"
        f" --threads {threads}",
        "data": f"{ferplus.TITLE}, training split",
        "licence": LICENCE,
        "epochs": str(recipe.epochs),
        "seed": str(seed),
        "machine": f"{machine()}, torch {torch.__version__}",
    }


def _card(recipe: Recipe, network: FaceNet, out: Path, training: dict[str, str]) -> ModelCard:
    """The card before calibration and figures."""
    heads = {name: Head(LABEL_SPACES[name], 1.0, COVERAGE, 0.0) for name in HEADS}
    return ModelCard(
        folder=out,
        name=recipe.name,
        version=VERSION,
        summary=recipe.summary,
        input=Input("face_crop", ferplus.SIZE, "grey", (0, 255)),
        heads=heads,
        parameters=parameter_count(network),
        sha256=file_sha256(out / NETWORK_FILE),
        training=training,
        framing=FRAMING,
        limits=LIMITS,
        figures=(),
    )
