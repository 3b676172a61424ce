"""Pictures as they travel: compressed, and of a size that is known before a pixel is decoded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

import cv2

from fer_ros.errors import ImageError, PayloadError
from fer_ros.images import Image8, decode_compressed
from fer_ros.link.picture_size import jpeg_size, webp_size
from fer_ros.link.throttle import check_bgr8, encode_jpeg

MAX_SIDE_PX = 4096

# At the same quality and no larger error, WebP takes 0.6 of JPEG's bytes for crops and for 256x144, in 0.3
# (48 px) to 3 ms. For 640x360 it takes 15 ms where JPEG takes 1.4, for 1280x720 more than 50 where JPEG takes
# 3 to 8, which is too much of a robot's core: `python -m benchmarks.payloads`, one core of an x86_64 server.
WEBP_UP_TO_PX = 40_000


class PictureFormat(IntEnum):
    """The numbers of the payload."""

    JPEG = 0
    WEBP = 1


@dataclass(frozen=True)
class Picture:
    """A compressed picture.

    Attributes:
        format: what `data` is.
        data: a whole JPEG or WebP file.
    """

    format: PictureFormat
    data: bytes

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) px by its header.

        Raises:
            PayloadError: it is not of its format, is cut off, or has a side that is 0 or above
                MAX_SIDE_PX.
        """
        width, height = SIZES[self.format](self.data)
        if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX):
            raise PayloadError("picture", f"a picture is {width}x{height} px; sides are 1 to {MAX_SIDE_PX}")
        return width, height


SIZES: Mapping[PictureFormat, Callable[[bytes], tuple[int, int]]] = {
    PictureFormat.JPEG: jpeg_size,
    PictureFormat.WEBP: webp_size,
}


def usual_format(width: int, height: int) -> PictureFormat:
    """The smaller one where the robot has the time for it."""
    return PictureFormat.WEBP if width * height <= WEBP_UP_TO_PX else PictureFormat.JPEG


def encode_picture(image: Image8, format: PictureFormat, quality: int) -> Picture:
    """Compress an image.

    Args:
        image: (H, W, 3) uint8, BGR.
        format: as what.
        quality: 1..100.

    Raises:
        ImageError: the image is empty, not (H, W, 3) uint8, or larger than MAX_SIDE_PX.
    """
    check_bgr8(image)
    if max(image.shape) > MAX_SIDE_PX:
        raise ImageError(f"an image of shape {image.shape} cannot be sent; shrink it to {MAX_SIDE_PX} px")
    if format is PictureFormat.JPEG:
        return Picture(format, encode_jpeg(image, quality))
    done, data = cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not done:
        raise ImageError(f"an image of shape {image.shape} could not be compressed; check its memory layout")
    return Picture(format, data.tobytes())


def decode_picture(picture: Picture) -> Image8:
    """(H, W, 3) uint8, BGR.

    Raises:
        PayloadError: as `Picture.size`, before anything is decoded.
        ImageError: its pixels cannot be decoded, or are not as many as its header says.
    """
    width, height = picture.size
    image = decode_compressed(picture.data, picture.format.name)
    if image.shape[:2] != (height, width):
        raise ImageError(f"a picture of {width}x{height} px decodes to {image.shape[1]}x{image.shape[0]} px")
    return image
