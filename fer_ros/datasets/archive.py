"""One way to read a dataset that lies in a zip archive or in an unpacked folder."""

from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from fer_ros.errors import DatasetError


class Archive:
    """Files under one root folder, found in a .zip or on disk.

    Args:
        path: the .zip, the unpacked root itself, or a folder that holds either of the two.
        root: name of the dataset's top folder, e.g. "FERPlus"; "" where releases differ in it, then
            names are relative to `path` itself.
        source: where to ask for the dataset, for the errors.
        packed: what the .zip may be called; `root`.zip if nothing is said.

    Raises:
        DatasetError: nothing of that name is at `path`, or the archive is corrupt.
    """

    def __init__(self, path: Path, root: str, source: str, packed: Sequence[str] = ()) -> None:
        self.path = _locate(path, root, source, packed or ((f"{root}.zip",) if root else ()))
        self.source = source
        self._prefix = f"{root}/" if root else ""
        self._zip = _open_zip(self.path, source) if self.path.is_file() else None
        self._names = frozenset(self._zip.namelist()) if self._zip else frozenset()

    def names(self) -> list[str]:
        """Every file, by its name relative to the root, in order; what file managers add is left out."""
        if self._zip:
            inside = [n.removeprefix(self._prefix) for n in self._names if n.startswith(self._prefix)]
            files = [name for name in inside if name and not name.endswith("/")]
        else:
            files = [p.relative_to(self.path).as_posix() for p in self.path.rglob("*") if p.is_file()]
        return sorted(name for name in files if not _is_litter(name))

    def has(self, name: str) -> bool:
        """Whether a file of this name, relative to the root, is there."""
        return self._prefix + name in self._names if self._zip else (self.path / name).is_file()

    def read(self, name: str) -> bytes:
        """The bytes of one file, by its name relative to the root.

        Raises:
            DatasetError: the file is absent or damaged.
        """
        if not self.has(name):
            raise DatasetError(f"{self.path} holds no {name}; {self.source}")
        if not self._zip:
            return (self.path / name).read_bytes()
        try:
            return self._zip.read(self._prefix + name)
        except (BadZipFile, EOFError) as error:
            raise DatasetError(f"{self.path}: {name} is damaged ({error}); {self.source}") from error

    def on_disk(self, name: str) -> Path:
        """Path of one file, for libraries that read no archive.

        Raises:
            DatasetError: it lies in a .zip.
        """
        if self._zip:
            raise DatasetError(f"{self.path}: videos are not read from an archive; unpack it first")
        return self.path / name


def _is_litter(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _locate(path: Path, root: str, source: str, packed: Sequence[str]) -> Path:
    places = [root, *packed] if root else packed
    candidates = [*(path / place for place in places), path]
    found = next((p for p in candidates if p.is_file() or (p.is_dir() and root in ("", p.name))), None)
    if found is None:
        looked_for = " nor ".join([f"{root}/", *packed]) if root else "a dataset"
        state = f"holds neither {looked_for}" if path.is_dir() else "does not exist"
        raise DatasetError(f"{path} {state}; {source}")
    return found


def _open_zip(path: Path, source: str) -> ZipFile:
    try:
        return ZipFile(path)
    except BadZipFile as error:
        raise DatasetError(f"{path} is not a complete zip archive ({error}); {source}") from error
