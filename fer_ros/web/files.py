"""The files of the page, read once: what is not among them is not there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fer_ros.errors import FerError

FOLDER = Path(__file__).parent / "static"
FIRST = "index.html"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


@dataclass(frozen=True)
class File:
    """One file.

    Attributes:
        content: its bytes.
        kind: its media type.
    """

    content: bytes
    kind: str


def page_files(folder: Path = FOLDER) -> Mapping[str, File]:
    """Path below the page's address → file; the page itself has an empty path, too.

    Raises:
        FerError: the page is not there.
    """
    try:
        files = {
            path.relative_to(folder).as_posix(): File(path.read_bytes(), KINDS[path.suffix])
            for path in sorted(folder.rglob("*"))
            if path.suffix in KINDS and path.is_file()
        }
        return {"": files[FIRST], **files}
    except (OSError, KeyError) as error:
        raise FerError(f"the page {folder / FIRST} is not there; install the package again") from error
