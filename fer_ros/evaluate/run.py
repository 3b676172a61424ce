"""One model, one dataset, one label space, one split: its figures."""

import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from os import cpu_count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets.ferplus import TO_THREE
from fer_ros.emotions import BASIC, FER2013, LABEL_SPACES, THREE, merge_to_three
from fer_ros.errors import ModelError
from fer_ros.estimators.calibration import softmax
from fer_ros.estimators.card import BLENDSHAPES, FACE, Figure, load_card, save_card
from fer_ros.estimators.model import Model
from fer_ros.evaluate.figures import Outcome, class_figures, figures
from fer_ros.evaluate.report import rounded
from fer_ros.evaluate.samples import Samples, check

STEP = 256  # examples between two calls of `progress`
LARGE = 1000.0  # px; a face that is not said to be small
TO_BASIC = [FER2013.index(label) for label in BASIC]

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Result:
    """Figures of one evaluation, as the cards keep them.

    Attributes:
        model: name of the model.
        n: labelled examples, all of them in the figures; one that cannot be read counts as a miss.
        detected: examples the model could read; all, for a model that reads ready crops.
        accuracy: share of the n examples whose most likely label is the true one.
        accuracy_detected: the same among the detected.
        macro_f1: mean F1 over labels.
        ece: expected calibration error of the answers given.
        labels: label space.
        split: part of the dataset.
        coverage: share of prediction sets that hold the true label.
        mean_set_size: mean number of labels in a prediction set.
        accuracy_at_80: accuracy of the surest 80 % of examples.
        recall: label → share of its examples recognised.
    """

    model: str
    n: int
    detected: int
    accuracy: float
    accuracy_detected: float
    macro_f1: float
    ece: float
    labels: str
    split: str
    coverage: float
    mean_set_size: float
    accuracy_at_80: float
    recall: dict[str, float]

    def as_dict(self) -> dict[str, object]:
        """For JSON, figures rounded to four digits."""
        plain: dict[str, object] = rounded(asdict(self))
        return plain


def evaluate(
    model: Model, samples: Samples, face_px: float = LARGE, progress: Progress | None = None
) -> Result:
    """Run a model over examples and compare it with their labels; arguments and errors as `ask`."""
    return result_of(model.card.name, samples, ask(model, samples, face_px, progress))


def ask(model: Model, samples: Samples, face_px: float = LARGE, progress: Progress | None = None) -> Outcome:
    """A model's answers in the samples' label space.

    Args:
        model: its heads must answer in the label space, or in one that can be turned into it.
        samples: what to read, and the truth.
        face_px: size the faces were seen at, for the calibration.
        progress: called with examples done and examples in all.

    Raises:
        ModelError: the model has no such labels.
        ImageError: an input the model needs is missing or has another shape.
        DatasetError: there are no examples, or a label is out of bounds.
    """
    check(samples)
    head, convert = head_for(model, samples.labels)
    names = [read.name for read in model.card.inputs if read.name in samples.inputs]
    inputs = {name: np.nan_to_num(samples.inputs[name]) for name in names}
    parts = []
    for start in range(0, len(samples), STEP):
        rows = {name: values[start : start + STEP] for name, values in inputs.items()}
        sizes = np.full(min(STEP, len(samples) - start), face_px, np.float32)
        parts.append(model.predict(rows, head, sizes))
        if progress:
            progress(min(start + STEP, len(samples)), len(samples))
    probabilities = np.concatenate(parts)
    sets = model.card.heads[head].sets(probabilities, np.full(len(samples), face_px, np.float32))
    return Outcome(samples.truth, *convert(probabilities, sets), _readable(model, samples))


def result_of(model: str, samples: Samples, outcome: Outcome) -> Result:
    """The figures of a model's answers."""
    found = asdict(figures(outcome))
    del found["risk_area"]
    detected = int(outcome.detected.sum())
    names = LABEL_SPACES[samples.labels]
    per_class = zip(names, class_figures(outcome), strict=True)
    return Result(
        model=model,
        detected=detected,
        accuracy_detected=float(outcome.right.sum() / max(detected, 1)),
        labels=samples.labels,
        split=samples.split,
        recall={label: one.recall for label, one in per_class if one.n},
        **found,
    )


def record(folder: Path, result: Result, data: str, options: str) -> None:
    """Put a result into the model's card, in place of an older one of the same data, split and labels.

    Args:
        folder: the model's.
        result: what `evaluate` gave.
        data: title of the dataset.
        options: of the command that gives the figure, after the model's name.
    """
    card = load_card(folder)
    values = result.as_dict()
    del values["model"]
    command = f"fer_ros evaluate {card.name} {options}"
    figure = Figure(**values, data=data, command=command, machine=machine())  # type: ignore[arg-type]
    same = (figure.data, figure.split, figure.labels)
    kept = [f for f in card.figures if (f.data, f.split, f.labels) != same]
    save_card(replace(card, figures=(*kept, figure)))


def machine() -> str:
    """The machine this runs on, for the cards."""
    return f"{cpu_count()} CPU cores, {platform.machine()}, Python {platform.python_version()}"


def _readable(model: Model, samples: Samples) -> NDArray[np.bool_]:
    """Examples with everything the model cannot do without."""
    shapes = model.card.input(BLENDSHAPES)
    if shapes is None or model.card.input(FACE) is not None or shapes.name not in samples.inputs:
        return np.ones(len(samples), np.bool_)
    shapes_read = np.isfinite(np.asarray(samples.inputs[shapes.name], np.float32))
    return np.asarray(shapes_read.all(axis=1), np.bool_)


Probabilities = NDArray[np.float32]
Sets = NDArray[np.bool_]
Conversion = Callable[[Probabilities, Sets], tuple[Probabilities, Sets]]


def head_for(model: Model, labels: str) -> tuple[str, Conversion]:
    """The head that answers in a label space, and how its answers get there.

    Raises:
        ModelError: the model has no such labels, nor ones to make them of.
    """
    if labels in model.card.heads:
        return labels, lambda probabilities, sets: (probabilities, sets)
    for (head, space), convert in CONVERSIONS.items():
        if space == labels and head in model.card.heads:
            return head, convert
    known = ", ".join(model.card.heads)
    raise ModelError(f"{model.card.identity} has no {labels} labels, nor ones to make them of ({known})")


def _to_three(probabilities: Probabilities, sets: Sets) -> tuple[Probabilities, Sets]:
    """FER2013's seven to happy, unknown, sad; a class is in a set where one of its labels is."""
    inside = [sets[:, column == TO_THREE].any(axis=1) for column in range(len(THREE))]
    return merge_to_three(FER2013, probabilities), np.stack(inside, axis=1)


def _to_basic(probabilities: Probabilities, sets: Sets) -> tuple[Probabilities, Sets]:
    """FER2013's seven to the six without neutral, for corpora in which nobody is neutral."""
    logits = np.log(np.maximum(probabilities[:, TO_BASIC], np.float32(1e-9)))
    return softmax(logits), sets[:, TO_BASIC]


CONVERSIONS: Mapping[tuple[str, str], Conversion] = {
    ("fer2013", "3class"): _to_three,
    ("fer2013", "basic"): _to_basic,
}
