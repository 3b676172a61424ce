"""Messages to the core's types and back; no arithmetic beyond units."""

from array import array
from math import nan

import numpy as np
from builtin_interfaces.msg import Time
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from fer_ros.errors import ImageError
from fer_ros.estimators.estimate import Estimate, message_fields
from fer_ros.faces.blendshapes import COUNT
from fer_ros.faces.face import NO_CROP, Detection, Face, Floats, Image8
from fer_ros.images import LAYOUTS, to_bgr8
from fer_ros.link.answers import Ack
from fer_ros.msg import EmotionEstimate, FaceArray, PayloadAck
from fer_ros.msg import Face as FaceMsg
from fer_ros.nodes.bridge import cv_bridge_is_here, image_by_cv_bridge

NS = 1_000_000_000
SUM_TOLERANCE = 1e-2  # of float32 sums of other machines


def seconds(time: Time) -> float:
    """A message's time, s."""
    return float(time.sec + time.nanosec / NS)


def nanoseconds(time: Time) -> int:
    """A message's time, ns."""
    return int(time.sec * NS + time.nanosec)


def to_time(stamp: float) -> Time:
    """Seconds as a message's time, to the nearest microsecond (what a float64 holds)."""
    microseconds = round(stamp * 1e6)
    return Time(sec=microseconds // 1_000_000, nanosec=microseconds % 1_000_000 * 1000)


def image_to_msg(image: Image8, header: Header) -> Image:
    """(H, W, 3) uint8 BGR as a bgr8 message."""
    height, width = image.shape[:2]
    data = array("B")  # bytes or a list would be checked and copied value by value
    data.frombytes(np.ascontiguousarray(image).data.cast("B"))
    return Image(header=header, height=height, width=width, encoding="bgr8", step=3 * width, data=data)


def image_from_msg(msg: Image) -> Image8:
    """Any encoding that images.py knows, or else cv_bridge, as (H, W, 3) uint8 BGR; ImageError for others."""
    if msg.encoding not in LAYOUTS and cv_bridge_is_here():
        return image_by_cv_bridge(msg)
    return to_bgr8(msg.data, msg.width, msg.height, msg.step, msg.encoding, bool(msg.is_bigendian))


def faces_to_msg(
    faces: list[Face],
    image_size: tuple[int, int],
    header: Header,
    finder: str,
    reader: str,
    landmarks: bool,
    withheld: int = 0,
) -> FaceArray:
    """The faces of an image of (width, height) px."""
    return FaceArray(
        header=header,
        image_width=image_size[0],
        image_height=image_size[1],
        finder=finder,
        reader=reader,
        faces=[_face_to_msg(face, header, landmarks) for face in faces],
        withheld=withheld,
    )


def faces_from_msg(msg: FaceArray) -> list[Face]:
    """The faces of a message.

    Raises:
        ImageError: faces in an image without a size, or a face with a crop, a box or landmarks that
            are not what Face.msg says.
    """
    if msg.faces and not (msg.image_width and msg.image_height):
        raise ImageError(
            f"faces in an image of {msg.image_width}x{msg.image_height} px; their sender must give its size"
        )
    return [_face_from_msg(face) for face in msg.faces]


def estimate_to_msg(estimate: Estimate, header: Header, source: int, latency_s: float) -> EmotionEstimate:
    """An estimate with the header of its image."""
    return EmotionEstimate(
        header=header,
        source=source,
        latency_s=latency_s,
        **{**message_fields(estimate), "probabilities": _floats(estimate.probabilities)},
    )


def estimate_from_msg(msg: EmotionEstimate) -> Estimate:
    """An estimate for the core; `estimate_problem` says whether it is one."""
    x0, y0, x1, y1 = (float(v) for v in msg.box)
    return Estimate(
        stamp=seconds(msg.header.stamp),
        model=msg.model,
        face_id=msg.face_id,
        box=(x0, y0, x1, y1),
        labels=tuple(msg.labels),
        probabilities=np.array(msg.probabilities, np.float32),
        prediction_set=tuple(msg.prediction_set),
        coverage=msg.coverage,
        abstained=msg.abstained,
        reason=msg.reason,
        valence=msg.valence,
        arousal=msg.arousal,
        face_size_px=msg.face_size_px,
        rate_hz=msg.rate_hz,
        frames=msg.frames,
    )


def estimate_problem(msg: EmotionEstimate) -> str:
    """What is wrong with an estimate of another machine, in one clause; empty where nothing is."""
    if len(msg.probabilities) not in (0, len(msg.labels)):
        return f"it has {len(msg.probabilities)} probabilities of {len(msg.labels)} labels"
    if msg.probabilities and not abs(sum(msg.probabilities) - 1.0) < SUM_TOLERANCE:  # nor is NaN
        return f"its probabilities add up to {sum(msg.probabilities):.3g}, not 1"
    return "" if min(msg.probabilities, default=0.0) >= 0.0 else "a probability in it is below 0"


def ack_from_msg(msg: PayloadAck) -> Ack:
    """An acknowledgement for the core."""
    return Ack(msg.sequence, seconds(msg.received), seconds(msg.sent), msg.refused)


def likeliest(msg: EmotionEstimate) -> tuple[str | None, float]:
    """The likeliest label of a message and its probability; (None, NaN) where nothing was estimated."""
    if not msg.probabilities:
        return None, nan
    best = int(np.argmax(msg.probabilities))
    return msg.labels[best], float(msg.probabilities[best])


def _face_to_msg(face: Face, header: Header, landmarks: bool) -> FaceMsg:
    seen = face.seen
    return FaceMsg(
        id=face.id,
        box=np.array(seen.box_xyxy, np.float32),
        score=seen.score,
        crop=image_to_msg(face.crop, header) if face.crop.size else Image(),
        blendshapes=_floats(seen.blendshapes),
        blendshapes_by=seen.blendshapes_by,
        landmarks=_floats(seen.landmarks if landmarks else None),
    )


def _face_from_msg(msg: FaceMsg) -> Face:
    if not np.isfinite(msg.box).all():
        raise ImageError(f"face {msg.id}: box {msg.box.tolist()} is not a number; its sender must give px")
    if len(msg.landmarks) % 3:
        raise ImageError(f"face {msg.id}: {len(msg.landmarks)} landmark values are not x, y, z of each")
    if msg.crop.width != msg.crop.height:
        raise ImageError(
            f"face {msg.id}: its crop is {msg.crop.width}x{msg.crop.height} px; it must be square"
        )
    if len(msg.blendshapes) not in (0, COUNT) or not np.isfinite(msg.blendshapes).all():
        raise ImageError(
            f"face {msg.id}: {len(msg.blendshapes)} blendshapes, {_unreal(msg.blendshapes)} of them not a "
            f"number; its sender must give {COUNT} in 0..1, or none"
        )
    x0, y0, x1, y1 = (float(v) for v in msg.box)
    blendshapes = np.array(msg.blendshapes, np.float32) if len(msg.blendshapes) else None
    landmarks = np.array(msg.landmarks, np.float32).reshape(-1, 3) if len(msg.landmarks) else None
    seen = Detection(
        (x0, y0, x1, y1),
        float(msg.score),
        blendshapes=blendshapes,
        landmarks=landmarks,
        blendshapes_by=msg.blendshapes_by,
    )
    return Face(msg.id, seen, image_from_msg(msg.crop) if msg.crop.width else NO_CROP)


def _unreal(values: "array[float]") -> int:
    return int((~np.isfinite(values)).sum())


def _floats(values: Floats | None) -> "array[float]":
    out = array("f")
    if values is not None:
        out.frombytes(np.ascontiguousarray(values, np.float32).tobytes())
    return out
