"""A folder of images as a sequence of frames."""

import re
from collections.abc import Iterator
from pathlib import Path

from fer_ros.errors import ImageError, SourceError
from fer_ros.images import image_from_file
from fer_ros.sources.frame import Frame, Source, Warn, started

SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"})


class FolderSource(Source):
    """The images of a folder in the order of their names, numbers counted as numbers."""

    def __init__(self, folder: Path | str, fps: float, warn: Warn) -> None:
        """List the folder.

        Args:
            folder: with images directly in it; other files are left alone.
            fps: at which they were taken.
            warn: hears of each image that cannot be read.

        Raises:
            SourceError: not a folder, or no readable image in it.
        """
        self.name = str(folder)
        self.fps = fps
        self._warn = warn
        self._frames = started(self._read(_images_in(Path(folder))))

    def __next__(self) -> Frame:
        return next(self._frames)

    def close(self) -> None:
        """Nothing is held open."""

    def _read(self, paths: list[Path]) -> Iterator[Frame]:
        """Frames at the time of their place in the folder, so that a skipped one leaves its gap."""
        for place, path in enumerate(paths):
            try:
                image = image_from_file(path)
            except ImageError as error:
                self.skipped += 1
                self._warn(f"skipped: {error}")
                continue
            yield Frame(place / self.fps, image, place - self.skipped)
        if self.skipped == len(paths):
            raise SourceError(f"none of the {len(paths)} images in {self.name} can be read; save them again")


def _images_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise SourceError(f"{folder} is not a folder; give the path of a folder of images")
    found = [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file()]
    if not found:
        raise SourceError(f"{folder} holds no images; it takes {', '.join(sorted(SUFFIXES))}")
    return sorted(found, key=_natural)


def _natural(path: Path) -> list[tuple[int, str]]:
    """Sort key that puts frame2 before frame10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", path.name)]
