"""`fer_ros combine`: let trained models answer together."""

import argparse
from pathlib import Path
from typing import Any

from fer_ros.errors import FerError

EPILOG = """examples:
  fer_ros combine cloud models/robot models/robot_before
  fer_ros calibrate models/cloud --data FERPlus.zip          # then its probabilities mean what they say
"""
SUMMARY = "several networks that answer together, about a face and its mirror image"


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "combine",
        help="let trained models answer together, as one model",
        description="Write a model whose answer is the mean of several, each asked about the face and its "
        "mirror image. Calibrate it afterwards.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", help="of the new model")
    parser.add_argument(
        "members", nargs="+", metavar="MODEL", help="a model of this package, or a model folder"
    )
    parser.add_argument(
        "--out", type=Path, help="folder to write (default: models/NAME); its name is the model's"
    )
    parser.add_argument("--summary", default=SUMMARY, help="one line, for the card")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Combine, and say what came of it; needs onnx."""
    from fer_ros.resources import own_model

    try:
        from fer_ros.train.combine import combine
    except ImportError as error:
        raise FerError(f"combining needs the package onnx ({error}); pip install onnx") from error
    out = args.out or Path("models") / args.name
    card = combine([own_model(member) for member in args.members], out, args.summary)
    heads = ", ".join(card.heads)
    print(f"{card.identity}: {card.parameters} parameters, heads {heads}, in {card.folder}")
    print(f"not calibrated yet: fer_ros calibrate {card.folder} --data FERPlus.zip")
    return 0
