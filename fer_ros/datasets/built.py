"""Read what `builder` built."""

import csv
from collections.abc import Sequence
from dataclasses import fields
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets.builder import INDEX, Row
from fer_ros.datasets.crops import SIZE
from fer_ros.datasets.lee import LENGTH
from fer_ros.datasets.store import read
from fer_ros.emotions import BIGFACEX
from fer_ros.errors import DatasetError

REMEDY = "build it with `fer_ros dataset build`"


def index(folder: Path) -> list[Row]:
    """Every window of a build, in the order of their numbers.

    Raises:
        DatasetError: there is no finished build, or its index is damaged.
    """
    path = folder / INDEX
    if not path.is_file():
        raise DatasetError(f"{folder} holds no {INDEX}: nothing, or a build that was stopped; {REMEDY}")
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = [field.name for field in fields(Row) if field.name not in (reader.fieldnames or ())]
        if missing:
            raise DatasetError(f"{path} has no column {', '.join(missing)}; {REMEDY} again")
        return [_row(values, f"{path}, line {reader.line_num}") for values in reader]


def images(folder: Path, rows: Sequence[Row]) -> NDArray[np.uint8]:
    """Images of some windows, in their order.

    Args:
        folder: the build.
        rows: of its index, those of a clip together.

    Returns:
        (N, 5, 48, 48) uint8, grey.

    Raises:
        DatasetError: a clip's file is absent, damaged or shorter than the index says.
    """
    found = np.empty((len(rows), LENGTH, SIZE, SIZE), np.uint8)
    at = 0
    for file, group in groupby(rows, lambda row: row.file):
        wanted = [row.row for row in group]
        windows = read(folder / file).get("windows", np.empty(0))
        if windows.shape[1:] != found.shape[1:] or max(wanted) >= len(windows):
            raise DatasetError(
                f"{folder / file} holds {windows.shape}, not what {INDEX} says; {REMEDY} again"
            )
        found[at : at + len(wanted)] = windows[wanted]
        at += len(wanted)
    return found


def _row(values: dict[str, str], where: str) -> Row:
    if values["label"] not in BIGFACEX:
        raise DatasetError(f"{where} has the label {values['label']!r}; it takes {', '.join(BIGFACEX)}")
    try:
        numbers = {name: int(values.pop(name)) for name in ("window", "row")}
    except ValueError as error:
        raise DatasetError(f"{where} is damaged ({error}); {REMEDY} again") from error
    texts = {field.name: values[field.name] for field in fields(Row) if field.name in values}
    return Row(**texts, **numbers)  # type: ignore[arg-type]
