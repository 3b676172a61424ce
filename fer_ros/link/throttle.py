"""What the robot sends of its camera: which frames, how large, and as which bytes."""

from collections import deque
from statistics import median

import cv2
import numpy as np

from fer_ros.errors import ImageError, ParameterError
from fer_ros.images import Image8

RESOLUTIONS = ("1280x720", "640x360", "256x144")  # Maclean's three
RATES_HZ = (30.0, 15.0, 5.0)

JPEG_MAX_PX = 65_500  # libjpeg's limit; beyond it OpenCV only prints a line and returns nothing

PERIODS_KEPT = 9  # camera periods behind the median: one late frame must not move it


def parse_resolution(text: str) -> tuple[int, int]:
    """(width, height) in px of one of RESOLUTIONS; ParameterError for anything else."""
    if text not in RESOLUTIONS:
        raise ParameterError(f"resolution is {text!r}; choose one of {', '.join(RESOLUTIONS)}")
    width, height = text.split("x")
    return int(width), int(height)


class Throttle:
    """Chooses frames by their acquisition stamps, so that they leave evenly spaced.

    A frame is sent when it is the nearest to its place on a regular grid: half a camera period early
    is near enough, so jitter neither drops a frame that was due nor sends two for one place.
    """

    def __init__(self, rate_hz: float) -> None:
        self._last: float | None = None
        self._due = 0.0
        self._periods: deque[float] = deque(maxlen=PERIODS_KEPT)
        self.change(rate_hz)

    def change(self, rate_hz: float) -> None:
        """Send `rate_hz` frames per second, beginning with the next; ParameterError unless above 0."""
        if not rate_hz > 0.0:
            raise ParameterError(f"rate_hz is {rate_hz}; it takes a number above 0, for example 15")
        self._interval_s = 1.0 / rate_hz
        self._last = None

    def accept(self, stamp: float) -> bool:
        """Whether to send the frame that was acquired at `stamp` seconds.

        Time that goes backwards begins anew; the same stamp again is the same frame, and is not sent.
        """
        if self._last is None or stamp < self._last:
            self._periods.clear()
            return self._send(stamp, stamp)
        if stamp == self._last:
            return False
        self._periods.append(stamp - self._last)
        self._last = stamp
        if stamp + median(self._periods) / 2 < self._due:
            return False
        # A grid that fell behind (a pause, a camera slower than the rate) may lag half an interval
        # at most: otherwise a burst would follow.
        return self._send(stamp, max(self._due, stamp - self._interval_s / 2))

    def _send(self, stamp: float, place: float) -> bool:
        self._last = stamp
        self._due = place + self._interval_s
        return True


def shrink(image: Image8, resolution: tuple[int, int]) -> Image8:
    """Scale an image down until it fits, keeping its aspect ratio; one that fits is returned as it is.

    Args:
        image: (H, W, 3) uint8, BGR.
        resolution: (width, height) px to fit into.

    Returns:
        (h, w, 3) uint8, BGR, w <= width and h <= height, each at least 1.

    Raises:
        ImageError: the image is empty or not (H, W, 3) uint8.
    """
    check_bgr8(image)
    height, width = image.shape[:2]
    scale = min(resolution[0] / width, resolution[1] / height)
    if scale >= 1.0:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def encode_jpeg(image: Image8, quality: int) -> bytes:
    """Compress an image.

    Args:
        image: (H, W, 3) uint8, BGR.
        quality: 1..100.

    Raises:
        ImageError: the image is empty, not (H, W, 3) uint8, or larger than JPEG allows.
    """
    check_bgr8(image)
    if max(image.shape) > JPEG_MAX_PX:
        raise ImageError(
            f"an image of shape {image.shape} is too large for JPEG; shrink it to {JPEG_MAX_PX} px"
        )
    # Tables of its own make a JPEG 6 to 30 % smaller for half as much time again.
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    done, data = cv2.imencode(".jpg", image, options)
    if not done:
        raise ImageError(f"an image of shape {image.shape} could not be compressed; check its memory layout")
    return data.tobytes()


def check_bgr8(image: Image8) -> None:
    """ImageError unless the image is (H, W, 3) uint8 with at least one pixel."""
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
        raise ImageError(
            f"an image of shape {image.shape} and type {image.dtype} cannot be sent; convert it to bgr8"
        )
