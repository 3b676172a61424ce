"""One evaluation written down: report.json for programs, report.md for people, and plots."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fer_ros.errors import DatasetError, FerError
from fer_ros.evaluate import canvas, plots
from fer_ros.evaluate.figures import Outcome, class_figures, figures
from fer_ros.evaluate.markdown import report_text
from fer_ros.evaluate.reliability import reliability

if TYPE_CHECKING:
    from matplotlib.figure import Figure

JSON_FILE, TEXT_FILE = "report.json", "report.md"
CURVE_POINTS = 20  # of the risk-coverage curve in the JSON
DIGITS = 4


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A model's answers on one split of one dataset, and under which conditions they were given.

    Attributes:
        model: name, `robot` or `robot@2`.
        data: title of the dataset.
        split: part of the dataset.
        labels: label space.
        label_names: L names, in the order of the columns of the outcomes.
        outcome: the answers.
        command: what gives these figures again.
        machine: what gave them.
        by_face_size: size of the faces, px → answers at that size.
        by_frame_rate: frames per second → answers at that rate.
        baseline: somebody else's model, evaluated for comparison.
        cases: what is counted, "images" or "clips".
    """

    model: str
    data: str
    split: str
    labels: str
    label_names: tuple[str, ...]
    outcome: Outcome
    command: str
    machine: str
    by_face_size: Mapping[float, Outcome] = field(default_factory=dict)
    by_frame_rate: Mapping[float, Outcome] = field(default_factory=dict)
    baseline: bool = False
    cases: str = "images"

    def __post_init__(self) -> None:
        columns = self.outcome.probabilities.shape[1]
        if columns != len(self.label_names):
            raise DatasetError(
                f"{self.labels} has {len(self.label_names)} labels, the answers have {columns}"
            )

    @property
    def title(self) -> str:
        """For plots: what was evaluated, on what, and n."""
        n, found = len(self.outcome.truth), int(self.outcome.detected.sum())
        count = f"n = {n}" if n == found else f"n = {n}, {found} with a face found"
        return f"{self.model} on {self.data}\n{self.labels}, {self.split} split, {count}"


def write_report(evaluation: Evaluation, folder: Path, *, with_plots: bool = True) -> dict[str, Any]:
    """Write report.json, report.md and the plots into a folder, over files of the same names.

    Returns:
        What report.json holds.

    Raises:
        FerError: the folder cannot be written, or plots are wanted and matplotlib is not installed.
    """
    drawn = dict(_plots(evaluation)) if with_plots else {}
    content = as_dict(evaluation) | {"plots": sorted(drawn)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / JSON_FILE).write_text(
            json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8"
        )
        (folder / TEXT_FILE).write_text(report_text(content), encoding="utf-8")
    except OSError as error:
        raise FerError(
            f"{folder}: the report cannot be written ({error.strerror}); name another folder"
        ) from error
    for name, figure in drawn.items():
        canvas.save(figure, folder / name)
    return content


def as_dict(evaluation: Evaluation) -> dict[str, Any]:
    """Everything but the plots, for JSON: figures rounded to four digits, null where there is none."""
    outcome = evaluation.outcome
    per_class = zip(evaluation.label_names, class_figures(outcome), strict=True)
    plain: dict[str, Any] = rounded(
        {
            "model": evaluation.model,
            "baseline": evaluation.baseline,
            "data": evaluation.data,
            "split": evaluation.split,
            "labels": evaluation.labels,
            "label_names": list(evaluation.label_names),
            "cases": evaluation.cases,
            "n": len(outcome.truth),
            "detected": int(outcome.detected.sum()),
            "command": evaluation.command,
            "machine": evaluation.machine,
            **_both(outcome),
            "per_class": {label: asdict(found) for label, found in per_class},
            "by_face_size": _conditions("face_size_px", evaluation.by_face_size),
            "by_frame_rate": _conditions("frame_rate_hz", evaluation.by_frame_rate),
            "confusion": outcome.confusion().tolist(),
            "reliability": _reliability(outcome),
            "risk_coverage": _curve(outcome),
        }
    )
    return plain


def rounded(value: Any) -> Any:
    """The same with floats of four digits, and None in place of what is no finite number."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    if isinstance(value, float):
        return round(value, DIGITS) if isfinite(value) else None
    return value


def _both(outcome: Outcome) -> dict[str, Any]:
    """Figures over all cases, and over those in which a face was found (null when there is none)."""
    found = asdict(figures(outcome.only(outcome.detected))) if outcome.detected.any() else None
    return {"all_images": asdict(figures(outcome)), "detected_only": found}


def _conditions(key: str, outcomes: Mapping[float, Outcome]) -> list[dict[str, Any]]:
    return [
        {key: float(value), "detected": int(outcome.detected.sum()), **_both(outcome)}
        for value, outcome in sorted(outcomes.items(), reverse=True)
    ]


def _reliability(outcome: Outcome) -> dict[str, Any]:
    if not outcome.detected.any():
        return {"confidence": [], "accuracy": [], "count": []}
    found = reliability(outcome.truth[outcome.detected], outcome.probabilities[outcome.detected])
    return {name: getattr(found, name).tolist() for name in ("confidence", "accuracy", "count")}


def _curve(outcome: Outcome) -> dict[str, list[float]]:
    curve = outcome.curve()
    shares = [step / CURVE_POINTS for step in range(1, CURVE_POINTS + 1)]
    return {"coverage": shares, "risk": [1 - curve.accuracy_at(share) for share in shares]}


def _plots(evaluation: Evaluation) -> Iterator[tuple[str, "Figure"]]:
    outcome, title = evaluation.outcome, evaluation.title
    counts = outcome.confusion()
    shown = counts if counts[:, -1].any() else counts[:, :-1]
    yield "confusion.png", plots.confusion_plot(shown, evaluation.label_names, title)
    everything = f"all {evaluation.cases}"
    curves = {everything: outcome.curve()}
    answered = outcome.only(outcome.detected) if outcome.detected.any() else None
    if answered is not None:
        found = reliability(answered.truth, answered.probabilities)
        yield "reliability.png", plots.reliability_plot(found, title)
        if not outcome.detected.all():
            curves["detected only"] = answered.curve()
    yield "risk_coverage.png", plots.risk_coverage_plot(curves, title)
    for name, across, outcomes in (
        ("face_size.png", "face size, px", evaluation.by_face_size),
        ("frame_rate.png", "frame rate, frames/s", evaluation.by_frame_rate),
    ):
        if outcomes:
            yield name, plots.lines_plot(list(outcomes), _accuracies(outcomes, everything), across, title)


def _accuracies(outcomes: Mapping[float, Outcome], everything: str) -> dict[str, list[float]]:
    """Accuracy by condition, over all cases, and over detected ones where that differs."""
    lines = {everything: [float(outcome.right.mean()) for outcome in outcomes.values()]}
    if not all(outcome.detected.all() for outcome in outcomes.values()):
        lines["detected only"] = [_accuracy_of_answers(outcome) for outcome in outcomes.values()]
    return lines


def _accuracy_of_answers(outcome: Outcome) -> float:
    answers = int(outcome.detected.sum())
    return float(outcome.right.sum() / answers) if answers else float(np.nan)
