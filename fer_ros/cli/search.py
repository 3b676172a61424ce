"""`fer_ros search`: find a recipe's hyper-parameters."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fer_ros.cli.train import recipe_path
from fer_ros.environment import shapes_cache
from fer_ros.errors import DatasetError, FerError
from fer_ros.resources import share

EPILOG = """examples:
  fer_ros search maclean_image --data FERPlus.zip --trials 30
  fer_ros search my_network.yaml --space my_space.yaml --data FERPlus.zip --trials 20 --epochs 3

A search that was stopped goes on where it was when the same command is given again.
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "search",
        help="find a recipe's hyper-parameters",
        description="Bayesian search for hyper-parameters, by the score on the validation split.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("recipe", help="a name of `fer_ros train list`, or the path of a recipe (.yaml)")
    parser.add_argument("--data", type=Path, required=True, help="the dataset the recipe names")
    parser.add_argument("--trials", type=int, default=20, help="in all, earlier ones included (default 20)")
    parser.add_argument(
        "--space", type=Path, help="what to vary (default: config/training/search/RECIPE.yaml)"
    )
    parser.add_argument("--out", type=Path, help="folder of the journal (default: models/NAME/search)")
    parser.add_argument("--epochs", type=int, help="of every trial (default: the recipe's)")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads (default 2)")
    parser.add_argument("--seed", type=int, default=0, help="of everything random (default 0)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Search; needs PyTorch and optuna."""
    if not args.data.exists():
        raise DatasetError(f"--data {args.data} is not there; give the dataset's file or folder")
    try:
        from fer_ros.train import data
        from fer_ros.train.recipe import load_recipe
        from fer_ros.train.search import load_space, search
    except ImportError as error:
        raise FerError(f"a search needs PyTorch ({error}); pip install torch") from error
    recipe = load_recipe(recipe_path(args.recipe), epochs=args.epochs)
    space = load_space(args.space or share("config") / "training" / "search" / f"{recipe.name}.yaml")
    out = args.out or Path("models") / recipe.name / "search"
    train, validation = (
        data.load(recipe, args.data, part, shapes_cache()) for part in ("train", "validation")
    )
    best = search(
        recipe,
        space,
        train,
        validation,
        out,
        args.trials,
        threads=args.threads,
        seed=args.seed,
        report=_tell,
    )
    print(f"best of {best.trials} trials in {out}: validation {best.score:.4f}\n{_shown(best.values)}")
    return 0


def _tell(number: int, score: float, values: Mapping[str, Any]) -> None:
    print(f"trial {number}: validation {score:.4f}\n{_shown(values)}")


def _shown(values: Mapping[str, Any]) -> str:
    """A line a value, to copy into a recipe."""
    return "\n".join(f"  {key}: {value}" for key, value in values.items())
