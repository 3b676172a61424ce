"""Cross-validation: a network a fold, everybody tested on once, nobody on two sides."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from fer_ros.datasets.store import kept as keep
from fer_ros.errors import ParameterError
from fer_ros.train import data
from fer_ros.train.device import AUTO, device_named
from fer_ros.train.loop import fit, predict
from fer_ros.train.origin import origin_of
from fer_ros.train.recipe import Recipe
from fer_ros.train.run import CHECKPOINT, build

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Folds:
    """What the networks said of the faces they had not learned from.

    Attributes:
        logits: a (N, L) float32 array a fold.
        truth: an (N,) int64 array a fold.
    """

    logits: tuple[Floats, ...]
    truth: tuple[NDArray[np.int64], ...]

    @property
    def accuracies(self) -> list[float]:
        """Of each fold."""
        pairs = zip(self.logits, self.truth, strict=True)
        return [float((logits.argmax(axis=1) == truth).mean()) for logits, truth in pairs]


def train_folds(
    recipe: Recipe,
    path: Path,
    out: Path,
    kept: Path,
    count: int,
    *,
    threads: int = 2,
    seed: int = 0,
    device: str = AUTO,
    told: Callable[[int, float], None] | None = None,
) -> Folds:
    """Train and test a network for each fold; what is finished in `out` is not done again.

    Args:
        recipe: with one head; its data must know the split "fold I/COUNT".
        path: the dataset.
        out: folder for a checkpoint and the answers of each fold.
        kept: folder for what takes long to compute.
        count: of folds.
        threads: CPU threads.
        seed: of everything random but the folds, which are always the same.
        device: to train on, "auto", "cpu" or "cuda".
        told: called after each fold with its number and accuracy.

    Raises:
        ParameterError: fewer than two folds, more than one head, data without folds, or no such device.
        DatasetError: the dataset is absent or has fewer subjects than folds.
    """
    if count < 2 or len(recipe.heads) != 1:
        raise ParameterError(
            f"{count} folds of {len(recipe.heads)} heads; give 2 folds or more, and one head"
        )
    where = device_named(device)
    torch.set_num_threads(threads)
    done = []
    for fold in range(1, count + 1):
        part = replace(recipe, split=f"fold {fold}/{count}")
        folder = out / f"fold_{fold}"
        answers = keep(
            folder / "answers.npz",
            lambda part=part, folder=folder: _fold(part, path, folder, kept, seed, where),  # type: ignore[misc]
        )
        done.append((answers["logits"], answers["truth"]))
        if told:
            told(fold, float((answers["logits"].argmax(axis=1) == answers["truth"]).mean()))
    logits, truth = zip(*done, strict=True)
    return Folds(logits, truth)


def _fold(
    recipe: Recipe, path: Path, folder: Path, kept: Path, seed: int, device: torch.device
) -> dict[str, NDArray[np.generic]]:
    """One fold's answers; the network is taken as it is after the last epoch, whatever the test says."""
    torch.manual_seed(seed)
    learned, tested = (data.load(recipe, path, split, kept) for split in ("train", "test"))
    folder.mkdir(parents=True, exist_ok=True)
    origin = origin_of(recipe, path, seed)
    checkpoint = folder / CHECKPOINT
    network = fit(build(recipe), learned, None, tested, recipe, checkpoint, seed, True, origin, device)
    (logits,) = predict(network, tested.rows(slice(None)))
    return {"logits": logits, "truth": tested.targets[recipe.heads[0]].argmax(1).numpy()}
