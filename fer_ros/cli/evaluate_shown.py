"""What `fer_ros evaluate` prints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fer_ros.evaluate.figures import Outcome
from fer_ros.evaluate.run import Result
from fer_ros.evaluate.samples import Samples


@dataclass(frozen=True, eq=False)
class Asked:
    """What a model answered, and under which conditions.

    Attributes:
        samples: what was asked.
        outcome: the answers.
        by_face_size: size of the faces, px → answers.
        by_frame_rate: images a second → answers.
        cases: what is counted.
    """

    samples: Samples
    outcome: Outcome
    by_face_size: dict[float, Outcome] = field(default_factory=dict)
    by_frame_rate: dict[float, Outcome] = field(default_factory=dict)
    cases: str = "images"


def plain(result: Result, asked: Asked, baseline: Result | None) -> dict[str, Any]:
    """For JSON."""
    shown: dict[str, Any] = result.as_dict()
    for name in ("by_face_size", "by_frame_rate"):
        if accuracies := _accuracies(getattr(asked, name)):
            shown[name] = accuracies
    if baseline:
        shown["baseline"] = baseline.as_dict()
    return shown


def text(result: Result, asked: Asked, baseline: Result | None) -> str:
    """For people."""
    lines = [
        f"{result.model}: {result.labels}, {result.split}, n = {result.n} ({result.detected} readable)",
        f"  accuracy  {result.accuracy:.4f} of all, {result.accuracy_detected:.4f} of the readable,"
        f" {result.accuracy_at_80:.4f} of the surest 80 %",
        f"  macro F1  {result.macro_f1:.4f}",
        f"  ECE       {result.ece:.4f}",
        f"  sets      hold the truth in {result.coverage:.4f}, {result.mean_set_size:.2f} labels each",
        *(f"  recall    {label:<9} {value:.4f}" for label, value in result.recall.items()),
        *(f"  at {px:>3.0f} px  accuracy {a:.4f}" for px, a in _accuracies(asked.by_face_size).items()),
        *(f"  at {hz:>3.0f}/s   accuracy {a:.4f}" for hz, a in _accuracies(asked.by_frame_rate).items()),
    ]
    if baseline:
        lines.append(f"{baseline.model}: accuracy {baseline.accuracy:.4f}, macro F1 {baseline.macro_f1:.4f}")
    return "\n".join(lines)


def _accuracies(outcomes: Mapping[float, Outcome]) -> dict[float, float]:
    return {value: float(found.right.mean()) for value, found in outcomes.items()}
