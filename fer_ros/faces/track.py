"""One followed face: where it is expected, how it looks, and how long it has not been seen."""

from math import log

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.faces.crop import around, cut_square
from fer_ros.faces.face import Box, Detection, Floats, Image8, centre, longer_side, moved

THUMBNAIL_PX = 16
VELOCITY_TIME_S = 0.15  # how long a change of velocity takes to be believed
BEHIND_S = 1.0  # the longest that one face passes before another; after it what is seen is learned again


class Track:
    """A face over time, with a constant-velocity expectation.

    What is seen of a face while another one passes before it is shown, but not learned from: a half
    face has another size, place and look, and a face that comes out on the other side is known by
    those it had before.

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
        self._learned = seen.box_xyxy, stamp
        self._velocity = np.zeros(2)  # px/s, of the box's centre
        self._look = thumbnail(image, seen.box_xyxy)

    def predicted(self, stamp: float) -> Detection:
        """The newest detection, moved to where the face should be at `stamp`, without what was read of it."""
        dx, dy = self._way(stamp - self.stamp)
        eyes = self.seen.eyes
        if eyes is not None:
            eyes = (eyes[0][0] + dx, eyes[0][1] + dy), (eyes[1][0] + dx, eyes[1][1] + dy)
        return Detection(moved(self.seen.box_xyxy, dx, dy), self.seen.score, eyes)

    def place(self, stamp: float) -> Box:
        """Where to look for it at `stamp`."""
        return self.expected(stamp) if self.lost else self.predicted(stamp).box_xyxy

    def expected(self, stamp: float) -> Box:
        """Where the whole face should be at `stamp`, by what was learned of it."""
        box, learned = self._learned
        return moved(box, *self._way(stamp - learned))

    def update(self, seen: Detection, stamp: float, image: Image8, *, touched: bool) -> None:
        """Take a new detection of this face; `touched`: another face is expected where this one is."""
        self.seen, self.stamp, self.lost = seen, stamp, False
        box, learned = self._learned
        dt = stamp - learned
        if touched and dt < BEHIND_S:
            return
        if dt > 0:
            speed = np.subtract(centre(seen.box_xyxy), centre(box)) / dt
            self._velocity += (speed - self._velocity) * min(dt / VELOCITY_TIME_S, 1.0)
        self._learned = seen.box_xyxy, stamp
        self._look = 0.8 * self._look + 0.2 * thumbnail(image, seen.box_xyxy)

    def cost(self, seen: Detection, stamp: float, image: Image8) -> float:
        """How unlike this face a detection is: 0 the same place, size and look; above 1.5 another face."""
        box = self.expected(stamp)
        size = longer_side(box)
        far = float(np.hypot(*np.subtract(centre(box), centre(seen.box_xyxy)))) / size
        scaled = abs(log(longer_side(seen.box_xyxy) / size))
        return far + scaled + 0.5 * self.unlike(image, seen.box_xyxy)

    def unlike(self, image: Image8, box: Box) -> float:
        """0..2: one minus the correlation of the face's look with what the image shows at `box`."""
        return 1.0 - float((self._look * thumbnail(image, box)).mean())

    def _way(self, dt: float) -> tuple[float, float]:
        dx, dy = (float(v) for v in self._velocity * dt)
        return dx, dy


def thumbnail(image: Image8, box: Box) -> Floats:
    """(16, 16) float32 grey of a box, zero mean and unit deviation."""
    middle, side = around(box, 1.0)
    grey = cv2.cvtColor(cut_square(image, middle, side, THUMBNAIL_PX), cv2.COLOR_BGR2GRAY)
    values: NDArray[np.float32] = grey.astype(np.float32) - np.float32(grey.mean())
    return values / max(np.float32(values.std()), np.float32(1e-3))
