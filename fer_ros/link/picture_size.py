"""How large a compressed picture is, from its header alone: nothing is decoded to learn it.

Only what this package writes is read: baseline JPEG of one scan, and lossy WebP without extensions.
Other kinds can say one size and hold another, or take minutes to decode from a few bytes.
"""

import struct
from collections.abc import Iterator

from fer_ros.errors import PayloadError

JPEG_START, JPEG_SCAN_MARK, JPEG_END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"
JPEG_FRAMES = frozenset({0xC0, 0xC1})  # baseline and extended sequential, Huffman coded
JPEG_SCAN = 0xDA
JPEG_OTHERS = frozenset({0xC4, 0xDB, 0xDD, 0xE0, 0xFE})  # tables, restarts, JFIF, comment
SEGMENT = struct.Struct(">BBH")  # 0xFF, kind, length with these two bytes
JPEG_FRAME = struct.Struct(">xHH")  # bits a sample, height, width

WEBP = struct.Struct("<4sI8sI3s3sHH")  # RIFF, size, "WEBPVP8 ", size, frame tag, start code, width, height
WEBP_START = b"\x9d\x01\x2a"
WEBP_SIDE = 0x3FFF  # the two bits above say how to scale, which decoders do not do


def jpeg_size(data: bytes) -> tuple[int, int]:
    """(width, height) px of a whole baseline JPEG; PayloadError for anything else."""
    if not (data.startswith(JPEG_START) and data.endswith(JPEG_END)):
        raise _not("a whole JPEG", data)
    size = None
    for kind, content, end in _segments(data):
        if kind in JPEG_FRAMES and size is None and len(content) >= JPEG_FRAME.size:
            height, width = JPEG_FRAME.unpack_from(content)
            size = width, height
        elif kind == JPEG_SCAN and size is not None and data.find(JPEG_SCAN_MARK, end) < 0:
            return size
        elif kind not in JPEG_OTHERS:
            break
    raise _not("a baseline JPEG of one scan", data)


def webp_size(data: bytes) -> tuple[int, int]:
    """(width, height) px of a whole lossy WebP without extensions; PayloadError for anything else."""
    if len(data) < WEBP.size:
        raise _not("a WebP", data)
    riff, whole, kind, chunk, tag, start, width, height = WEBP.unpack_from(data)
    if (riff, kind, start) != (b"RIFF", b"WEBPVP8 ", WEBP_START) or tag[0] & 1:
        raise _not("a lossy WebP", data)
    if whole + 8 != len(data) or chunk + chunk % 2 + 20 != len(data):
        raise _not("a whole WebP", data)
    return width & WEBP_SIDE, height & WEBP_SIDE


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Kind, content and end of each segment of a JPEG; they end where there is none."""
    at = len(JPEG_START)
    while at + SEGMENT.size <= len(data):
        mark, kind, length = SEGMENT.unpack_from(data, at)
        end = at + 2 + length
        if mark != 0xFF or length < 2 or end > len(data):
            return
        yield kind, data[at + SEGMENT.size : end], end
        at = end


def _not(what: str, data: bytes) -> PayloadError:
    return PayloadError("picture", f"a picture of {len(data)} bytes is not {what}")
