"""FER2013 as blendshapes with happy, unknown and sad: the csv files released with Attrah's LSTM.

Layout of blends_test_full_set.csv and blends_val_full_set.csv: no header; 53 columns, the 52 blendshapes
in MediaPipe's order (0..1) and the class: 0 happy, 1 unknown, 2 sad, as emotions.THREE. Images in which
MediaPipe saw no face are left out of the files.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fer_ros.emotions import THREE
from fer_ros.errors import DatasetError
from fer_ros.faces.blendshapes import COUNT

SOURCE = (
    "get it from github.com/Samir-atra/Emotion_estimation_from_video_footage_with_LSTM_ML_algorithm, "
    "and keep its rows as they are"
)
FILES = {"validation": "blends_val_full_set.csv", "test": "blends_test_full_set.csv"}


@dataclass(frozen=True)
class BlendshapeSet:
    """Rows of one file.

    Attributes:
        blendshapes: (N, 52) float32 in 0..1, MediaPipe's order.
        labels: (N,) int64, index into emotions.THREE.
    """

    blendshapes: NDArray[np.float32]
    labels: NDArray[np.int64]


def load(path: Path, split: str = "test", *, skip_first: bool = True) -> BlendshapeSet:
    """Read one split.

    Args:
        path: a csv file, or the folder that holds those of the release.
        split: "validation" or "test", where `path` is a folder.
        skip_first: leave the first row out. The authors' loader takes it for a header, and the paper's
            figures are on the 1,646 rows that remain of 1,647.

    Raises:
        DatasetError: the file is absent, or a row is not 52 blendshapes and a class.
    """
    if path.is_dir():
        if split not in FILES:
            raise DatasetError(f"split {split!r} was not released; choose one of {', '.join(FILES)}")
        path = path / FILES[split]
    rows = _rows(path)[1 if skip_first else 0 :]
    if not len(rows):
        raise DatasetError(f"{path} holds no rows; {SOURCE}")
    shapes, labels = rows[:, :COUNT].astype(np.float32), rows[:, COUNT]
    _check(path, shapes, labels, first_line=2 if skip_first else 1)
    return BlendshapeSet(shapes, labels.astype(np.int64))


def _rows(path: Path) -> NDArray[np.float64]:
    """(N, 53) float64."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = np.loadtxt(lines, delimiter=",", ndmin=2) if lines else np.empty((0, COUNT + 1))
    except (OSError, ValueError) as error:
        raise DatasetError(
            f"{path} is no table of blendshapes that can be read ({error}); {SOURCE}"
        ) from error
    if rows.shape[1] != COUNT + 1:
        raise DatasetError(
            f"{path} has {rows.shape[1]} columns, not {COUNT} blendshapes and a class; {SOURCE}"
        )
    return np.asarray(rows, np.float64)


def _check(path: Path, shapes: NDArray[np.float32], labels: NDArray[np.float64], first_line: int) -> None:
    outside = ~((shapes >= 0) & (shapes <= 1)).all(axis=1)  # NaN is outside, too
    unknown = ~np.isin(labels, range(len(THREE)))
    if outside.any():
        row = int(outside.argmax())
        raise DatasetError(f"{path}: line {row + first_line} has a blendshape that is not in 0..1; {SOURCE}")
    if unknown.any():
        row = int(unknown.argmax())
        raise DatasetError(
            f"{path}: line {row + first_line} has class {labels[row]:g}; it takes 0 ({THREE[0]}), "
            f"1 ({THREE[1]}) or 2 ({THREE[2]})"
        )
