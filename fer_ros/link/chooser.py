"""Which images to send where not all can be: those in which something changed."""

from collections.abc import Sequence

import numpy as np

from fer_ros.faces.face import Face, centre, longer_side

CREDIT = 2.0  # images that a quiet time saves for a busy one
QUIET = 1.5  # intervals after which an image in which nothing changed is sent all the same;
QUIET_S = 0.15  # one interval where that is longer, or the cloud's newest result would grow stale
EARLY = 0.5  # of a camera period: an image this near to its turn is sent, the next would be late
ALL = 0.9  # of the camera's rate: from here on there is nothing to choose
CHANGED = 0.15  # of a blendshape, twice what MediaPipe's differ by from frame to frame
MOVED = 0.15  # of the face's side, in place or size


class Chooser:
    """Spends a budget of images per second on change.

    An image is sent as soon as the budget allows and something changed since the last one that was
    sent; otherwise after one interval, or on a thin link one and a half. Rates at or above the camera's
    send everything.
    """

    def __init__(self, rate_hz: float) -> None:
        self.change(rate_hz)
        self._stamp: float | None = None
        self._period_s = 0.0

    def change(self, rate_hz: float) -> None:
        """Send `rate_hz` images per second at most, on average."""
        self._rate_hz = rate_hz
        self._credit = 1.0
        self._sent: float | None = None
        self._faces: Sequence[Face] = ()

    def accept(self, stamp: float, faces: Sequence[Face], *, thin: bool = True) -> bool:
        """Whether to send the image acquired at `stamp` seconds, in which these faces are.

        `thin`: the link carries less than would be of use, so that quiet images are better saved.
        Time that goes backwards begins anew; the same stamp again is the same image, and is not sent.
        """
        if self._stamp is not None and stamp < self._stamp:
            self._sent = self._stamp = None
            self._credit = 1.0
        if stamp == self._stamp or self._rate_hz <= 0.0:
            return False
        self._earn(stamp)
        self._stamp = stamp
        early = EARLY * self._period_s
        if self._credit + early * self._rate_hz < 1.0:
            return False
        if not (self._due(stamp + early, thin) or changed(self._faces, faces)):
            return False
        self._credit -= 1.0
        self._sent, self._faces = stamp, faces
        return True

    def _due(self, stamp: float, thin: bool) -> bool:
        """Whether it is time whatever the image shows; at the camera's own rate it always is."""
        if self._sent is None or self._rate_hz * self._period_s >= ALL:
            return True
        interval_s = 1.0 / self._rate_hz
        if not thin:
            return stamp - self._sent >= interval_s
        return stamp - self._sent >= min(QUIET * interval_s, max(interval_s, QUIET_S))

    def _earn(self, stamp: float) -> None:
        if self._stamp is not None:
            passed_s = stamp - self._stamp
            self._credit = min(self._credit + passed_s * self._rate_hz, CREDIT)
            known = self._period_s or passed_s
            self._period_s = min(known + 0.1 * (passed_s - known), 1.0)


def changed(before: Sequence[Face], now: Sequence[Face]) -> bool:
    """Whether expression, place or number of the faces differs by more than noise."""
    known = {face.id: face for face in before}
    return set(known) != {face.id for face in now} or any(_differs(known[face.id], face) for face in now)


def _differs(before: Face, now: Face) -> bool:
    side = max(longer_side(now.seen.box_xyxy), 1.0)
    (x0, y0), (x1, y1) = centre(before.seen.box_xyxy), centre(now.seen.box_xyxy)
    grown = abs(longer_side(before.seen.box_xyxy) - side)
    if max(abs(x1 - x0), abs(y1 - y0), grown) > MOVED * side:
        return True
    old, new = before.seen.blendshapes, now.seen.blendshapes
    if old is None or new is None:
        return (old is None) != (new is None)
    return float(np.abs(new - old).max()) > CHANGED
