"""The training loop, read from top to bottom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from torch import Generator, Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from fer_ros.train.augment import augment, mix
from fer_ros.train.networks import FaceNet, averaged
from fer_ros.train.recipes import Recipe

VALIDATE_EVERY = 3  # epochs; often enough to stop a bad run early


@dataclass(frozen=True)
class Examples:
    """Faces and, per head, what to say about them.

    Attributes:
        faces: (N, 1, 48, 48) uint8, grey.
        targets: head → (N, L) float32 distributions; a row of zeros where a head has no label.
    """

    faces: Tensor
    targets: dict[str, Tensor]


@dataclass(frozen=True)
class Run:
    """What changes while training, and is kept in a checkpoint."""

    network: FaceNet
    optimizer: torch.optim.Optimizer
    average: AveragedModel
    random: Generator

    def save(self, path: Path, epoch: int) -> None:
        """Write everything after a finished epoch."""
        state = {
            "epoch": epoch,
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average.state_dict(),
            "random": self.random.get_state(),
        }
        unfinished = path.with_suffix(".unfinished")
        torch.save(state, unfinished)
        unfinished.replace(path)  # a stop in the middle of writing leaves the last whole checkpoint

    def restore(self, path: Path) -> int:
        """Read a checkpoint; returns the number of finished epochs, 0 where there is none."""
        if not path.is_file():
            return 0
        state = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average.load_state_dict(state["average"])
        self.random.set_state(state["random"])
        return int(state["epoch"])


def fit(
    network: FaceNet,
    train: Examples,
    taught: Examples | None,
    validation: Examples,
    recipe: Recipe,
    checkpoint: Path,
    seed: int,
    resume: bool,
) -> FaceNet:
    """Train a network and return its averaged weights, ready for inference.

    Args:
        network: what to train; changed in place.
        train: examples to learn from.
        taught: the same with a teacher's targets, for the later part of the run.
        validation: examples whose accuracy is reported; nothing is chosen by it.
        recipe: the hyper-parameters.
        checkpoint: file that holds the state after every epoch.
        seed: of shuffling and augmentation.
        resume: continue from `checkpoint` where it exists.
    """
    run = begin(network, recipe, seed)
    smooth = cast(FaceNet, run.average.module)
    start = run.restore(checkpoint) if resume else 0
    with _progress() as progress:
        bar = progress.add_task(recipe.name, total=recipe.epochs, completed=start, note="")
        for epoch in range(start, recipe.epochs):
            examples = taught if taught and epoch >= recipe.teacher_from * recipe.epochs else train
            loss = _epoch(run, examples, recipe, epoch, lambda share: progress.advance(bar, share))
            run.save(checkpoint, epoch + 1)
            progress.update(bar, completed=epoch + 1, note=f"loss {loss:.3f}")
            if (epoch + 1) % VALIDATE_EVERY == 0 or epoch + 1 == recipe.epochs:
                scores = accuracies(smooth, validation, recipe.margins_px)
                progress.console.print(f"epoch {epoch + 1}: loss {loss:.4f}, validation {scores}")
    return smooth.eval()


def begin(network: FaceNet, recipe: Recipe, seed: int) -> Run:
    """A run at its start: Nesterov momentum, averaged weights, and its own source of chance."""
    groups = _groups(network, recipe.weight_decay)
    optimizer = torch.optim.SGD(groups, lr=recipe.peak_lr, momentum=recipe.momentum, nesterov=True)
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(recipe.average), use_buffers=True)
    return Run(network, optimizer, average, torch.Generator().manual_seed(seed))


def learning_rate(done: float, recipe: Recipe) -> float:
    """The rate after a share of the run: up, flat, then linearly down to 0.

    Args:
        done: share of the run, 0..1.
        recipe: its peak, warm-up and cool-down.
    """
    rise = done / recipe.warm_up if recipe.warm_up > 0 else 1.0
    return recipe.peak_lr * min(1.0, rise, (1 - done) / recipe.cool_down)


def predict(
    network: FaceNet, faces: Tensor, margins_px: tuple[int, ...], batch: int = 256
) -> list[NDArray[np.float32]]:
    """Logits of every head.

    Args:
        network: in any mode; put into inference mode.
        faces: (N, 1, 48, 48) uint8, grey.
        margins_px: of the looks that logits are averaged over.
        batch: faces at a time.

    Returns:
        One (N, L) float32 array a head.
    """
    network.eval()
    with torch.inference_mode():
        parts = [
            averaged(network, faces[i : i + batch].float(), margins_px) for i in range(0, len(faces), batch)
        ]
    return [torch.cat(head).numpy() for head in zip(*parts, strict=True)]


def accuracies(network: FaceNet, examples: Examples, margins_px: tuple[int, ...]) -> dict[str, float]:
    """Head → share of labelled faces whose most likely label is the target's."""
    logits = predict(network, examples.faces, margins_px)
    return {
        name: _accuracy(found, target.numpy())
        for found, (name, target) in zip(logits, examples.targets.items(), strict=True)
    }


def _accuracy(logits: NDArray[np.float32], target: NDArray[np.float32]) -> float:
    labelled = target.sum(1) > 0
    right = logits[labelled].argmax(1) == target[labelled].argmax(1)
    return round(float(right.mean()), 4)


def _epoch(
    run: Run, examples: Examples, recipe: Recipe, epoch: int, advance: Callable[[float], None]
) -> float:
    """One pass over the examples; returns the mean loss. `advance` takes each step's share of it."""
    run.network.train()
    steps, losses = len(examples.faces) // recipe.batch, []
    for step, rows in enumerate(_batches(len(examples.faces), recipe.batch, run.random)):
        rate = learning_rate((epoch + step / steps) / recipe.epochs, recipe)
        for group in run.optimizer.param_groups:
            group["lr"] = rate
        losses.append(_step(run, examples, rows, recipe))
        run.average.update_parameters(run.network)
        advance(1 / steps)
    return float(np.mean(losses))


def _step(run: Run, examples: Examples, rows: Tensor, recipe: Recipe) -> float:
    """One update of the weights; returns the loss, summed over heads."""
    faces = augment(examples.faces[rows].float(), recipe.augment, run.random)
    targets = [target[rows] for target in examples.targets.values()]
    faces, targets = mix(faces, targets, recipe.augment, run.random)
    # bfloat16 and channels-last are 2.5 to 3 times faster than float32 on a CPU with AVX512-BF16.
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = run.network(faces.contiguous(memory_format=torch.channels_last))
    loss = torch.stack([cross_entropy(x, t) for x, t in zip(logits, targets, strict=True)]).sum()
    run.optimizer.zero_grad(set_to_none=True)
    loss.backward()
    run.optimizer.step()
    return float(loss.detach())


def cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """Mean cross-entropy with soft targets; a row of zeros weighs nothing. (B, L) both, () out."""
    return -(target * F.log_softmax(logits.float(), dim=1)).sum(1).mean()


def _groups(network: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Norms and biases are not decayed: they do not overfit, and pulling them to 0 only slows learning."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    free = [p for p in network.parameters() if p.ndim <= 1]
    return [{"params": decayed, "weight_decay": weight_decay}, {"params": free, "weight_decay": 0.0}]


def _batches(count: int, batch: int, random: Generator) -> Iterator[Tensor]:
    """Shuffled rows, in full batches."""
    order = torch.randperm(count, generator=random)
    return iter(order[: count - count % batch].split(batch))


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, TextColumn("{task.fields[note]}"))
