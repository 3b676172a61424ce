"""An estimate read from its serialised form: only what `mode` and `conversation` need of every one.

Twenty faces at 30 images a second are 600 estimates a second for each of them, and building a whole
message of Python objects takes five times as long as reading this.
"""

from collections.abc import Sequence
from struct import Struct
from struct import error as StructError
from typing import Any, NamedTuple

from rclpy.serialization import deserialize_message

from fer_ros.errors import FerError
from fer_ros.faces.face import Box
from fer_ros.msg import EmotionEstimate
from fer_ros.nodes.messages import NS, seconds

LITTLE_ENDIAN = b"\x00\x01"  # how CDR as nearly all machines write it begins
_STAMP, _SIZE, _BOX, _TRUTH, _FLOAT3 = map(Struct, ("<iI", "<I", "<4f", "<?", "<3f"))


class Glance(NamedTuple):
    """Fields of EmotionEstimate.msg, and its stamp in s."""

    stamp: float
    frame_id: str
    face_id: str
    box: Box
    model: str
    labels: tuple[str, ...]
    probabilities: Sequence[float]
    prediction_set: tuple[str, ...]
    abstained: bool
    valence: float
    arousal: float
    face_size_px: float


class Glancer:
    """Reads estimates one after the other; most have the labels of the one before."""

    def __init__(self) -> None:
        self._block = bytes(4)  # labels as they were serialised last
        self._labels: tuple[str, ...] = ()

    def __call__(self, data: bytes) -> Glance:
        """Read an estimate; FerError where it is none."""
        if not data.startswith(LITTLE_ENDIAN):
            return _of(deserialize_message(data, EmotionEstimate))
        try:
            return self._read(data)
        except (StructError, ValueError, TypeError) as error:
            raise FerError(f"an estimate of {len(data)} bytes cannot be read: {error}") from error

    def _read(self, data: bytes) -> Glance:
        """Numbers are aligned to their size, counted from behind the four bytes of the encoding."""
        sec, nanosec = _STAMP.unpack_from(data, 4)
        frame_id, at = _text(data, 12)
        face_id, at = _text(data, at)
        box = _BOX.unpack_from(data, at)
        model, at = _text(data, at + 20)  # behind the box and `source`
        labels, at = self._read_labels(data, at)
        (count,) = _SIZE.unpack_from(data, at)
        end = at + 4 + 4 * count
        probabilities = memoryview(data)[at + 4 : end].cast("f").tolist()
        prediction_set, at = _texts(data, end)
        (abstained,) = _TRUTH.unpack_from(data, at + 4)  # behind `coverage`
        _, at = _text(data, at + 8)
        affect = _FLOAT3.unpack_from(data, at)
        return Glance(
            sec + nanosec / NS,
            frame_id,
            face_id,
            box,
            model,
            labels,
            probabilities,
            prediction_set,
            abstained,
            *affect,
        )

    def _read_labels(self, data: bytes, at: int) -> tuple[tuple[str, ...], int]:
        if data.startswith(self._block, at):
            return self._labels, at + len(self._block)
        self._labels, end = _texts(data, at)
        self._block = data[at:end]
        return self._labels, end


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A string, and where the next number is."""
    (size,) = _SIZE.unpack_from(data, at)
    end = at + 4 + size
    return data[at + 4 : end - 1].decode(), (end + 3) & ~3


def _texts(data: bytes, at: int) -> tuple[tuple[str, ...], int]:
    (count,) = _SIZE.unpack_from(data, at)
    at += 4
    found = []
    for _ in range(count):
        text, at = _text(data, at)
        found.append(text)
    return tuple(found), at


def _of(msg: Any) -> Glance:
    x0, y0, x1, y1 = (float(v) for v in msg.box)
    return Glance(
        seconds(msg.header.stamp),
        msg.header.frame_id,
        msg.face_id,
        (x0, y0, x1, y1),
        msg.model,
        tuple(msg.labels),
        list(msg.probabilities),
        tuple(msg.prediction_set),
        msg.abstained,
        msg.valence,
        msg.arousal,
        msg.face_size_px,
    )
