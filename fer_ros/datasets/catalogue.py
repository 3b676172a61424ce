"""The datasets there are: a module each in `adapters`."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

from fer_ros.datasets import adapters
from fer_ros.datasets.archive import Archive
from fer_ros.errors import DatasetError

if TYPE_CHECKING:
    from fer_ros.datasets.clip import Clip


class Adapter(Protocol):
    """What every module of `adapters` says.

    Attributes:
        TITLE: one line.
        SOURCE: where to ask for it.
        SPACE: its label space.
        FILES: matches the names of its recordings, relative to the folder or archive they are in.
        CROPPED: whether its images are faces cut out already, in the FER2013 framing.
    """

    TITLE: str
    SOURCE: str
    SPACE: str
    FILES: re.Pattern[str]
    CROPPED: bool

    def load(self, path: Path) -> tuple[Clip, ...]:
        """Every clip of the dataset at `path`, in the order of their ids; none of its images is read.

        Raises:
            DatasetError: the dataset is absent, half there, or not in its published layout.
        """


def names() -> tuple[str, ...]:
    """The datasets' names."""
    return tuple(sorted(module.name for module in iter_modules(adapters.__path__)))


def adapter(name: str) -> Adapter:
    """One dataset's module.

    Raises:
        DatasetError: there is no such dataset.
    """
    if name not in names():
        raise DatasetError(f"dataset {name!r} is unknown; choose one of {', '.join(names())}")
    return cast("Adapter", import_module(f"{adapters.__name__}.{name}"))


def recognise(path: Path) -> str:
    """Which dataset is at `path`, by the names of its files.

    Raises:
        DatasetError: none, or more than one.
    """
    files = Archive(path, "", "give the folder or archive of one dataset").names()
    found = [name for name in names() if any(map(adapter(name).FILES.search, files))]
    if len(found) != 1:
        which = f"files of {' and '.join(found)}" if found else "no dataset that is known"
        raise DatasetError(f"{path} holds {which}; give the folder of one of {', '.join(names())}")
    return found[0]
