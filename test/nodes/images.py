"""A face, and images of every kind that cameras send."""

from functools import cache

import cv2
import numpy as np
from builtin_interfaces.msg import Time
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from fer_ros.nodes.messages import image_to_msg, to_time
from fer_ros.sources.builtin import BuiltinSource, Scene

FRAME_ID = "left_eye"


@cache
def face():
    """(240, 320, 3) uint8 BGR: one person, 0.8 m away."""
    return next(BuiltinSource(Scene(320, 240, distance_m=0.8))).image


def nobody(height=240, width=320):
    return np.full((height, width, 3), 90, np.uint8)


def header(stamp):
    return Header(stamp=stamp if isinstance(stamp, Time) else to_time(stamp), frame_id=FRAME_ID)


def bgr8(pixels, stamp):
    return image_to_msg(pixels, header(stamp))


def encoded(pixels, encoding, stamp):
    """A BGR image as a message of another encoding."""
    rows = _ENCODERS[encoding](pixels)
    height, width = pixels.shape[:2]
    return Image(
        header=header(stamp),
        height=height,
        width=width,
        encoding=encoding,
        step=rows.nbytes // height,
        data=rows.tobytes(),
    )


def jpeg(pixels, stamp):
    data = cv2.imencode(".jpg", pixels)[1].tobytes()
    return CompressedImage(header=header(stamp), format="jpeg", data=data)


def _grey(pixels):
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)


def _mosaic(pixels):
    """What a sensor under an RGGB filter sees."""
    seen = pixels[..., 1].copy()
    seen[0::2, 0::2] = pixels[0::2, 0::2, 2]
    seen[1::2, 1::2] = pixels[1::2, 1::2, 0]
    return seen


_ENCODERS = {
    "bgr8": lambda p: p,
    "rgb8": lambda p: p[..., ::-1].copy(),
    "mono8": _grey,
    "mono16": lambda p: _grey(p).astype("<u2") * 256,
    "yuv422_yuy2": lambda p: cv2.cvtColor(p, cv2.COLOR_BGR2YUV_YUY2),
    "bayer_rggb8": _mosaic,
}
ENCODINGS = tuple(_ENCODERS)
