"""What `fer_ros grid`, `flicker` and `evaluate` share: models that watch clips, and how they are opened."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fer_ros.cli.options import add_parameters, given, of
from fer_ros.environment import model_folders
from fer_ros.errors import ModelError, ParameterError
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.params import FacesParams
from fer_ros.params import build
from fer_ros.resources import own_model

if TYPE_CHECKING:
    from rich.progress import Progress

    from fer_ros.evaluate.grid import Viewed
    from fer_ros.evaluate.watch import Pair, Viewer, Watched, Watcher
    from fer_ros.faces.tracker import FaceTracker

NO_FINDING = FacesParams(
    finder="haar", reader="none", student=False
)  # of pipelines whose tracker is not used


def add_watching(parser: argparse.ArgumentParser) -> None:
    """Add the options of faces and estimates, as `fer_ros video` has them."""
    add_parameters(parser, "faces", FacesParams)
    add_parameters(parser, "estimator", EstimatorParams)


def estimator_params(args: argparse.Namespace) -> EstimatorParams:
    """How estimates are made; ParameterError where a model is named as an option."""
    values = of(given(args), "estimator")
    if "model" in values:
        raise ParameterError(f"--estimator.model {values['model']}: name the model without an option here")
    return build(EstimatorParams, values, "estimator")


def space_of(args: argparse.Namespace, models: Sequence[str]) -> str:
    """The label space of a grid: --estimator.labels, or one that the models know.

    A model of single faces answers in a space of its own only; the answers of a clip network are moved to
    it. Clip networks alone are asked in theirs, so that Maclean's can tell calm from neutral.
    """
    from fer_ros.estimators.card import CLIP, load_card

    wanted = estimator_params(args).labels
    cards = [load_card(own_model(model)) for model in models]
    asked = [card for card in cards if card.input(CLIP) is None]
    if "labels" in of(given(args), "estimator") or (asked and all(wanted in card.heads for card in asked)):
        return wanted
    first, *others = asked or cards
    shared = (head for head in first.heads if all(head in card.heads for card in others))
    return next(shared, wanted)


@contextmanager
def open_watcher(args: argparse.Namespace, models: Sequence[str]) -> Iterator[Watcher[Watched]]:
    """Models of single faces that watch clips together.

    Raises:
        ModelError: a model is missing or corrupt, or reads clips.
        ParameterError: an option holds a value that cannot be used, or two models have one name.
    """
    from fer_ros.evaluate.watch import Watcher

    params = estimator_params(args)
    pairs = {name: _pair(folder, params) for name, folder in _folders(models).items()}
    with open_faces(args) as tracker:
        yield Watcher(tracker, pairs)


def held_watcher(args: argparse.Namespace, model: str) -> Watcher[Watched]:
    """A model of single faces that watches images which are faces.

    Raises:
        ModelError: it is missing or corrupt, or reads clips.
        ParameterError: an option holds a value that cannot be used.
    """
    from fer_ros.evaluate.held import HeldFaces
    from fer_ros.evaluate.watch import Watcher
    from fer_ros.faces.student import Student

    student = build(FacesParams, of(given(args), "faces"), "faces").student
    reader = Student(own_model("student")) if student else None
    return Watcher(HeldFaces(reader), {model: _pair(own_model(model), estimator_params(args))})


@contextmanager
def open_viewers(args: argparse.Namespace, models: Sequence[str], space: str) -> Iterator[Watcher[Viewed]]:
    """Models of single faces and clip networks that watch clips together, and answer in one label space.

    Raises:
        ModelError: a model is missing or corrupt, or has no label of the space.
        ParameterError: as `open_watcher`.
    """
    from fer_ros.evaluate.watch import Watcher

    params = replace(estimator_params(args), labels=space)
    viewers = {name: _viewer(folder, params) for name, folder in _folders(models).items()}
    with open_faces(args) as tracker:
        yield Watcher(tracker, viewers)


@contextmanager
def open_faces(args: argparse.Namespace) -> Iterator[FaceTracker]:
    """What finds and follows faces, as the options say.

    Raises:
        ModelError: a finder or reader was asked for by name and cannot run.
        ParameterError: an option holds a value that cannot be used.
    """
    from fer_ros.faces.open import open_tracker

    tracker = open_tracker(build(FacesParams, of(given(args), "faces"), "faces"), model_folders(), warn)
    try:
        yield tracker
    finally:
        tracker.close()


@contextmanager
def bar(name: str) -> Iterator[Progress]:
    """A progress bar on stderr, with one task whose total is 1; hidden where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        progress.add_task(name, total=1.0)
        yield progress


def words_of(args: argparse.Namespace) -> list[str]:
    """The options of faces and estimates that were given, as they are typed."""
    return [
        word
        for name, value in sorted(vars(args).items())
        if "." in name
        for word in (f"--{name}", str(value).lower() if isinstance(value, bool) else str(value))
    ]


def warn(text: str) -> None:
    """Say something to people, not to programs."""
    print(f"fer_ros: {text}", file=sys.stderr)


def _folders(models: Sequence[str]) -> dict[str, Path]:
    folders = {Path(model).name: own_model(model) for model in models}
    if len(folders) < len(models):
        raise ParameterError(f"two of {', '.join(models)} have the same name; give each model once")
    return folders


def _viewer(folder: Path, params: EstimatorParams) -> Viewer[Viewed]:
    from fer_ros.estimators.card import CLIP, load_card
    from fer_ros.estimators.model import load_model
    from fer_ros.evaluate.clip_network import ClipNetwork

    card = load_card(folder)
    if card.input(CLIP) is None:
        return _pair(folder, params)
    head = params.labels if params.labels in card.heads else next(iter(card.heads))
    return ClipNetwork(load_model(folder, threads=params.threads), head, params.labels)


def _pair(folder: Path, params: EstimatorParams) -> Pair:
    from fer_ros.emotions import LABEL_SPACES
    from fer_ros.estimators.card import CLIP, load_card
    from fer_ros.evaluate.watch import Pair
    from fer_ros.pipeline import open_pipeline

    card = load_card(folder)
    if card.input(CLIP) is not None:
        raise ModelError(f"{card.identity} reads clips, not single faces; `fer_ros grid` watches with it")
    streaming, single = (open_pipeline(NO_FINDING, params, folder, (), warn).estimator for _ in range(2))
    return Pair(streaming, single, LABEL_SPACES[params.labels])
