"""What a payload can hold, and how each kind of body reads as bytes.

Frame: a picture. Probe: zeros. The others: u8 count, then for each face its record (face_record.py);
behind the record of a crop its picture's length, u32, and the picture.
A picture: u8 format (PictureFormat), then the file.
"""

import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from fer_ros.errors import PayloadError
from fer_ros.faces.face import Detection
from fer_ros.link.face_record import BYTE, read_face, write_face
from fer_ros.link.payload_bytes import Cursor
from fer_ros.link.picture import Picture, PictureFormat

MAX_FACES = 32
LENGTH = struct.Struct("<I")


class Kind(IntEnum):
    """The numbers of the payload."""

    FRAME = 1
    CROPS = 2
    SHAPES = 3
    QUANTISED = 4
    PROBE = 5


@dataclass(frozen=True)
class Frame:
    """A camera's image, shrunk."""

    picture: Picture


@dataclass(frozen=True, eq=False)
class SentFace:
    """One face of a payload.

    Attributes:
        id: starts with a letter, then letters, digits and _; at most MAX_ID characters.
        seen: box in px of the camera's image, score, blendshapes where they were read, and by whom; its
            eyes and landmarks do not travel.
        picture: its square crop; None where it is not sent.
    """

    id: str
    seen: Detection
    picture: Picture | None = None


@dataclass(frozen=True, eq=False)
class Crops:
    """The faces of one image, each with its picture; their blendshapes travel quantised."""

    faces: tuple[SentFace, ...]


@dataclass(frozen=True, eq=False)
class Shapes:
    """The faces of one image without pictures; a face may lack blendshapes."""

    faces: tuple[SentFace, ...]
    quantised: bool


@dataclass(frozen=True)
class Probe:
    """Nothing of a person: `padding_bytes` zeros that measure the link, or none as a sign of life."""

    padding_bytes: int = 0


Body = Frame | Crops | Shapes | Probe


def write_body(body: Body) -> tuple[Kind, bytes]:
    """The kind and the bytes of a body; PayloadError where something in it cannot travel."""
    if isinstance(body, Probe):
        return Kind.PROBE, bytes(body.padding_bytes)
    if isinstance(body, Frame):
        return Kind.FRAME, _write_picture(body.picture)
    _checked(body.faces)
    count = BYTE.pack(len(body.faces))
    if isinstance(body, Crops):
        return Kind.CROPS, count + b"".join(_write_crop(face) for face in body.faces)
    kind = Kind.QUANTISED if body.quantised else Kind.SHAPES
    return kind, count + b"".join(write_face(face.id, face.seen, body.quantised) for face in body.faces)


def _write_crop(face: SentFace) -> bytes:
    if face.picture is None:
        raise PayloadError("picture", f"{face.id} has no picture; send blendshapes instead of crops")
    _check_square(face.id, face.picture)
    written = _write_picture(face.picture)
    return write_face(face.id, face.seen, True) + LENGTH.pack(len(written)) + written


def _write_picture(picture: Picture) -> bytes:
    return BYTE.pack(picture.format) + picture.data


def read_body(kind: int, cursor: Cursor) -> Body:
    """What `write_body` wrote; PayloadError where it is of no known kind, or holds what none may hold."""
    if kind not in READ:
        raise PayloadError("kind", f"its kind is {kind}; this version knows {', '.join(map(str, READ))}")
    return READ[kind](cursor)


def _read_frame(cursor: Cursor) -> Frame:
    return Frame(_read_picture(cursor.rest()))


def _read_crops(cursor: Cursor) -> Crops:
    return Crops(_checked(_read_crop(cursor) for _ in range(_read_count(cursor))))


def _read_crop(cursor: Cursor) -> SentFace:
    face_id, seen = read_face(cursor, True)
    (length,) = cursor.unpack(LENGTH)
    picture = _read_picture(cursor.take(length))
    _check_square(face_id, picture)
    return SentFace(face_id, seen, picture)


def _read_shapes(cursor: Cursor, quantised: bool) -> Shapes:
    count = _read_count(cursor)
    return Shapes(_checked(SentFace(*read_face(cursor, quantised)) for _ in range(count)), quantised)


def _read_probe(cursor: Cursor) -> Probe:
    padding = cursor.rest()
    if padding.count(0) != len(padding):  # `any` would take a tenth of a second for a long one
        raise PayloadError("padding", "a probe holds something; its bytes must be 0")
    return Probe(len(padding))


READ: Mapping[int, Callable[[Cursor], Body]] = {
    Kind.FRAME: _read_frame,
    Kind.CROPS: _read_crops,
    Kind.SHAPES: partial(_read_shapes, quantised=False),
    Kind.QUANTISED: partial(_read_shapes, quantised=True),
    Kind.PROBE: _read_probe,
}


def _read_count(cursor: Cursor) -> int:
    (count,) = cursor.unpack(BYTE)
    if count > MAX_FACES:
        raise PayloadError("count", f"it promises {count} faces; {MAX_FACES} are allowed")
    return int(count)


def _read_picture(data: bytes) -> Picture:
    formats = [kind.value for kind in PictureFormat]
    if not data or data[0] not in formats:
        raise PayloadError("picture", f"a picture begins with {data[:1]!r}; formats are {formats}")
    return Picture(PictureFormat(data[0]), data[1:])


def _check_square(face_id: str, picture: Picture) -> None:
    width, height = picture.size
    if width != height:
        raise PayloadError("picture", f"{face_id}: its crop is {width}x{height} px; it must be square")


def _checked(faces: Iterable[SentFace]) -> tuple[SentFace, ...]:
    """The faces; PayloadError where they are too many, or two are called the same."""
    found = tuple(faces)
    if len(found) > MAX_FACES:
        raise PayloadError("count", f"it holds {len(found)} faces; {MAX_FACES} are allowed")
    ids: set[str] = set()
    for face in found:
        if face.id in ids:
            raise PayloadError("face", f"two faces are called {face.id}; each has an id of its own")
        ids.add(face.id)
    return found
