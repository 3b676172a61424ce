"""Video files through OpenCV's FFmpeg."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from fer_ros.errors import SourceError
from fer_ros.silence import native_stderr_silenced
from fer_ros.sources.frame import Frame, Source, Warn, started

UNKNOWN_FPS = 25.0  # for containers that do not say
# Containers count frames that decoders drop at either end; a file cut in transfer lacks far more.
MISSING_SHARE = 0.05


class VideoSource(Source):
    """The frames of a video file, once, upright as its rotation tag says.

    Attributes:
        announced: how many frames the container says it holds; 0 or less where it does not.
    """

    def __init__(self, path: Path | str, warn: Warn) -> None:
        """Open the file and decode its first frame.

        Args:
            path: of the video.
            warn: hears of a file that ends before its announced length.

        Raises:
            SourceError: no such file, an empty one, or no frame in it can be decoded.
        """
        self.name = str(path)
        self._warn = warn
        self._capture = _open(Path(path))
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = fps if 0 < fps < 1000 else UNKNOWN_FPS
        self.announced = int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self._frames = started(self._read())

    def __next__(self) -> Frame:
        return next(self._frames)

    def close(self) -> None:
        """Release the file."""
        self._capture.release()

    def _read(self) -> Iterator[Frame]:
        index, stamp = 0, -1.0 / self.fps
        while True:
            decoded, image = self._capture.read()
            if not decoded:
                break
            stamp = self._stamp_after(stamp)
            yield Frame(stamp, np.asarray(image, np.uint8), index)
            index += 1
        if index == 0:
            raise SourceError(f"{self.name} holds no frame that can be decoded; copy or record it again")
        if index < self.announced * (1 - MISSING_SHARE):
            self._warn(f"{self.name} ends after {index} of {self.announced} frames; it is truncated")

    def _stamp_after(self, last: float) -> float:
        """The decoder's time in s; one frame after the last where the container's times do not advance."""
        stamp = float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000
        return stamp if stamp > last else last + 1 / self.fps


def _open(path: Path) -> cv2.VideoCapture:
    if not path.is_file():
        raise SourceError(f"{path} is not a file; give the path of a video")
    if path.stat().st_size == 0:
        raise SourceError(f"{path} is empty; copy or record it again")
    with native_stderr_silenced():  # FFmpeg's words, and then ours, would say it twice
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    if not capture.isOpened():
        raise SourceError(
            f"{path} is not a video that FFmpeg reads, or its index is cut off; "
            "play it elsewhere to check, then copy or convert it again"
        )
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture
