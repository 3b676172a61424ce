"""FER2013 (Goodfellow et al. 2013), in the three shapes it is given in.

Layouts:
    fer2013.csv                 emotion,pixels,Usage; 35,887 faces of 48x48 px
    icml_face_data.csv          the same with other column names: "emotion", " Usage", " pixels"
    train/angry/…jpg, test/…    Usage PublicTest and PrivateTest are one here, so nothing to validate with
The csv files may lie in an archive or a folder. Where both label sets matter, use `ferplus`.
"""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked
from fer_ros.datasets.clip import Clip, Images, Pixels
from fer_ros.emotions import FER2013
from fer_ros.errors import DatasetError

TITLE = "FER2013: 35,887 faces from the web, 48x48 px"
SOURCE = (
    "get FER2013 at kaggle.com/c/"
    "challenges-in-representation-learning-facial-expression-recognition-challenge"
)
SPACE = "fer2013"
SIZE = 48  # px
USAGES = {"Training": "train", "PublicTest": "validation", "PrivateTest": "test"}
TABLE = re.compile(r"(?:^|/)(?:fer2013|icml_face_data)\.csv$")
IMAGE = re.compile(rf"(?:^|/)((train|test)/({'|'.join(FER2013)})/[^/]+)\.(?:jpg|png)$")
FILES = re.compile(f"{TABLE.pattern}|{IMAGE.pattern}")
CROPPED = True


def load(path: Path) -> tuple[Clip, ...]:
    """Every face.

    Args:
        path: a .csv, an archive or a folder.

    Raises:
        DatasetError: the dataset is absent, a class is empty, or a row is damaged.
    """
    if path.suffix == ".csv" and path.is_file():
        archive, tables = Archive(path.parent, "", SOURCE), [path.name]
    else:
        archive = Archive(path, "", SOURCE)
        tables = [name for name in archive.names() if TABLE.search(name)]
    clips = _from_table(archive, tables[0]) if tables else _from_folders(archive)
    return checked(clips, SPACE, path, "fer2013.csv, icml_face_data.csv or train/angry/", SOURCE)


def _from_folders(archive: Archive) -> list[Clip]:
    return [
        Clip("fer2013", found[1], "", found[3], Images(archive, (name,)), found[2])
        for name in archive.names()
        if (found := IMAGE.search(name))
    ]


def _from_table(archive: Archive, name: str) -> list[Clip]:
    lines = archive.read(name).decode("utf-8-sig", "replace").splitlines()
    reader = csv.DictReader(lines, skipinitialspace=True)
    columns = [column.strip() for column in reader.fieldnames or ()]
    missing = [column for column in ("emotion", "pixels", "Usage") if column not in columns]
    if missing:
        raise DatasetError(f"{archive.path}: {name} has no column {', '.join(missing)}; {SOURCE}")
    reader.fieldnames = columns
    return _rows(reader, f"{archive.path}: {name}")


def _rows(rows: Iterable[dict[str, str]], where: str) -> list[Clip]:
    clips = []
    for number, row in enumerate(rows, 2):
        line = f"{where}, line {number}"
        label, usage = _label(row["emotion"], line), (row["Usage"] or "").strip()
        if usage not in USAGES:
            raise DatasetError(f"{line} has the Usage {usage!r}; it takes {', '.join(USAGES)}")
        face = Pixels(_pixels(row["pixels"], line))
        clips.append(Clip("fer2013", f"{number:05}", "", label, face, USAGES[usage]))
    return clips


def _label(text: str | None, line: str) -> str:
    code = (text or "").strip()
    if code not in {str(index) for index in range(len(FER2013))}:
        raise DatasetError(f"{line} has the emotion {code!r}; it takes 0 to {len(FER2013) - 1}")
    return FER2013[int(code)]


def _pixels(text: str | None, line: str) -> NDArray[np.uint8]:
    """(48, 48) uint8."""
    try:
        values = np.array((text or "").split(), np.uint8)
    except (ValueError, OverflowError) as error:
        raise DatasetError(f"{line} has pixels that are not 0 to 255 ({error}); {SOURCE}") from error
    if len(values) != SIZE * SIZE:
        raise DatasetError(f"{line} has {len(values)} pixels, not {SIZE * SIZE}; it is cut off; {SOURCE}")
    return values.reshape(SIZE, SIZE)
