"""`fer_ros evaluate` on labelled videos: an answer a clip, at 30, 15 and 5 images a second."""

import argparse
from collections.abc import Callable

from fer_ros.cli.options import given, of
from fer_ros.cli.watching import estimator_params, open_faces, warn, words_of
from fer_ros.datasets import catalogue
from fer_ros.errors import ParameterError
from fer_ros.estimators.model import Model
from fer_ros.evaluate.figures import Outcome
from fer_ros.evaluate.samples import Samples
from fer_ros.evaluate.video import ask_clips, from_videos

TABLE = ".csv"


def is_video(dataset: str) -> bool:
    """Whether --dataset names recordings: a table of clips, or a dataset whose faces are not cut out."""
    if dataset.endswith(TABLE):
        return True
    return dataset in catalogue.names() and not catalogue.adapter(dataset).CROPPED


def ask(
    args: argparse.Namespace, model: Model, step: Callable[[str, int, int], None]
) -> tuple[Samples, dict[float, Outcome]]:
    """The clips and a model's answers at each frame rate, the highest first.

    Raises:
        ParameterError: an option cannot be used with videos.
        DatasetError, ModelError: as `from_videos` and `ask_clips`.
    """
    for option, remedy in (
        ("sizes", "`fer_ros grid` shrinks videos"),
        ("baselines", "it reads blendshapes, as blendfer's"),
    ):
        if getattr(args, option):
            raise ParameterError(f"--{option} is not for the videos of {args.dataset}: {remedy}")
    if "labels" in of(given(args), "estimator"):
        raise ParameterError("--estimator.labels: here it is --labels that says which; leave it out")
    params = estimator_params(args)
    samples = from_videos(args.dataset, args.data, args.labels, args.split)
    with open_faces(args) as tracker:
        found = ask_clips(
            model,
            samples,
            tracker,
            params,
            warn,
            lambda done, total: step(f"{model.card.name}, clips", done, total),
        )
    return samples, found


def refuse_watching(args: argparse.Namespace) -> None:
    """ParameterError where an option of faces or estimates is given for faces that are cut out already."""
    words = words_of(args)
    if words:
        raise ParameterError(f"{words[0]} is for videos; leave it out with --dataset {args.dataset}")
