"""Build BigFaceX or FaceParty into a folder, clip by clip, so that a stop costs one clip.

protocol.json            which of the two, the seed, and what scored frames
clips/<dataset>/….npz    windows (N, 5, 48, 48) uint8, labels, starts; a file a clip
index.csv                a row a window: window, dataset, clip, subject, label, file, row, by_subject,
                         by_window; written last
"""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from fer_ros.datasets import splits
from fer_ros.datasets.clip import Clip, read_frames
from fer_ros.datasets.lee import Windows, is_wanted
from fer_ros.datasets.store import file_name, kept
from fer_ros.errors import DatasetError
from fer_ros.faces.face import Image8

INDEX, PROTOCOL = "index.csv", "protocol.json"

Progress = Callable[[int, int], None]
Cut = Callable[[Clip, Sequence[Image8]], Windows]


@dataclass(frozen=True)
class Protocol:
    """What a build is: another one must not go on in its folder.

    Attributes:
        name: "bigfacex" or "faceparty".
        sources: the datasets it is made of.
        seed: of both splits.
        scorer: what chose FaceParty's frames; "" where nothing did.
    """

    name: str
    sources: tuple[str, ...]
    seed: int
    scorer: str = ""


@dataclass(frozen=True)
class Row:
    """One window.

    Attributes:
        window: its number in the build.
        dataset: it comes from.
        clip: of that dataset.
        subject: with the dataset's name before it.
        label: of BIGFACEX.
        file: with the window's images, relative to the build.
        row: of the window in that file.
        by_subject: its part where nobody is on two sides, the default.
        by_window: its part in the thesis's way, clips cut through (splits.py says what that is worth).
    """

    window: int
    dataset: str
    clip: str
    subject: str
    label: str
    file: str
    row: int
    by_subject: str = ""
    by_window: str = ""


@dataclass(frozen=True)
class Built:
    """What came of a build.

    Attributes:
        rows: the windows.
        unreadable: an error for each clip that could not be read; the next build tries them again.
        faceless: clips that gave no window, for want of a face or of frames.
    """

    rows: tuple[Row, ...]
    unreadable: tuple[str, ...]
    faceless: tuple[str, ...]


def build(protocol: Protocol, clips: Sequence[Clip], cut: Cut, out: Path, progress: Progress) -> Built:
    """Cut every clip, then write the index with both splits.

    Args:
        protocol: what is built.
        clips: of all its sources; those of other classes are left out.
        cut: makes a clip's windows from its frames.
        out: folder, made where absent; clips that are finished there are not read again.
        progress: called with clips done and clips in all.

    Raises:
        DatasetError: the folder holds another build, cannot be written, or no clip gave a window.
    """
    _claim(out, protocol)
    wanted = [clip for clip in clips if is_wanted(clip)]
    rows: list[Row] = []
    unreadable, faceless = [], []
    for done, clip in enumerate(wanted, 1):
        try:
            found = _cut(clip, cut, out)
        except _UnreadableError as error:
            unreadable.append(str(error))
        else:
            rows += found
            faceless += [] if found else [f"{clip.dataset}/{clip.id}"]
        progress(done, len(wanted))
    if not rows:
        first = f"; the first error: {unreadable[0]}" if unreadable else ""
        raise DatasetError(f"none of {len(wanted)} clips gave a window of five faces{first}")
    numbered = tuple(_with_splits(rows, protocol.seed))
    _write_index(out / INDEX, numbered)
    return Built(numbered, tuple(unreadable), tuple(faceless))


class _UnreadableError(DatasetError):
    """A clip's own files are at fault, not the build's folder."""


def _cut(clip: Clip, cut: Cut, out: Path) -> list[Row]:
    def make() -> dict[str, np.ndarray]:  # type: ignore[type-arg]
        try:
            frames = read_frames(clip)
        except DatasetError as error:
            raise _UnreadableError(str(error)) from error
        windows = cut(clip, frames)
        labels = np.array(windows.labels, np.str_)
        return {"windows": windows.images, "labels": labels, "starts": windows.starts}

    file = f"clips/{clip.dataset}/{file_name(clip.id)}"
    labels = kept(out / file, make)["labels"].tolist()
    return [Row(0, clip.dataset, clip.id, clip.person, label, file, row) for row, label in enumerate(labels)]


def _claim(out: Path, protocol: Protocol) -> None:
    """Write what is built here, or compare it with what was begun."""
    path = out / PROTOCOL
    said = json.loads(json.dumps(asdict(protocol)))
    try:
        if path.is_file():
            begun = json.loads(path.read_text(encoding="utf-8"))
            if begun != said:
                raise DatasetError(
                    f"{out} holds a build of {begun}, not of {said}; build into another folder"
                )
            return
        out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(said), encoding="utf-8")
    except json.JSONDecodeError as error:
        raise DatasetError(f"{path} is damaged ({error}); delete it to go on with what is here") from error
    except OSError as error:
        raise DatasetError(f"{path} cannot be written ({error.strerror}); choose another --out") from error


def _with_splits(rows: Sequence[Row], seed: int) -> list[Row]:
    by_subject = splits.by_subject([row.subject for row in rows], splits.THESIS, seed).tolist()
    by_window = splits.by_item(len(rows), splits.THESIS, seed).tolist()
    return [
        Row(number, row.dataset, row.clip, row.subject, row.label, row.file, row.row, *parts)
        for number, (row, *parts) in enumerate(zip(rows, by_subject, by_window, strict=True))
    ]


def _write_index(path: Path, rows: Sequence[Row]) -> None:
    unfinished = path.with_suffix(".unfinished")
    try:
        with unfinished.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([field.name for field in fields(Row)])
            writer.writerows([list(asdict(row).values()) for row in rows])
        unfinished.replace(path)
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be written ({error.strerror}); make room and start again"
        ) from error
