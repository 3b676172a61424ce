"""`fer_ros train`: make a model from a dataset."""

import argparse
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from fer_ros.environment import shapes_cache
from fer_ros.errors import DatasetError, FerError, ParameterError
from fer_ros.resources import share

EPILOG = """examples:
  fer_ros train robot --data FERPlus.zip
  fer_ros train robot --data FERPlus.zip --distil-from models/cloud
  fer_ros train robot --data FERPlus.zip --epochs 2 --out /tmp/quick
  fer_ros train my_network.yaml --data FERPlus.zip
  fer_ros train robot --data FERPlus.zip --device cuda
  fer_ros train nano_a --data CK+48.zip --folds 10 --out /tmp/nano_a   cross-validation, nobody on two sides
  fer_ros train list
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "train",
        help="train a model and write its folder",
        description="Train a network as its recipe says, export it to ONNX, calibrate it and write its card.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("recipe", help="a name of `fer_ros train list`, or the path of a recipe (.yaml)")
    parser.add_argument("--data", type=Path, help="the dataset the recipe names")
    parser.add_argument("--out", type=Path, help="folder to write (default: models/NAME)")
    parser.add_argument("--epochs", type=int, help="passes over the data (default: the recipe's)")
    parser.add_argument(
        "--folds", type=int, metavar="K", help="cross-validate over K folds of subjects instead"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in the folder")
    parser.add_argument("--distil-from", type=Path, metavar="MODEL", help="folder of a model to learn from")
    parser.add_argument(
        "--device",
        default="auto",
        metavar="auto|cpu|cuda",
        help="to train on (default auto: cuda where torch sees a GPU)",
    )
    parser.add_argument("--threads", type=int, default=2, help="CPU threads (default 2)")
    parser.add_argument("--seed", type=int, default=0, help="of everything random (default 0)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train, or list what there is; needs PyTorch."""
    try:
        from fer_ros.train.recipe import load_recipe
        from fer_ros.train.run import train
    except ImportError as error:
        raise FerError(
            f"training needs PyTorch and onnx ({error}); pip install torch onnx onnxscript"
        ) from error
    if args.recipe == "list":
        for path in recipes():
            print(f"{path.stem:<18} {load_recipe(path).summary}")
        return 0
    if args.data is None or not args.data.exists():
        raise DatasetError(f"--data {args.data} is not there; give the dataset's file or folder")
    recipe = load_recipe(recipe_path(args.recipe), epochs=args.epochs)
    if args.folds:
        return _folds(args, recipe)
    card = train(
        recipe,
        args.data,
        args.out or Path("models") / recipe.name,
        shapes_cache(),
        resume=args.resume,
        distil_from=args.distil_from,
        threads=args.threads,
        seed=args.seed,
        device=args.device,
    )
    print(f"{card.identity}: {card.parameters} parameters in {card.folder}")
    for figure in card.figures:
        print(f"  {figure.labels} ({figure.split}): accuracy {figure.accuracy:.4f}, F1 {figure.macro_f1:.4f}")
    return 0


def _folds(args: argparse.Namespace, recipe: Any) -> int:
    """Cross-validate, and print every fold and all of them."""
    from fer_ros.train.folds import train_folds

    folds = train_folds(
        recipe,
        args.data,
        args.out or Path("folds") / recipe.name,
        shapes_cache(),
        args.folds,
        threads=args.threads,
        seed=args.seed,
        device=args.device,
        told=lambda fold, accuracy: print(f"fold {fold}: accuracy {accuracy:.4f}", flush=True),
    )
    spread, count = stdev(folds.accuracies), sum(len(truth) for truth in folds.truth)
    found = f"{mean(folds.accuracies):.4f} +- {spread:.4f}"
    print(f"{recipe.name}: accuracy {found} over {args.folds} folds, n = {count}")
    return 0


def recipes() -> list[Path]:
    """The recipes of this package."""
    return sorted((share("config") / "training").glob("*.yaml"))


def recipe_path(name: str) -> Path:
    """A recipe by name or path.

    Raises:
        ParameterError: there is none.
    """
    if name.endswith(".yaml"):
        return Path(name)
    known = {path.stem: path for path in recipes()}
    if name not in known:
        raise ParameterError(f"recipe {name!r} is unknown; choose one of {', '.join(known)}")
    return known[name]
