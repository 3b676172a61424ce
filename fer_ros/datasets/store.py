"""Results of long work, a file each, whole or not at all: what was interrupted goes on where it stopped."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import DatasetError

Arrays = Mapping[str, NDArray[Any]]


def kept(path: Path, make: Callable[[], Arrays]) -> dict[str, NDArray[Any]]:
    """Arrays from a file, made and written first where it is not there or is damaged.

    Args:
        path: .npz; its folder is made where absent.
        make: gives the arrays.

    Raises:
        DatasetError: the file cannot be written.
    """
    try:
        return read(path)
    except DatasetError:
        arrays = make()
    write(path, arrays)
    return dict(arrays)


def read(path: Path) -> dict[str, NDArray[Any]]:
    """Arrays of a file.

    Raises:
        DatasetError: it is absent or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise DatasetError(f"{path} cannot be read ({error}); delete it and build again") from error


def write(path: Path, arrays: Arrays) -> None:
    """Write a file that appears only when it is whole.

    Raises:
        DatasetError: the disk is full or not writable; nothing is left behind.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise DatasetError(
            f"{path} cannot be written ({error.strerror}); make room and start again: what is done is kept"
        ) from error


def file_name(name: str) -> str:
    """A name for the file of a clip: no two clips have the same, and a person sees whose it is."""
    plain = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name)
    return f"{plain[:80]}.{sha256(name.encode()).hexdigest()[:8]}.npz"
