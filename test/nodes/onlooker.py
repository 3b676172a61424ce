"""Looks at the overlay of a viewer, and plays the camera and the estimator for it."""

import numpy as np
from fer_ros.msg import EmotionEstimate
from sensor_msgs.msg import Image

from fer_ros.nodes.messages import image_from_msg, seconds
from fer_ros.nodes.qos import ESTIMATES, IMAGES_IN, IMAGES_OUT

from . import images
from .people import an_estimate

BOX, ELSEWHERE = (0.3, 0.3, 0.5, 0.7), (0.6, 0.3, 0.8, 0.7)
PLAIN = images.nobody(240, 320)
BEFORE, START, NEXT = 1000.0, 1000.5, 1000.5625  # s; messages hold them exactly


class Onlooker:
    """Starts a viewer, shows it images and estimates, and keeps what it draws.

    Attributes:
        node: the viewer.
        seen: its overlays.
    """

    def __init__(self, bench, parameters=None, *, raw=True, permitted=True):
        self.bench = bench
        self.seen = bench.listen(Image, "overlay/image_raw", IMAGES_IN) if raw else []
        self.node = bench.start("viewer", {"rate_hz": 120.0, **(parameters or {})}, permitted=permitted)
        self.images = bench.publisher(Image, "image_raw", IMAGES_OUT, listeners=int(raw))
        self.estimates = bench.publisher(EmotionEstimate, "emotion", ESTIMATES)
        if permitted:
            self.begin()

    def begin(self):
        """From the first estimate on, images wait for theirs."""
        self.estimates.publish(an_estimate(BEFORE, face_id="face_0", box=(0.8, 0.1, 0.9, 0.3)))
        self.bench.until(lambda: self.node.look().values["faces"] == 1, "an estimate is heard")

    def show(self, stamp, *estimates, pixels=PLAIN):
        """The drawn image of a moment."""
        self.images.publish(images.bgr8(pixels, stamp))
        for estimate in estimates:
            self.estimates.publish(estimate)
        return image_from_msg(self.drawn(stamp))

    def drawn(self, stamp):
        """The message of the drawn image of a moment."""
        return self.bench.until(lambda: self.of(stamp), f"the image of {stamp}")[0]

    def of(self, stamp):
        return [message for message in self.seen if at(message) == stamp]

    def face(self, stamp=START, label="happy"):
        """The drawn image of a moment with a face in BOX."""
        return self.show(stamp, an_estimate(stamp, label, box=BOX))


def at(message):
    return seconds(message.header.stamp)


def changed(image, pixels=90, by=0):
    """(H, W) bool: where something was drawn."""
    return (np.abs(image.astype(int) - pixels) > by).any(axis=2)


def has_box(image, box=BOX, by=0):
    """Whether something is drawn on all four edges of a box, in their middles."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = (round(side * size) for side, size in zip(box, (width, height) * 2, strict=True))
    x, y, near = (x0 + x1) // 2, (y0 + y1) // 2, 3
    drawn = changed(image, by=by)
    across = [drawn[side - near : side + near, x].any() for side in (y0, y1)]
    along = [drawn[y, side - near : side + near].any() for side in (x0, x1)]
    return all(across + along)
