"""Labelled and unlabelled video clips, and labels by hand, as they lie on a disk."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path

from fer_ros.datasets import catalogue
from fer_ros.datasets.clip import Video
from fer_ros.emotions import LABEL_SPACES, THREE, to_three
from fer_ros.errors import DatasetError

SUFFIXES = frozenset({".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpg", ".webm"})
CALM, NEUTRAL = "calm", "neutral"
EVERY_LABEL = frozenset(label for names in LABEL_SPACES.values() for label in names)
Changes = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class LabelledClip:
    """A video file.

    Attributes:
        path: of the file.
        label: what it shows; None where that is not known.
        part: "train", "validation" or "test" where the publisher divided the dataset, else "".
    """

    path: Path
    label: str | None = None
    part: str = ""


def unlabelled(path: Path) -> list[LabelledClip]:
    """The video files below a folder, or the one given.

    Raises:
        DatasetError: there is none.
    """
    every = [path] if path.is_file() else sorted(path.rglob("*"))
    clips = [LabelledClip(found) for found in every if found.suffix.lower() in SUFFIXES and found.is_file()]
    if not clips:
        raise DatasetError(f"{path} holds no video; it takes {', '.join(sorted(SUFFIXES))}")
    return clips


def labelled(data: Path, labels: str, space: str, *, leave_out: bool = False) -> list[LabelledClip]:
    """Clips with a label of a space.

    Args:
        data: folder of the clips.
        labels: a CSV file with columns clip (path below `data`) and label, or the name of a video dataset
            of the catalogue, such as ravdess.
        space: of the estimates; labels of others are read as `place` says.
        leave_out: the clips whose label has no place there, instead of refusing them.

    Raises:
        DatasetError: a file or column is absent, a label is not in the space, or there are no clips.
    """
    if labels in catalogue.names():
        found = _of_dataset(data, labels)
    else:
        rows = _rows(Path(labels), ("clip", "label"))
        found = [LabelledClip(data / row["clip"], row["label"].strip()) for row in rows]
    absent = [clip.path for clip in found if not clip.path.is_file()]
    if absent or not found:
        what = f"{absent[0]} and {len(absent) - 1} others are not there" if absent else "it names no clip"
        raise DatasetError(f"{labels}: {what}; give the folder of the clips with --data")
    if leave_out:
        found = [clip for clip in found if clip.label not in EVERY_LABEL or place(clip.label, space)]
    return [replace(clip, label=_known(labels, clip.label, space)) for clip in found]


def place(label: str, space: str) -> str | None:
    """Where a label of any space stands in another; None where it has no place.

    "calm" is "neutral" where there is no calm, and every label has its place in happy, sad and unknown.
    """
    names = LABEL_SPACES[space]
    if label == CALM and CALM not in names:
        label = NEUTRAL
    if names == THREE and label in EVERY_LABEL:
        label = to_three(label)
    return label if label in names else None


def read_changes(path: Path, clips: Sequence[Path], space: str) -> dict[Path, Changes]:
    """Labels by hand: what is shown from which time on.

    Args:
        path: CSV with the columns t (s) and label, and clip (a file name) where there are several clips.
            An empty label says that nothing is known from there on.
        clips: the clips that are watched.
        space: of the estimates; as in `labelled`.

    Returns:
        clip → (time in s, label; "" where nothing is known), ascending; clips without a row are left out.

    Raises:
        DatasetError: a column is absent, a time is no number, or a label or clip is not known.
    """
    rows = _rows(path, ("t", "label"))
    changes: dict[Path, list[tuple[float, str]]] = {}
    for row in rows:
        label = row["label"].strip()
        entry = _time(path, row["t"]), _known(str(path), label, space) if label else ""
        changes.setdefault(_clip_of(path, row.get("clip"), clips), []).append(entry)
    return {clip: tuple(sorted(some)) for clip, some in changes.items()}


def _of_dataset(data: Path, name: str) -> list[LabelledClip]:
    clips = catalogue.adapter(name).load(data)
    films = [
        LabelledClip(clip.frames.path, clip.label, clip.part)
        for clip in clips
        if isinstance(clip.frames, Video)
    ]
    if not films:
        raise DatasetError(f"{name} holds no videos; images without stamps cannot be thinned out in time")
    return films


def _known(where: str, label: str | None, space: str) -> str:
    found = place(label, space) if label is not None else None
    if found is None:
        names = ", ".join(LABEL_SPACES[space])
        raise DatasetError(f"{where}: label {label!r} is not in {space}; it takes {names}")
    return found


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), skipinitialspace=True)
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(catalogue.names())
        raise DatasetError(f"{path} is neither a CSV file ({error}) nor one of {names}") from error
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise DatasetError(
            f"{path} has no column {', '.join(missing)}; its first line must be {','.join(columns)}"
        )
    rows = list(reader)
    short = [row for row in rows if any(row[column] is None for column in columns)]
    if short:
        raise DatasetError(f"{path}: the line {list(short[0].values())} lacks {' or '.join(columns)}")
    return rows


def _time(path: Path, text: str) -> float:
    try:
        time_s = float(text)
    except ValueError as error:
        raise DatasetError(f"{path}: t is {text!r}; it takes a number of seconds") from error
    if not isfinite(time_s):
        raise DatasetError(f"{path}: t is {text}; it takes a finite number of seconds")
    return time_s


def _clip_of(path: Path, name: str | None, clips: Sequence[Path]) -> Path:
    if name is None and len(clips) == 1:
        return clips[0]
    found = [clip for clip in clips if name is not None and clip.name == Path(name).name]
    if len(found) != 1:
        known = ", ".join(clip.name for clip in clips)
        raise DatasetError(f"{path}: clip {name!r} is not one of {known}; name it in a column clip")
    return found[0]
