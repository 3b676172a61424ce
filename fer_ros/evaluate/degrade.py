"""Clips as a link leaves them: fewer images, fewer pixels, JPEG."""

from collections.abc import Sequence

import cv2
import numpy as np

from fer_ros.errors import ImageError
from fer_ros.faces.face import Image8
from fer_ros.link.throttle import Throttle, encode_jpeg, shrink

SEQUENCE = 30  # images that Maclean classifies together


def thinned(stamps: Sequence[float], rate_hz: float) -> list[int]:
    """Which images remain at a frame rate, by their stamps; all of them where there are no more.

    Args:
        stamps: T acquisition times, s, ascending.
        rate_hz: images per second that remain.
    """
    throttle = Throttle(rate_hz)
    return [place for place, stamp in enumerate(stamps) if throttle.accept(stamp)]


def sequence(stamps: Sequence[float], rate_hz: float, length: int = SEQUENCE) -> list[tuple[int, float]]:
    """The images of a clip that are classified together: the middle ones, repeated where there are too few.

    Args:
        stamps: T acquisition times, s, ascending.
        rate_hz: to which the clip is thinned out first.
        length: images in the sequence.

    Returns:
        (place in the clip, time in s) of each image; the time goes on growing where images are repeated.

    Raises:
        ImageError: there are no images.
    """
    kept = thinned(stamps, rate_hz)
    if not kept:
        raise ImageError("a clip without images cannot be classified; record it again")
    first = max(0, (len(kept) - length) // 2)
    chosen = kept[first : first + length]
    period_s = stamps[chosen[-1]] - stamps[chosen[0]] + 1 / rate_hz
    turns = [divmod(place, len(chosen)) for place in range(length)]
    return [(chosen[place], stamps[chosen[place]] + turn * period_s) for turn, place in turns]


def degraded(image: Image8, resolution: tuple[int, int], quality: int | None) -> Image8:
    """An image as it arrives: shrunk until it fits, and through JPEG.

    Args:
        image: (H, W, 3) uint8, BGR.
        resolution: (width, height) px to fit into; an image that fits keeps its size.
        quality: of JPEG, 1..100; None for none.

    Returns:
        (h, w, 3) uint8, BGR.
    """
    small = shrink(image, resolution)
    if quality is None:
        return small
    data = np.frombuffer(encode_jpeg(small, quality), np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
