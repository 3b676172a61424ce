"""One model, one dataset, one label space, one split: its figures."""

import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from os import cpu_count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets import ferplus
from fer_ros.emotions import FER2013, LABEL_SPACES, THREE, merge_to_three, to_three
from fer_ros.errors import DatasetError, ModelError
from fer_ros.estimators.calibration import ece, in_set
from fer_ros.estimators.card import Figure, load_card, save_card
from fer_ros.estimators.model import Model, load_model
from fer_ros.evaluate import scores

STEP = 256  # images between two calls of `progress`
SPACES = ("fer2013", "ferplus", "3class")
TO_THREE = np.array([THREE.index(to_three(label)) for label in FER2013])

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Result:
    """Figures of one evaluation.

    Attributes:
        model: name of the model.
        n: labelled images, all of them in the figures.
        detected: images the model could read; all, for a model that reads ready crops.
        accuracy: share of the n images whose most likely label is the true one.
        macro_f1: mean F1 over labels.
        ece: expected calibration error over 15 bins.
        labels: label space.
        split: part of the dataset.
        coverage: share of prediction sets that hold the true label.
        mean_set_size: mean number of labels in a prediction set.
        recall: label → share of its images recognised.
    """

    model: str
    n: int
    detected: int
    accuracy: float
    macro_f1: float
    ece: float
    labels: str
    split: str
    coverage: float
    mean_set_size: float
    recall: dict[str, float]

    def as_dict(self) -> dict[str, object]:
        """For JSON, figures rounded to four digits."""
        return {key: _rounded(value) for key, value in asdict(self).items()}


def evaluate(
    folder: Path,
    data: Path,
    labels: str,
    split: str,
    progress: Progress | None = None,
) -> Result:
    """Run a model over a split of FER2013/FER+ and compare it with the labels.

    Args:
        folder: the model's.
        data: FERPlus.zip, an unpacked FERPlus/, or a folder that holds either.
        labels: "fer2013", "ferplus" (majority label; images without one are left out), or "3class"
            (happy, unknown, sad: FER2013's labels and the fer2013 head, merged).
        split: "train", "validation" or "test".
        progress: called with images done and images in all.

    Raises:
        ModelError: the model cannot be loaded or has no such labels.
        DatasetError: the dataset is absent or incomplete.
    """
    if labels not in SPACES:
        raise ModelError(f"labels {labels!r} cannot be evaluated; choose one of {', '.join(SPACES)}")
    model = load_model(folder)
    images, truth = labelled(ferplus.load(data, split), labels)
    if len(truth) == 0:
        raise DatasetError(f"{data}: no image of the {split} split has a {labels} label; {ferplus.SOURCE}")
    head = "ferplus" if labels == "ferplus" else "fer2013"
    probabilities = _predict(model, images, head, progress)
    inside = in_set(probabilities, model.card.heads[head].threshold)
    if labels == "3class":
        probabilities, inside = merge_to_three(FER2013, probabilities), _merge_sets(inside)
    return measure(model.card.name, labels, split, truth, probabilities, inside)


def measure(
    model: str,
    labels: str,
    split: str,
    truth: NDArray[np.int64],
    probabilities: NDArray[np.float32],
    inside: NDArray[np.bool_],
) -> Result:
    """Figures from predictions.

    Args:
        model: name of the model.
        labels: label space, with L names.
        split: part of the dataset.
        truth: (N,) int64.
        probabilities: (N, L) float32, calibrated.
        inside: (N, L) bool, the prediction sets.
    """
    names = LABEL_SPACES[labels]
    counts = scores.confusion(truth, probabilities.argmax(axis=1), len(names))
    return Result(
        model=model,
        n=len(truth),
        detected=len(truth),
        accuracy=scores.accuracy(counts),
        macro_f1=scores.macro_f1(counts),
        ece=ece(probabilities, truth),
        labels=labels,
        split=split,
        coverage=float(inside[np.arange(len(truth)), truth].mean()),
        mean_set_size=float(inside.sum(axis=1).mean()),
        recall=scores.recalls(counts, names),
    )


def record(folder: Path, result: Result) -> None:
    """Put a result into the model's card, in place of an older one of the same split and labels.

    Args:
        folder: the model's.
        result: what `evaluate` gave.
    """
    card = load_card(folder)
    values = result.as_dict()
    del values["model"]
    options = f"--data FERPlus.zip --labels {result.labels} --split {result.split} --json"
    command = f"fer_ros evaluate {card.name} {options}"
    figure = Figure(**values, data=ferplus.TITLE, command=command, machine=machine())  # type: ignore[arg-type]
    kept = [f for f in card.figures if (f.split, f.labels) != (result.split, result.labels)]
    save_card(replace(card, figures=(*kept, figure)))


def labelled(faces: ferplus.FaceSet, labels: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images that have a label in a space, (N, 48, 48) uint8, and the labels, (N,) int64."""
    if labels == "fer2013":
        return faces.images, faces.fer2013
    if labels == "3class":
        return faces.images, TO_THREE[faces.fer2013]
    kept = faces.majority >= 0
    return faces.images[kept], faces.majority[kept]


def machine() -> str:
    """The machine this runs on, for the cards."""
    return f"{cpu_count()} CPU cores, {platform.machine()}, Python {platform.python_version()}"


def _predict(
    model: Model, images: NDArray[np.uint8], head: str, progress: Progress | None
) -> NDArray[np.float32]:
    parts = []
    for start in range(0, len(images), STEP):
        parts.append(model.predict(images[start : start + STEP], head))
        if progress:
            progress(min(start + STEP, len(images)), len(images))
    return np.concatenate(parts)


def _merge_sets(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(N, 7) sets of FER2013 labels to (N, 3): a class is in where one of its labels is."""
    return np.stack([inside[:, column == TO_THREE].any(axis=1) for column in range(len(THREE))], axis=1)


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, 4) if isinstance(value, float) else value
