"""`fer_ros evaluate`: figures of a model on a dataset."""

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from fer_ros.evaluate.run import Result, evaluate
from fer_ros.resources import own_model

EPILOG = """examples:
  fer_ros evaluate robot --data FERPlus.zip --labels fer2013 --split test
  fer_ros evaluate cloud --data FERPlus.zip --labels ferplus --split validation --json
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "evaluate",
        help="accuracy, F1 and calibration of a model",
        description="Run a model over a split of FER2013 / FER+ and compare it with the labels.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", help="a model of this package, or the path of a model folder")
    parser.add_argument("--data", type=Path, required=True, help="FERPlus.zip, or the folder it unpacks to")
    parser.add_argument("--labels", choices=("fer2013", "ferplus", "3class"), default="ferplus")
    parser.add_argument("--split", choices=("train", "validation", "test"), default="validation")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Evaluate and print."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{args.name} on {args.labels}", total=None)
        result = evaluate(
            own_model(args.name),
            args.data,
            args.labels,
            args.split,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    print(json.dumps(result.as_dict()) if args.json else _table(result))
    return 0


def _table(result: Result) -> str:
    lines = [
        f"{result.model}: {result.labels}, {result.split}, n = {result.n} ({result.detected} readable)",
        f"  accuracy  {result.accuracy:.4f}",
        f"  macro F1  {result.macro_f1:.4f}",
        f"  ECE       {result.ece:.4f}",
        f"  sets      hold the truth in {result.coverage:.4f}, {result.mean_set_size:.2f} labels each",
    ]
    return "\n".join(
        [*lines, *(f"  recall    {label:<9} {value:.4f}" for label, value in result.recall.items())]
    )
