"""What `fer_ros video`, `image` and `bag` share: perceiving image by image, and saying what was seen."""

import argparse
import json
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from fer_ros.cli.options import given, of
from fer_ros.emotions import LABEL_SPACES
from fer_ros.environment import model_folders
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.params import FacesParams
from fer_ros.labelled.output import whole
from fer_ros.labelled.records import Record, Table, records_of
from fer_ros.params import build
from fer_ros.pipeline import Perception, Pipeline, open_pipeline
from fer_ros.resources import own_model
from fer_ros.sources.frame import Frame
from fer_ros.viewer.params import OverlayParams

CSV = (".csv",)


@dataclass(frozen=True)
class Settings:
    """The parameters of a command."""

    faces: FacesParams
    estimator: EstimatorParams
    overlay: OverlayParams

    @property
    def machine(self) -> str:
        """Which machine the estimates say they come from."""
        return self.estimator.machine


@dataclass(frozen=True, eq=False)
class Timed:
    """A frame, what was perceived in it, and the time that took, s."""

    frame: Frame
    seen: Perception
    took_s: float

    def records(self, machine: str) -> list[Record]:
        """What is said of it, face by face."""
        return list(records_of(self.seen, machine, self.took_s))


@dataclass
class Count:
    """How much was looked at."""

    images: int = 0
    with_face: int = 0
    took_s: float = 0.0
    newest: float = 0.0  # stamp, s

    def add(self, timed: Timed) -> None:
        """Count an image."""
        self.images += 1
        self.with_face += bool(timed.seen.faces)
        self.took_s += timed.took_s
        self.newest = timed.frame.stamp

    def text(self) -> str:
        """For people; no face at all is a result, too."""
        if not self.with_face:
            return f"{self.images} images, no face in any of them"
        return f"{self.images} images, {self.with_face} with a face"


def settings_of(args: argparse.Namespace) -> Settings:
    """The parameters given as options.

    Raises:
        ParameterError: one of them cannot be used.
    """
    values = given(args)
    return Settings(
        build(FacesParams, of(values, "faces"), "faces"),
        build(EstimatorParams, of(values, "estimator"), "estimator"),
        build(OverlayParams, of(values, "overlay"), "overlay"),
    )


def pipeline_for(settings: Settings) -> Pipeline:
    """What perceives; ModelError where a model is missing or corrupt."""
    model = own_model(settings.estimator.model)
    return open_pipeline(settings.faces, settings.estimator, model, model_folders(), warn)


def perceived(pipeline: Pipeline, frames: Iterable[Frame]) -> Generator[Timed, None, None]:
    """Every frame in order."""
    for frame in frames:
        yield timed(pipeline, frame)


def timed(pipeline: Pipeline, frame: Frame) -> Timed:
    """Perceive one frame."""
    began = perf_counter()
    seen = pipeline.update(frame.image, frame.stamp)
    return Timed(frame, seen, perf_counter() - began)


@contextmanager
def table_at(path: Path, where: str, settings: Settings) -> Iterator[Table]:
    """A CSV file that is there when all is in it.

    Args:
        path: of the file.
        where: the key that says of which image a record is: t or image.
        settings: of the estimates that go in.
    """
    with whole(path) as part, part.open("w", newline="", encoding="utf-8") as file:
        yield Table(file, where, LABEL_SPACES[settings.estimator.labels])


@contextmanager
def progress(name: str, total: int) -> Iterator[Any]:
    """A bar on stderr, as stdout may be a file or another program; gives what is called after each image.

    Args:
        name: of what is read.
        total: images in it; 0 or less: not known.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    shown = Progress(*columns, *times, console=console, transient=True, disable=not console.is_terminal)
    with shown as bar:
        task = bar.add_task(name, total=total if total > 0 else None)
        yield lambda: bar.advance(task)


def say(record: Record, where: str, *, as_json: bool) -> None:
    """Print a record as JSON, or for people; `where` says of which image it is."""
    if as_json:
        print(json.dumps(record))
    else:
        print(f"{where}  {'  '.join(in_words(record))}")


def say_all(seen: Timed, machine: str, *, as_json: bool) -> None:
    """Print what was seen in a frame of a stream, with its time."""
    for record in seen.records(machine):
        say(record, f"{record['t']:9.3f} s", as_json=as_json)


def in_words(record: Record) -> list[str]:
    """What a record says to people: the face, and the rest in one phrase."""
    if record["face_id"] is None:
        return ["no face"]
    if record["label"] is None:
        return [record["face_id"], f"no estimate: {record['reason']}"]
    best = record["probabilities"][record["label"]]
    doubt = f"  ({record['reason']})" if record["abstained"] else ""
    return [record["face_id"], f"{record['label']} {best:.2f}{doubt}"]


def warn(text: str) -> None:
    """One line on stderr."""
    print(f"fer_ros: {text}", file=sys.stderr)
