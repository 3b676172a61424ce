"""Faces as they arrive from far away or over a weak link: few pixels, and JPEG."""

import cv2
import numpy as np
from numpy.typing import NDArray

FACE_SIZES_PX = (48, 32, 24, 16, 12)  # where figures are given: 3.5, 5, 7, 10 and 14 m before a 720p camera
QUALITIES = (20, 95)  # JPEG, the range a network is trained for
SMALLEST_PX = 12


def seen_at(images: NDArray[np.uint8], side_px: int, quality: int | None = None) -> NDArray[np.uint8]:
    """Face crops as a camera would have given them at `side_px`, enlarged again.

    Args:
        images: (N, S, S) uint8, grey.
        side_px: side of the face, px; at S or more nothing is lost.
        quality: of a JPEG at that size, 1..100; None for none.

    Returns:
        (N, S, S) uint8.
    """
    return np.stack([_seen_at(image, side_px, quality) for image in images])


def seen_anyhow(images: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """Every face at a size and JPEG quality of its own, drawn evenly from what links leave.

    Args:
        images: (N, S, S) uint8, grey.
        seed: of the sizes and qualities.

    Returns:
        (N, S, S) uint8.
    """
    random = np.random.default_rng(seed)
    sides = random.integers(SMALLEST_PX, images.shape[1] + 1, len(images))
    qualities = random.integers(QUALITIES[0], QUALITIES[1] + 1, len(images))
    return np.stack(
        [_seen_at(*drawn) for drawn in zip(images, sides.tolist(), qualities.tolist(), strict=True)]
    )


def _seen_at(image: NDArray[np.uint8], side_px: int, quality: int | None) -> NDArray[np.uint8]:
    side = image.shape[0]
    small = image if side_px >= side else cv2.resize(image, (side_px, side_px), interpolation=cv2.INTER_AREA)
    if quality is not None:
        _, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
        small = cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE)  # type: ignore[assignment]
    if small.shape[0] < side:
        small = cv2.resize(small, (side, side), interpolation=cv2.INTER_LINEAR)
    return small.astype(np.uint8, copy=False)
