"""What a model answered on a dataset, and every figure that follows from it."""

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import DatasetError
from fer_ros.evaluate.reliability import reliability
from fer_ros.evaluate.risk_coverage import RiskCoverage, risk_coverage
from fer_ros.evaluate.scores import confusion
from fer_ros.evaluate.sets import band_of, set_figures

UNANSWERED = -1.0  # a confidence below that of every answer


@dataclass(frozen=True, eq=False)
class Outcome:
    """Truth and answers; rows of cases in which no face was found hold anything, and count as no answer.

    Attributes:
        truth: (N,) int64, 0..L-1.
        probabilities: (N, L) float32, calibrated.
        sets: (N, L) bool, the prediction sets.
        detected: (N,) bool, whether the model could read the case.

    Raises:
        DatasetError: there are no cases, the arrays do not fit each other, a true label is out of range, or
            a probability of a detected case is not a number.
    """

    truth: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    sets: NDArray[np.bool_]
    detected: NDArray[np.bool_]

    def __post_init__(self) -> None:
        count, labels = len(self.truth), self.probabilities.shape[-1]
        if count == 0:
            raise DatasetError("no case was evaluated; check the split and the labels of the dataset")
        for name, shape in (
            ("probabilities", (count, labels)),
            ("sets", (count, labels)),
            ("detected", (count,)),
        ):
            if getattr(self, name).shape != shape:
                raise DatasetError(
                    f"{name} are {getattr(self, name).shape}, not {shape} as truth and labels say"
                )
        if self.truth.min() < 0 or self.truth.max() >= labels:
            raise DatasetError(f"true labels are {self.truth.min()}..{self.truth.max()}, not 0..{labels - 1}")
        if not np.isfinite(self.probabilities[self.detected]).all():
            raise DatasetError("a probability of a detected face is not a number; check the model's input")

    @property
    def right(self) -> NDArray[np.bool_]:
        """(N,) bool, where the likeliest label is the true one; False where nothing was answered."""
        return np.asarray(self.detected & (self.probabilities.argmax(axis=1) == self.truth), np.bool_)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """(N,) float64, probability of the likeliest label, UNANSWERED where nothing was answered."""
        return np.where(self.detected, self.probabilities.max(axis=1).astype(np.float64), UNANSWERED)

    def only(self, kept: NDArray[np.bool_]) -> "Outcome":
        """The cases that (N,) `kept` names; DatasetError where it names none."""
        return Outcome(self.truth[kept], self.probabilities[kept], self.sets[kept], self.detected[kept])

    def confusion(self) -> NDArray[np.int64]:
        """(L, L + 1) int64, a row per true label, a column per answer, the last one for none."""
        labels = self.probabilities.shape[1]
        answers = np.where(self.detected, self.probabilities.argmax(axis=1), labels)
        return confusion(self.truth, answers, labels + 1)[:labels]

    def curve(self) -> RiskCoverage:
        """Risk and coverage over all cases; no answer is abstaining."""
        return risk_coverage(self.confidence, self.right)


@dataclass(frozen=True)
class Figures:
    """Figures of an outcome; what cannot be said is NaN.

    Attributes:
        n: cases.
        accuracy: share of them whose likeliest label is the true one.
        macro_f1: mean F1 over the labels that occur.
        ece: expected calibration error of the answers given.
        coverage: share of cases whose prediction set holds the true label; no answer holds nothing.
        mean_set_size: mean number of labels in the sets of the answers given.
        accuracy_at_80: accuracy of the surest 80 % of cases.
        risk_area: area under the risk-coverage curve, smaller is better.
    """

    n: int
    accuracy: float
    macro_f1: float
    ece: float
    coverage: float
    mean_set_size: float
    accuracy_at_80: float
    risk_area: float


@dataclass(frozen=True)
class ClassFigures:
    """Figures of one true label; NaN is what cannot be said.

    Attributes:
        n: cases with this label.
        recall: share of them recognised.
        precision: share of the cases taken for this label that have it.
        f1: harmonic mean of the two.
        coverage: share of their prediction sets that hold it.
        mean_set_size: labels in those sets, of the answers given.
    """

    n: int
    recall: float
    precision: float
    f1: float
    coverage: float
    mean_set_size: float


def figures(outcome: Outcome) -> Figures:
    """Every figure over all cases: one without a face is an error and an abstention."""
    counts, curve, answered = outcome.confusion(), outcome.curve(), outcome.detected
    f1 = _f1(counts)
    return Figures(
        n=len(outcome.truth),
        accuracy=float(outcome.right.mean()),
        macro_f1=float(np.nanmean(f1)),
        ece=reliability(outcome.truth[answered], outcome.probabilities[answered]).ece
        if answered.any()
        else nan,
        coverage=set_figures(outcome.truth, outcome.sets & answered[:, None]).coverage,
        mean_set_size=_mean(outcome.sets[answered].sum(axis=1)),
        accuracy_at_80=curve.accuracy_at(),
        risk_area=curve.area,
    )


def class_figures(outcome: Outcome) -> list[ClassFigures]:
    """Figures of each of the L labels over all cases, in their order."""
    counts = outcome.confusion()
    return [_of_class(outcome, counts, label) for label in range(len(counts))]


def bands(
    outcome: Outcome, sizes_px: NDArray[np.float64], edges_px: tuple[float, ...]
) -> dict[float, Outcome]:
    """Smallest face size of a band, px → its cases; bands without cases are left out.

    Args:
        outcome: N cases.
        sizes_px: (N,) float64, of their faces.
        edges_px: the bands' smallest sizes, ascending; smaller faces belong to the first band.
    """
    band = band_of(sizes_px, edges_px)
    return {edge: outcome.only(band == i) for i, edge in enumerate(edges_px) if (band == i).any()}


def _of_class(outcome: Outcome, counts: NDArray[np.int64], label: int) -> ClassFigures:
    own = outcome.truth == label
    held = outcome.sets[:, label] & outcome.detected
    taken = int(counts[:, label].sum())
    return ClassFigures(
        n=int(own.sum()),
        recall=_mean(outcome.right[own]),
        precision=counts[label, label] / taken if taken else nan,
        f1=float(_f1(counts)[label]),
        coverage=_mean(held[own]),
        mean_set_size=_mean(outcome.sets[own & outcome.detected].sum(axis=1)),
    )


def _f1(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """(L,) float64, F1 of each label; NaN where it occurs neither in the truth nor in the answers."""
    labels = len(counts)
    seen = counts.sum(axis=1) + counts[:, :labels].sum(axis=0)
    hits = 2.0 * np.diag(counts[:, :labels])
    f1: NDArray[np.float64] = np.divide(hits, seen, out=np.full(labels, np.nan), where=seen > 0)
    return f1


def _mean(values: NDArray[np.bool_] | NDArray[np.int64]) -> float:
    return float(values.mean()) if len(values) else nan
