"""One way to read a dataset that lies in a zip archive or in an unpacked folder."""

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from fer_ros.errors import DatasetError


class Archive:
    """Files under one root folder, found in a .zip or on disk.

    Args:
        path: the .zip, the unpacked root itself, or a folder that holds either of the two.
        root: name of the dataset's top folder, e.g. "FERPlus".
        source: where to ask for the dataset, for the errors.

    Raises:
        DatasetError: nothing of that name is at `path`, or the archive is corrupt.
    """

    def __init__(self, path: Path, root: str, source: str) -> None:
        self.path = _locate(path, root, source)
        self.source = source
        self._root = root
        self._zip = _open_zip(self.path, source) if self.path.is_file() else None
        self._names = frozenset(self._zip.namelist()) if self._zip else frozenset()

    def has(self, name: str) -> bool:
        """Whether a file of this name, relative to the root, is there."""
        return f"{self._root}/{name}" in self._names if self._zip else (self.path / name).is_file()

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
            return self._zip.read(f"{self._root}/{name}")
        except (BadZipFile, EOFError) as error:
            raise DatasetError(f"{self.path}: {name} is damaged ({error}); {self.source}") from error


def _locate(path: Path, root: str, source: str) -> Path:
    candidates = (path / root, path / f"{root}.zip", path)
    found = next((p for p in candidates if p.is_file() or (p.is_dir() and p.name == root)), None)
    if found is None:
        state = f"holds neither {root}/ nor {root}.zip" if path.is_dir() else "does not exist"
        raise DatasetError(f"{path} {state}; {source}")
    return found


def _open_zip(path: Path, source: str) -> ZipFile:
    try:
        return ZipFile(path)
    except BadZipFile as error:
        raise DatasetError(f"{path} is not a complete zip archive ({error}); {source}") from error
