"""One followed face: where it is expected, how it looks, and how long it has not been seen."""

from math import log

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.faces.crop import around, cut_square
from fer_ros.faces.face import Box, Detection, Floats, Image8, centre, longer_side, moved

THUMBNAIL_PX = 16
VELOCITY_TIME_S = 0.15  # how long a change of velocity takes to be believed


class Track:
    """A face over time, with a constant-velocity expectation.

    Attributes:
        id: the face's id.
        seen: the newest detection.
        stamp: its time, s.
        lost: it was not where it was expected the last time somebody looked.
        unconfirmed: whole-image scans in a row that did not show it.
    """

    def __init__(self, face_id: str, seen: Detection, stamp: float, image: Image8) -> None:
        self.id = face_id
        self.seen = seen
        self.stamp = stamp
        self.lost = False
        self.unconfirmed = 0
        self._velocity = np.zeros(2)  # px/s, of the box's centre
        self._look = thumbnail(image, seen.box_xyxy)

    def predicted(self, stamp: float) -> Detection:
        """Where the face should be at `stamp` if it kept its velocity, without what was read earlier."""
        dx, dy = (float(v) for v in self._velocity * (stamp - self.stamp))
        eyes = self.seen.eyes
        if eyes is not None:
            eyes = (eyes[0][0] + dx, eyes[0][1] + dy), (eyes[1][0] + dx, eyes[1][1] + dy)
        return Detection(moved(self.seen.box_xyxy, dx, dy), self.seen.score, eyes)

    def update(self, seen: Detection, stamp: float, image: Image8) -> None:
        """Take a new detection of this face."""
        dt = stamp - self.stamp
        if dt > 0:
            speed = (np.subtract(centre(seen.box_xyxy), centre(self.seen.box_xyxy))) / dt
            self._velocity += (speed - self._velocity) * min(dt / VELOCITY_TIME_S, 1.0)
        self.seen, self.stamp = seen, stamp
        self.lost = False
        self._look = 0.8 * self._look + 0.2 * thumbnail(image, seen.box_xyxy)

    def cost(self, seen: Detection, stamp: float, image: Image8) -> float:
        """How unlike this face a detection is: 0 the same place, size and look; above 1.5 another face."""
        box = self.predicted(stamp).box_xyxy
        size = longer_side(box)
        far = float(np.hypot(*np.subtract(centre(box), centre(seen.box_xyxy)))) / size
        scaled = abs(log(longer_side(seen.box_xyxy) / size))
        return far + scaled + 0.5 * self.unlike(image, seen.box_xyxy)

    def unlike(self, image: Image8, box: Box) -> float:
        """0..2: one minus the correlation of the face's look with what the image shows at `box`."""
        return 1.0 - float((self._look * thumbnail(image, box)).mean())


def thumbnail(image: Image8, box: Box) -> Floats:
    """(16, 16) float32 grey of a box, zero mean and unit deviation."""
    middle, side = around(box, 1.0)
    grey = cv2.cvtColor(cut_square(image, middle, side, THUMBNAIL_PX), cv2.COLOR_BGR2GRAY)
    values: NDArray[np.float32] = grey.astype(np.float32) - np.float32(grey.mean())
    return values / max(np.float32(values.std()), np.float32(1e-3))
