"""Images at the border: raw ROS encodings, compressed bytes and files become BGR arrays.

Everything behind this module sees (H, W, 3) uint8 BGR and nothing else. Conversions need neither
cv_bridge nor ROS: they take the fields of sensor_msgs/Image and CompressedImage as plain values.
"""

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import ImageError

Image8: TypeAlias = NDArray[np.uint8]
Buffer: TypeAlias = "bytes | bytearray | memoryview | array[int] | Image8"

JPEG_START, JPEG_SCAN, JPEG_END = b"\xff\xd8", 0xDA, b"\xff\xd9"
PNG_START, PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


@dataclass(frozen=True)
class Layout:
    """How an encoding lies in memory and which OpenCV conversion makes it BGR (None: it is BGR)."""

    channels: int
    to_bgr: int | None
    bytes_per_channel: int = 1
    planar_chroma: bool = False

    @property
    def bytes_per_pixel(self) -> int:
        """Bytes a pixel takes in its row (of the luma plane, where chroma has its own)."""
        return self.channels * self.bytes_per_channel

    def rows(self, height: int) -> int:
        """Rows in memory for `height` image rows: 4:2:0 chroma adds half as many."""
        return height + height // 2 if self.planar_chroma else height


LAYOUTS: dict[str, Layout] = {
    "bgr8": Layout(3, None),
    "8UC3": Layout(3, None),
    "rgb8": Layout(3, cv2.COLOR_RGB2BGR),
    "bgra8": Layout(4, cv2.COLOR_BGRA2BGR),
    "8UC4": Layout(4, cv2.COLOR_BGRA2BGR),
    "rgba8": Layout(4, cv2.COLOR_RGBA2BGR),
    "mono8": Layout(1, cv2.COLOR_GRAY2BGR),
    "8UC1": Layout(1, cv2.COLOR_GRAY2BGR),
    "mono16": Layout(1, cv2.COLOR_GRAY2BGR, bytes_per_channel=2),
    "16UC1": Layout(1, cv2.COLOR_GRAY2BGR, bytes_per_channel=2),
    "bgr16": Layout(3, None, bytes_per_channel=2),
    "rgb16": Layout(3, cv2.COLOR_RGB2BGR, bytes_per_channel=2),
    "yuv422": Layout(2, cv2.COLOR_YUV2BGR_UYVY),
    "uyvy": Layout(2, cv2.COLOR_YUV2BGR_UYVY),
    "yuv422_yuy2": Layout(2, cv2.COLOR_YUV2BGR_YUY2),
    "yuyv": Layout(2, cv2.COLOR_YUV2BGR_YUY2),
    "nv12": Layout(1, cv2.COLOR_YUV2BGR_NV12, planar_chroma=True),
    "nv21": Layout(1, cv2.COLOR_YUV2BGR_NV21, planar_chroma=True),
    "bayer_rggb8": Layout(1, cv2.COLOR_BayerRGGB2BGR),
    "bayer_bggr8": Layout(1, cv2.COLOR_BayerBGGR2BGR),
    "bayer_gbrg8": Layout(1, cv2.COLOR_BayerGBRG2BGR),
    "bayer_grbg8": Layout(1, cv2.COLOR_BayerGRBG2BGR),
}


def to_bgr8(
    data: Buffer, width: int, height: int, step: int, encoding: str, is_bigendian: bool = False
) -> Image8:
    """Convert the fields of a sensor_msgs/Image.

    Args:
        data: the bytes, `step` of them a row; an object with the buffer protocol.
        width: columns, px.
        height: rows, px.
        step: length of a row in bytes, padding included.
        encoding: a key of LAYOUTS.
        is_bigendian: byte order of 16-bit samples, which are scaled to 8 bits by dropping the low byte.

    Returns:
        (height, width, 3) uint8, BGR. For bgr8 and 8UC3 it is a view of `data`, read-only where
        `data` is; for the others it is new.

    Raises:
        ImageError: unknown encoding, no pixels, data shorter than it says, or a size that the
            encoding cannot have.
    """
    layout = _layout(encoding)
    samples = _samples(data, width, height, step, encoding)
    if layout.bytes_per_channel == 2:
        samples = np.ascontiguousarray(samples[:, (0 if is_bigendian else 1) :: 2])
    shaped = samples.reshape(len(samples), width, layout.channels)
    if layout.to_bgr is None:
        return shaped
    try:
        return np.asarray(cv2.cvtColor(shaped, layout.to_bgr), np.uint8)
    except cv2.error as error:
        raise ImageError(
            f"{encoding} cannot be {width}x{height} px ({error.err}); send a larger image of even size"
        ) from error


def decode_compressed(data: Buffer, format: str) -> Image8:
    """Decode a JPEG, a PNG or another file format OpenCV reads.

    Args:
        data: a whole file, as in sensor_msgs/CompressedImage.
        format: what the sender calls it, for the error; the bytes themselves decide.

    Returns:
        (H, W, 3) uint8, BGR, upright where EXIF says how it was held.

    Raises:
        ImageError: the bytes are no image, or end before the image does.
    """
    content = bytes(data)
    if _is_truncated(content):
        raise ImageError(f"the {format} image ends early, after {len(content)} bytes; send the whole file")
    try:
        decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) if content else None
    except cv2.error:
        decoded = None
    if decoded is None:
        raise ImageError(f"{len(content)} bytes called {format!r} are not an image; send JPEG or PNG")
    return np.asarray(decoded, np.uint8)


def image_from_file(path: Path | str) -> Image8:
    """Read an image file as (H, W, 3) uint8 BGR, or raise ImageError naming the file."""
    file = Path(path)
    try:
        return decode_compressed(file.read_bytes(), file.suffix.lstrip(".") or "unnamed")
    except OSError as error:
        raise ImageError(f"{file}: {error.strerror}; give the path of a readable image") from error
    except ImageError as error:
        raise ImageError(f"{file}: {error}") from error


def to_grey(image: Image8) -> Image8:
    """(H, W, 3) uint8 BGR → (H, W) uint8 luma (BT.601)."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def _layout(encoding: str) -> Layout:
    if encoding not in LAYOUTS:
        raise ImageError(f"image encoding {encoding!r} is not supported; send one of {', '.join(LAYOUTS)}")
    return LAYOUTS[encoding]


def _samples(data: Buffer, width: int, height: int, step: int, encoding: str) -> Image8:
    """The rows without their padding, (rows, width * bytes per pixel) uint8: a view of `data`."""
    layout = _layout(encoding)
    if width < 1 or height < 1:
        raise ImageError(f"the image is {width}x{height} px; it needs at least 1x1")
    used = width * layout.bytes_per_pixel
    if step < used:
        raise ImageError(f"step is {step} bytes, but {width} px of {encoding} take {used}")
    flat = np.frombuffer(data, np.uint8)
    rows = layout.rows(height)
    if flat.size < step * rows:
        raise ImageError(f"the image holds {flat.size} bytes; {rows} rows of {step} bytes take {step * rows}")
    return flat[: step * rows].reshape(rows, step)[:, :used]


def _is_truncated(content: bytes) -> bool:
    """Whether a JPEG or PNG lacks its end: OpenCV fills the missing part of a JPEG with grey, silently."""
    if content.startswith(JPEG_START):
        return content.find(JPEG_END, _start_of_scan(content)) < 0
    return content.startswith(PNG_START) and PNG_END not in content


def _start_of_scan(content: bytes) -> int:
    """Offset of a JPEG's pixel data: before it, an EXIF thumbnail may hold an end marker of its own."""
    at = len(JPEG_START)
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != JPEG_SCAN:
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return at
