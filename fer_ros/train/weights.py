"""Starting weights from the user's files, checked name by name and shape by shape before they are used."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from fer_ros.errors import ModelError

WRAPPERS = ("state_dict", "network", "model")  # keys under which checkpoints keep the weights
SHOWN = 3  # names in an error
SAFE = {"_reconstruct", "ndarray", "dtype", "scalar", "encode", "OrderedDict"}
SAFE_FROM = ("numpy", "_codecs", "collections")


def load_into(module: nn.Module, path: Path, part: str = "") -> None:
    """Fill a network with the weights of a file.

    Args:
        module: what to fill; in place, and not at all where anything does not fit.
        path: a state dict of torch (.pth, .pt), alone or inside a checkpoint, or a pickle of arrays by
            name (.pkl, as VGGFace2's weights are published). Values it has no use for, as those of
            another last layer, are left out.
        part: what the names start with where the file holds a larger network; "" for the whole file.

    Raises:
        ModelError: the file is absent, cannot be read, or lacks or differs in a value.
    """
    found = _named(_content(path), path)
    if any(name.startswith(part) for name in found):
        found = {name.removeprefix(part): value for name, value in found.items() if name.startswith(part)}
    wanted = {n: v for n, v in module.state_dict().items() if not n.endswith("num_batches_tracked")}
    _compare(wanted, found, path)
    module.load_state_dict({name: found[name] for name in wanted}, strict=False)


def _compare(wanted: Mapping[str, Tensor], found: Mapping[str, Tensor], path: Path) -> None:
    missing = [name for name in wanted if name not in found]
    if missing:
        raise ModelError(
            f"{path}: {len(missing)} of {len(wanted)} values are missing: {_some(missing)}; "
            f"it has {_some(list(found)) or 'none'}. Give weights of the same network, named as torchvision's"
        )
    odd = [
        f"{name} {tuple(found[name].shape)} instead of {tuple(value.shape)}"
        for name, value in wanted.items()
        if found[name].shape != value.shape
    ]
    if odd:
        raise ModelError(f"{path}: other shapes: {_some(odd)}; give weights of the same network and width")


def _content(path: Path) -> Any:
    try:
        if path.suffix == ".pkl":
            with path.open("rb") as file:
                return _Arrays(file, encoding="latin1").load()  # written by Python 2
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise ModelError(f"{path} is not there; give the path of starting weights, or none") from error
    except (OSError, RuntimeError, EOFError, ValueError, AttributeError, pickle.UnpicklingError) as error:
        raise ModelError(f"{path} holds no weights that can be read ({error}); download it again") from error


def _named(content: Any, path: Path) -> dict[str, Tensor]:
    """Values by name, without wrappers."""
    for key in WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(key), Mapping):
            content = content[key]
    if not isinstance(content, Mapping):
        raise ModelError(f"{path} holds {type(content).__name__}, not weights by name; give a state dict")
    values = {str(name).removeprefix("module."): value for name, value in content.items()}
    return {n: torch.as_tensor(v) for n, v in values.items() if isinstance(v, (Tensor, np.ndarray))}


def _some(names: list[str]) -> str:
    rest = f" and {len(names) - SHOWN} others" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + rest


class _Arrays(pickle.Unpickler):
    """Reads numpy arrays and nothing else: a pickle from the Internet could run any code."""

    def find_class(self, module: str, name: str) -> Any:
        """What a name in the file stands for."""
        if name not in SAFE or module.split(".")[0] not in SAFE_FROM:
            raise pickle.UnpicklingError(f"{module}.{name} is no array")
        # numpy 2 keeps its old place only with a warning.
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)
