"""One envelope for everything that the robot sends: what it says, and how it reads as bytes.

All numbers are little-endian; the body (bodies.py) lies between the head and the checksum.

    offset  type    what
    0       2 s     magic, "fE"
    2       u8      protocol version
    3       u8      kind of the body: 1 frame, 2 crops, 3 blendshapes, 4 quantised blendshapes, 5 probe
    4       u32     sequence
    8       i64     acquisition stamp, ns
    16      u16 x 2 width and height of the camera's image, px; 0 for a probe
    20      ...     body
    -4      u32     CRC-32 of everything before it

The blendshapes of a face whose id has up to 12 characters take 83 bytes quantised, 19.9 kbit/s at 30 per
second, and 148 bytes otherwise, 35.5 kbit/s.
"""

import struct
from array import array
from dataclasses import dataclass
from typing import TypeAlias
from zlib import crc32

from fer_ros.errors import PayloadError
from fer_ros.link.bodies import Body, Crops, Frame, Probe, SentFace, Shapes, read_body, write_body
from fer_ros.link.payload_bytes import Cursor
from fer_ros.link.picture import MAX_SIDE_PX

__all__ = ["Body", "Crops", "Frame", "Payload", "Probe", "SentFace", "Shapes", "decode", "encode"]

Buffer: TypeAlias = "bytes | bytearray | memoryview | array[int]"

MAX_BYTES = 4_000_000
MAGIC = b"fE"
VERSION = 1  # one more with every change of what the bytes mean

HEAD = struct.Struct("<2sBBIqHH")
CHECKSUM = struct.Struct("<I")
SEQUENCES, STAMPS_NS = 2**32, 2**63


@dataclass(frozen=True, eq=False)
class Payload:
    """One message of the robot to the cloud.

    Attributes:
        sequence: 0..2**32 - 1, one more with each payload of whatever kind.
        stamp_ns: acquisition time of the image, ns; for a probe the time at which it was made.
        image_size: (width, height) px of the camera's image, in which boxes are; (0, 0) for a probe.
        body: what is sent.
    """

    sequence: int
    stamp_ns: int
    image_size: tuple[int, int]
    body: Body


def encode(payload: Payload) -> bytes:
    """Write a payload.

    Raises:
        PayloadError: something in it cannot travel (named, with its value).
    """
    _check_image_size(payload)
    if not (0 <= payload.sequence < SEQUENCES and -STAMPS_NS <= payload.stamp_ns < STAMPS_NS):
        raise PayloadError(
            "sizes", f"sequence {payload.sequence} or stamp {payload.stamp_ns} ns is too large"
        )
    kind, body = write_body(payload.body)
    head = HEAD.pack(MAGIC, VERSION, kind, payload.sequence, payload.stamp_ns, *payload.image_size)
    size = len(head) + len(body) + CHECKSUM.size
    if size > MAX_BYTES:
        raise PayloadError("too long", f"it takes {size} bytes; shrink the picture to fit into {MAX_BYTES}")
    return head + body + CHECKSUM.pack(crc32(head + body))


def decode(data: Buffer) -> Payload:
    """Read a payload; pictures are left compressed, but their sizes are checked.

    Args:
        data: the whole payload; nothing of it is looked at where it is longer than MAX_BYTES.

    Raises:
        PayloadError: anything is wrong with it, in one line.
    """
    kind, sequence, stamp_ns, image_size, body = _open(data)
    try:
        cursor = Cursor(body)
        payload = Payload(sequence, stamp_ns, image_size, read_body(kind, cursor))
        cursor.end()
        _check_image_size(payload)
    except PayloadError as error:
        raise PayloadError(error.about, f"payload {sequence}: {error}", sequence) from error
    return payload


def _open(data: Buffer) -> tuple[int, int, int, tuple[int, int], bytes]:
    """Kind, sequence, stamp, image size and body of what is whole and ours."""
    if len(data) > MAX_BYTES:
        raise PayloadError("too long", f"it is {len(data)} bytes long; {MAX_BYTES} are allowed")
    content = bytes(data)
    if len(content) < HEAD.size + CHECKSUM.size:
        raise PayloadError("too short", f"{len(content)} bytes are no payload: it was cut off")
    magic, version, kind, sequence, stamp_ns, width, height = HEAD.unpack_from(content)
    if magic != MAGIC:
        raise PayloadError("foreign", f"{len(content)} bytes that begin with {content[:4]!r} are no payload")
    if version != VERSION:
        raise PayloadError(
            "version", f"its protocol version is {version}, this is {VERSION}: update the older machine"
        )
    (checksum,) = CHECKSUM.unpack(content[-CHECKSUM.size :])
    found = crc32(memoryview(content)[: -CHECKSUM.size])
    if checksum != found:
        raise PayloadError("checksum", f"its checksum is {checksum:08x}, its bytes give {found:08x}")
    return kind, sequence, stamp_ns, (width, height), content[HEAD.size : -CHECKSUM.size]


def _check_image_size(payload: Payload) -> None:
    """PayloadError unless the image is as large as its kind of body needs."""
    width, height = payload.image_size
    if isinstance(payload.body, Probe):
        if (width, height) != (0, 0):
            raise PayloadError("sizes", f"a probe is of an image of {width}x{height} px; it is of none")
        return
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX):
        raise PayloadError("sizes", f"the image is {width}x{height} px; sides are 1 to {MAX_SIDE_PX}")
    if isinstance(payload.body, Frame):
        shown = payload.body.picture.size
        if shown[0] > width or shown[1] > height:
            raise PayloadError(
                "sizes", f"a frame of {shown[0]}x{shown[1]} px is of an image of {width}x{height}"
            )
