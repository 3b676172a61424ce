"""What is said of each face of an image, for programs: as JSON objects and as lines of a CSV file."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import Any, TextIO, TypeAlias

from fer_ros.estimators.estimate import Estimate
from fer_ros.faces.face import Face
from fer_ros.pipeline import Perception

Record: TypeAlias = dict[str, Any]

BOX = ("x0", "y0", "x1", "y1")
SEPARATOR = " "  # between the labels of a prediction set


def records_of(seen: Perception, machine: str, took_s: float) -> Iterator[Record]:
    """A record a face, or one that says that there is none; None is what was not measured.

    Args:
        seen: what was perceived in one image.
        machine: who estimated, robot or cloud.
        took_s: how long it took, s.
    """
    if not seen.faces:
        yield {"t": round(seen.stamp, 6), "face_id": None}
    for face, estimate in zip(seen.faces, seen.estimates, strict=False):
        yield _record(face, estimate, machine, took_s)


def _record(face: Face, estimate: Estimate, machine: str, took_s: float) -> Record:
    numbers = zip(estimate.labels, estimate.probabilities, strict=True)
    return {
        "t": round(estimate.stamp, 6),
        "face_id": face.id,
        "box": [round(v, 1) for v in face.seen.box_xyxy],
        "label": estimate.label,
        "probabilities": {label: round(float(p), 4) for label, p in numbers},
        "prediction_set": list(estimate.prediction_set),
        "abstained": estimate.abstained,
        "reason": estimate.reason,
        "valence": round(estimate.valence, 4) if isfinite(estimate.valence) else None,
        "arousal": round(estimate.arousal, 4) if isfinite(estimate.arousal) else None,
        "source": machine,
        "latency_ms": round(took_s * 1e3, 2),
    }


class Table:
    """Records as lines of a CSV file: the same input gives the same file."""

    def __init__(self, file: TextIO, where: str, labels: Sequence[str]) -> None:
        """Write the line of names.

        Args:
            file: open for text, with newline="".
            where: the key that says of which image a record is: t or image.
            labels: of the estimates; each has a column.
        """
        self._where = where
        self._labels = labels
        self._writer = csv.writer(file, lineterminator="\n")
        known = ("label", "prediction_set", "abstained", "reason", "valence", "arousal", "source")
        self._known = known
        self._writer.writerow([where, "face_id", *BOX, *known, *labels])

    def write(self, records: Iterable[Record]) -> None:
        """Add lines; what is not known of a face is an empty field."""
        for record in records:
            shown = {**record, "prediction_set": SEPARATOR.join(record.get("prediction_set", ()))}
            values = [shown.get(name) for name in self._known]
            likely = record.get("probabilities", {})
            box = record.get("box", [None] * len(BOX))
            face = [record[self._where], record["face_id"], *box, *values]
            self._writer.writerow([*face, *(likely.get(label) for label in self._labels)])
