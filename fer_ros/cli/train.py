"""`fer_ros train`: make a model from a dataset."""

import argparse
from pathlib import Path
from typing import Any

from fer_ros.errors import DatasetError, FerError

EPILOG = """examples:
  fer_ros train cloud --data FERPlus.zip
  fer_ros train robot --data FERPlus.zip --distil-from models/cloud
  fer_ros train robot --data FERPlus.zip --epochs 2 --out /tmp/quick
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "train",
        help="train a model and write its folder",
        description="Train a network on FER+, export it to ONNX, calibrate it and write its card.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", help="a recipe: robot or cloud")
    parser.add_argument("--data", type=Path, required=True, help="FERPlus.zip, or the folder it unpacks to")
    parser.add_argument("--out", type=Path, help="folder to write (default: models/NAME)")
    parser.add_argument("--epochs", type=int, help="passes over the data (default: the recipe's)")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in the folder")
    parser.add_argument("--distil-from", type=Path, metavar="MODEL", help="folder of a model to learn from")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads (default 2)")
    parser.add_argument("--seed", type=int, default=0, help="of everything random (default 0)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train; needs PyTorch."""
    if not args.data.exists():
        raise DatasetError(f"--data {args.data} is not there; give FERPlus.zip or the folder it unpacks to")
    try:
        from fer_ros.train.run import train
    except ImportError as error:
        raise FerError(
            f"training needs PyTorch and onnx ({error}); pip install torch onnx onnxscript"
        ) from error
    card = train(
        args.name,
        args.data,
        args.out or Path("models") / args.name,
        epochs=args.epochs,
        resume=args.resume,
        distil_from=args.distil_from,
        threads=args.threads,
        seed=args.seed,
    )
    print(f"{card.identity}: {card.parameters} parameters in {card.folder}")
    for figure in card.figures:
        print(f"  {figure.labels} ({figure.split}): accuracy {figure.accuracy:.4f}, F1 {figure.macro_f1:.4f}")
    return 0
