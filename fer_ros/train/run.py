"""From a dataset and a recipe to a model folder: train, export, calibrate, write the card."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fer_ros.estimators.card import NETWORK_FILE, ModelCard, load_card, save_card
from fer_ros.estimators.model import load_model
from fer_ros.evaluate.calibrate import at_every_size, calibrated
from fer_ros.evaluate.run import evaluate, record
from fer_ros.evaluate.samples import Samples
from fer_ros.train import data, networks
from fer_ros.train.card import card_of, training_of
from fer_ros.train.device import AUTO, described, device_named
from fer_ros.train.examples import Examples
from fer_ros.train.export import export
from fer_ros.train.loop import fit
from fer_ros.train.networks.facenet import Looking, Scores
from fer_ros.train.origin import origin_of
from fer_ros.train.recipe import SHAPES, Recipe
from fer_ros.train.shapes import read_shapes
from fer_ros.train.teacher import taught_examples

CHECKPOINT = "checkpoint.pt"
SAMPLE = 16  # examples to compare the exported network on


def train(
    recipe: Recipe,
    path: Path,
    out: Path,
    kept: Path,
    *,
    resume: bool = False,
    distil_from: Path | None = None,
    threads: int = 2,
    seed: int = 0,
    device: str = AUTO,
) -> ModelCard:
    """Train a model and write its folder: network, card with validation figures, checkpoint.

    Args:
        recipe: what to train, and how.
        path: the dataset.
        out: the model folder, made where absent.
        kept: folder for what takes long to compute, as blendshapes do.
        resume: continue from the checkpoint in `out`.
        distil_from: folder of a model whose probabilities are learned along with the labels.
        threads: CPU threads.
        seed: of initial weights, shuffling, augmentation and dropout.
        device: to train on, "auto", "cpu" or "cuda"; what follows is done on the CPU.

    Raises:
        ParameterError: the recipe names what does not exist, the checkpoint is another network's, or the
            device is not there.
        DatasetError: the dataset is absent or incomplete.
        ModelError: the teacher or MediaPipe cannot be loaded, or the export differs from the network.
        FerError: the disk is full.
    """
    where = device_named(device)
    teacher = load_model(distil_from, threads=threads) if distil_from else None
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    examples = data.load(recipe, path, "train", kept)
    validation = data.load(recipe, path, "validation", kept)
    taught = taught_examples(examples, recipe, teacher, kept) if teacher else None
    out.mkdir(parents=True, exist_ok=True)
    origin = origin_of(recipe, path, seed)
    network = build(recipe)
    network = fit(
        network, examples, taught, validation, recipe, out / CHECKPOINT, seed, resume, origin, where
    )
    sample = _write_network(network, recipe, validation, out / NETWORK_FILE)
    training = {**origin, **training_of(recipe, teacher, threads), "device": described(where)}
    save_card(card_of(recipe, network, sample, out, training))
    if recipe.heads != (SHAPES,):
        _calibrate(out, recipe, validation, kept)
    return load_card(out)


def build(recipe: Recipe) -> nn.Module:
    """A fresh network of a recipe, in the memory layout that trains fastest."""
    network = networks.build(recipe.network, recipe.outputs, recipe.options)
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def _write_network(network: nn.Module, recipe: Recipe, examples: Examples, path: Path) -> dict[str, Tensor]:
    """Export what the recipe's network is at run time; returns a sample of its inputs, states left out."""
    sample = examples.rows(slice(SAMPLE))
    if recipe.heads == (SHAPES,):
        export(Scores(network), path, sample, recipe.heads)
        return sample
    states = getattr(network, "states", None)
    if states is None:
        looking = Looking(network, recipe.margins_px) if recipe.margins_px else network
        export(looking, path, sample, recipe.heads)
        return sample
    count = len(next(iter(sample.values())))
    sample["interval_s"] = torch.linspace(0.0, 1.0, count)[:, None]
    carried = {name: torch.randn(count, *shape) for name, shape in states.items()}
    outputs = (*recipe.heads, *(f"next_{name}" for name in states))
    export(network.one_image(), path, {**sample, **carried}, outputs)  # type: ignore[operator]
    return sample


def samples_of(examples: Examples, head: str, title: str) -> Samples:
    """The examples that have a label of a head, as they were recorded."""
    target = examples.targets[head]
    labelled = target.sum(1) > 0
    inputs = {name: values[labelled].numpy() for name, values in examples.rows(slice(None)).items()}
    return Samples(title, "validation", head, inputs, target[labelled].argmax(1).numpy())


def _calibrate(out: Path, recipe: Recipe, validation: Examples, kept: Path) -> None:
    """Fit the card's bands on the validation examples, and write what the model reaches there."""
    model = load_model(out)

    def read(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        return read_shapes(faces, kept, "validation")

    samples = {head: samples_of(validation, head, recipe.data) for head in recipe.heads}
    sizes = {head: at_every_size(found, read) for head, found in samples.items()}
    save_card(calibrated(model, sizes))
    model = load_model(out)
    for found in samples.values():
        result = evaluate(model, found)
        options = f"--dataset recipe --data DATA --labels {result.labels} --split validation --json"
        record(out, result, recipe.data, options)
