"""One face in a payload: who, where, how sure, and its blendshapes.

offset  type     what
0       u8       low 6 bits: characters of the id; high 2 bits: 0 no blendshapes, else their reader + 1
1       6 bits   each character of the id, filled up to a whole byte
...     i16 x 4  box: x0 y0 x1 y1 in quarters of a px
...     u8       score times 255
...     39, 104  blendshapes, quantised or not (shapes_codec.py), where there are any
"""

import re
import struct
from string import ascii_letters, digits

import numpy as np

from fer_ros.errors import PayloadError
from fer_ros.faces.face import Box, Detection
from fer_ros.link.payload_bytes import Cursor, pack_sixes, sixes_size, unpack_sixes
from fer_ros.link.shapes_codec import read_shapes, shapes_size, write_shapes

MAX_ID = 63
READERS = ("", "mediapipe", "student")  # "": somebody who does not say so
CHARACTERS = digits + ascii_letters + "_"
ID = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{MAX_ID - 1}}}")
STEPS_PER_PX = 4  # a box is not known to a quarter of a px
FARTHEST = 2**15 - 1
BYTE = struct.Struct("<B")
PLACE = struct.Struct("<4hB")


def write_face(face_id: str, seen: Detection, quantised: bool) -> bytes:
    """A face's record.

    Raises:
        PayloadError: its id, box, score, blendshapes or their reader cannot travel.
    """
    if not ID.fullmatch(face_id):
        raise PayloadError(
            "face",
            f"a face is called {face_id!r}; ids are a letter, then letters, digits and _, {MAX_ID} at most",
        )
    try:
        shapes = b"" if seen.blendshapes is None else write_shapes(seen.blendshapes, quantised)
        head = BYTE.pack(len(face_id) | _reader_code(seen) << 6)
        return head + _write_id(face_id) + PLACE.pack(*_steps(seen.box_xyxy), _byte(seen.score)) + shapes
    except PayloadError as error:
        raise PayloadError(error.about, f"{face_id}: {error}") from error


def read_face(cursor: Cursor, quantised: bool) -> tuple[str, Detection]:
    """What `write_face` wrote: the id and the detection.

    Raises:
        PayloadError: it ends early, or its id or box is none.
    """
    (head,) = cursor.unpack(BYTE)
    face_id = _read_id(cursor, head & MAX_ID)
    *steps, score = cursor.unpack(PLACE)
    x0, y0, x1, y1 = (step / STEPS_PER_PX for step in steps)
    if not (x1 > x0 and y1 > y0):
        raise PayloadError(
            "face", f"{face_id}: box {(x0, y0, x1, y1)} is empty; it needs x1 > x0 and y1 > y0"
        )
    code = head >> 6
    shapes = read_shapes(cursor.take(shapes_size(quantised)), quantised) if code else None
    by = READERS[code - 1] if code else ""
    return face_id, Detection((x0, y0, x1, y1), score / 255, blendshapes=shapes, blendshapes_by=by)


def _write_id(face_id: str) -> bytes:
    return pack_sixes(np.array([CHARACTERS.index(character) for character in face_id], np.uint8))


def _read_id(cursor: Cursor, length: int) -> str:
    codes = unpack_sixes(cursor.take(sixes_size(length)), length)
    face_id = "".join(CHARACTERS[code] if code < len(CHARACTERS) else "?" for code in codes)
    if not ID.fullmatch(face_id):
        raise PayloadError("face", f"a face is called {face_id!r}; ids begin with a letter")
    return face_id


def _reader_code(seen: Detection) -> int:
    if seen.blendshapes is None:
        return 0
    if seen.blendshapes_by not in READERS:
        known = ", ".join(repr(name) for name in READERS)
        raise PayloadError("face", f"blendshapes_by is {seen.blendshapes_by!r}; a payload knows {known}")
    return READERS.index(seen.blendshapes_by) + 1


def _steps(box: Box) -> list[int]:
    """A box in quarters of a px."""
    if not (np.isfinite(box).all() and np.abs(box).max() * STEPS_PER_PX <= FARTHEST):
        raise PayloadError(
            "face", f"box {box} is not a number or further than {FARTHEST // STEPS_PER_PX} px outside"
        )
    x0, y0, x1, y1 = steps = [round(value * STEPS_PER_PX) for value in box]
    if not (x1 > x0 and y1 > y0):
        raise PayloadError("face", f"box {box} is empty; it needs x1 > x0 and y1 > y0")
    return steps


def _byte(score: float) -> int:
    if not 0.0 <= score <= 1.0:
        raise PayloadError("face", f"score is {score}; it is 0 to 1")
    return round(score * 255)
