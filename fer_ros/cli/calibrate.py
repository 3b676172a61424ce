"""`fer_ros calibrate`: make a model's probabilities mean what they say, on a dataset of one's own choice."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.resources import own_model

if TYPE_CHECKING:
    from fer_ros.estimators.model import Model
    from fer_ros.evaluate.samples import Samples

EPILOG = """examples:
  fer_ros calibrate robot --data FERPlus.zip
  fer_ros calibrate models/mine --dataset jaffe --data jaffe.zip --labels fer2013 --split test
"""


def add(commands: Any) -> None:
    """Add the command."""
    from fer_ros.datasets import catalogue

    parser = commands.add_parser(
        "calibrate",
        help="fit a model's temperatures and prediction sets, by face size",
        description="Fit every head of a model on faces it has not learned from, and write its card again.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", help="a model of this package, or the path of a model folder")
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file or folder")
    parser.add_argument("--dataset", default="ferplus", help=f"of {', '.join(catalogue.names())}")
    parser.add_argument("--labels", help="one head alone (default: every head)")
    parser.add_argument("--split", choices=("train", "validation", "test"), default="validation")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Fit, and print the bands."""
    from rich.console import Console
    from rich.progress import Progress

    from fer_ros.estimators.card import save_card
    from fer_ros.estimators.model import load_model
    from fer_ros.evaluate.calibrate import calibrated
    from fer_ros.evaluate.samples import load

    model = load_model(own_model(args.name))
    heads = [args.labels] if args.labels else list(model.card.heads)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("blendshapes", total=None)

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        sizes = {head: _sizes(model, load(args.dataset, args.data, head, args.split), step) for head in heads}
    card = calibrated(model, sizes)
    save_card(card)
    for name in heads:
        print(f"{card.identity}, {name}:")
        for band in card.heads[name].bands:
            fitted = f"temperature {band.temperature:.3f}, threshold {band.threshold:.4f}"
            print(f"  from {band.from_px:>4g} px  {fitted}")
    return 0


def _sizes(model: Model, samples: Samples, step: Any) -> dict[int, Samples]:
    from fer_ros.cli.shapes import shapes_reader, with_needed_shapes
    from fer_ros.evaluate.calibrate import at_every_size

    return at_every_size(with_needed_shapes(model.card, samples, step), shapes_reader(step))
