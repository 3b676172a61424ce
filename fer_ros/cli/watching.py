"""What `fer_ros grid` and `fer_ros flicker` share: models that watch clips, and how they are opened."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from fer_ros.cli.options import add_parameters, given, of
from fer_ros.emotions import LABEL_SPACES
from fer_ros.environment import model_folders
from fer_ros.errors import ParameterError
from fer_ros.estimators.params import EstimatorParams
from fer_ros.evaluate.watch import Pair, Watcher
from fer_ros.faces.open import open_tracker
from fer_ros.faces.params import FacesParams
from fer_ros.params import build
from fer_ros.pipeline import open_pipeline
from fer_ros.resources import own_model

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


@contextmanager
def open_watcher(args: argparse.Namespace, models: Sequence[str]) -> Iterator[Watcher]:
    """Models that watch clips together.

    Raises:
        ModelError: a model is missing or corrupt.
        ParameterError: an option holds a value that cannot be used, or two models have one name.
    """
    faces = build(FacesParams, of(given(args), "faces"), "faces")
    params = estimator_params(args)
    folders = {Path(model).name: own_model(model) for model in models}
    if len(folders) < len(models):
        raise ParameterError(f"two of {', '.join(models)} have the same name; give each model once")
    pairs = {name: _pair(folder, params) for name, folder in folders.items()}
    tracker = open_tracker(faces, model_folders(), warn)
    try:
        yield Watcher(tracker, pairs)
    finally:
        tracker.close()


@contextmanager
def bar(name: str) -> Iterator[Progress]:
    """A progress bar on stderr, with one task whose total is 1; hidden where nobody watches."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        progress.add_task(name, total=1.0)
        yield progress


def warn(text: str) -> None:
    """Say something to people, not to programs."""
    print(f"fer_ros: {text}", file=sys.stderr)


def _pair(folder: Path, params: EstimatorParams) -> Pair:
    streaming, single = (open_pipeline(NO_FINDING, params, folder, (), warn).estimator for _ in range(2))
    return Pair(streaming, single, LABEL_SPACES[params.labels])
