"""Files that are asked for by name: there when they are whole, and nothing of anybody's lost for them."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from fer_ros.errors import FerError, ParameterError


def check_output(
    path: Path, suffixes: Collection[str], *, force: bool, inputs: Collection[Path] = ()
) -> None:
    """Raise unless a file can be written at `path`.

    Args:
        path: what the user named.
        suffixes: the kinds it may be of, with their dots.
        force: a file that is there may be replaced.
        inputs: files that are read meanwhile.

    Raises:
        ParameterError: its name ends in none of `suffixes`.
        FerError: its folder is missing, or it is a folder, one of the inputs, or there already.
    """
    if path.suffix.lower() not in suffixes:
        raise ParameterError(
            f"{path} is no name for this file; it takes one that ends in {' or '.join(suffixes)}"
        )
    if not path.parent.is_dir():
        raise FerError(f"the folder {path.parent} of {path.name} does not exist; make it first")
    if path.is_dir():
        raise FerError(f"{path} is a folder; name a file")
    if any(path.exists() and path.samefile(other) for other in inputs if other.exists()):
        raise FerError(f"{path} is what is read; name another file")
    if not force and (path.exists() or path.is_symlink()):
        raise FerError(f"{path} exists; name another file, or replace it with --force")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A hidden path beside `path` to write to: renamed at the end, and removed where that is not reached.

    Raises:
        FerError: the file cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    except BrokenPipeError:  # of stdout, while this was being written
        raise
    except OSError as error:
        raise FerError(f"{path} cannot be written ({error.strerror or error}); name another place") from error
    finally:
        part.unlink(missing_ok=True)
