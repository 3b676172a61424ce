"""What the recipes' data are: a module each, with a `load` function.

`load(recipe, path, split, kept)` gives the examples of one split ("train" or "validation") of the
dataset at `path`; `kept` is a folder for what takes long to compute, as blendshapes do. Training
targets are smoothed as the recipe says; validation targets are the plain labels. A module may have a
LICENCE, the terms of its data, and a NOTE, what a reader of a card must know of them.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from fer_ros.errors import ParameterError
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Recipe


def names() -> tuple[str, ...]:
    """The data there are."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def load(recipe: Recipe, path: Path, split: str, kept: Path) -> Examples:
    """Examples of one split.

    Args:
        recipe: names the data, the heads and how labels are smoothed.
        path: the dataset.
        split: "train" or "validation".
        kept: folder for intermediate results, made where absent.

    Raises:
        ParameterError: there are no such data.
        DatasetError: the dataset is absent or incomplete, or a label has no example.
    """
    if recipe.data not in names():
        raise ParameterError(f"data {recipe.data!r} are unknown; choose one of {', '.join(names())}")
    examples: Examples = import_module(f"{__name__}.{recipe.data}").load(recipe, path, split, kept)
    return examples


def about(name: str) -> dict[str, str]:
    """What a card says of the data: their terms, and what one must know of them."""
    module = import_module(f"{__name__}.{name}")
    licence = getattr(module, "LICENCE", "as the dataset's owners say; see `fer_ros dataset list`")
    note = getattr(module, "NOTE", "")
    return {"licence": licence, **({"note": note} if note else {})}
