"""The networks, a file each: a module here with a `build` function can be named in a recipe.

`build(heads, **options)` takes the label spaces to answer in, as name → number of labels, and the
recipe's options; it returns a `torch.nn.Module` whose forward takes the recipe's inputs by name and
gives one (B, labels) tensor of logits a head, in the order of `heads`. A network may answer M times
for each example while it trains, (M * B, labels): the loss is then taken of every answer.

A network that carries states from image to image has an attribute `states`, name → shape, and a
method `one_image` that gives the module to export: its forward takes one image's inputs, `interval_s`
and the states by name, and gives the logits of every head and the states after the image.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from torch import nn

from fer_ros.errors import ParameterError


def names() -> tuple[str, ...]:
    """The networks there are."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def build(network: str, heads: Mapping[str, int], options: Mapping[str, Any]) -> nn.Module:
    """A fresh network.

    Args:
        network: one of `names`.
        heads: label space → number of labels.
        options: what the network's own `build` takes.

    Raises:
        ParameterError: there is no such network, or it does not take these options.
    """
    if network not in names():
        raise ParameterError(f"network {network!r} is unknown; choose one of {', '.join(names())}")
    module = import_module(f"{__name__}.{network}")
    try:
        built = module.build(dict(heads), **options)
    except (TypeError, ValueError) as error:
        raise ParameterError(f"network {network}: options {dict(options)} do not fit ({error})") from error
    if not isinstance(built, nn.Module):
        raise ParameterError(f"network {network}: build gave {type(built).__name__}, not a torch module")
    return built


def parameter_count(network: nn.Module) -> int:
    """Number of trained values."""
    return sum(p.numel() for p in network.parameters())
