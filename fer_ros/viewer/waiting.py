"""Images that wait for their estimates, so that boxes are drawn where the faces are."""

from collections import deque
from typing import Generic, TypeVar

from fer_ros.viewer.sightings import Sightings

T = TypeVar("T")

# Estimates come 20 to 100 ms after their image: `faces` and `estimator` drop what is older than 100 ms. On
# the newest image, boxes would trail behind a face by its way in that time; on its own image they fit.
HOLD_S = 0.15


class Waiting(Generic[T]):
    """Gives images, in order, once their estimates are here, cannot be expected, or took too long."""

    def __init__(self, sightings: Sightings) -> None:
        self._sightings = sightings
        self._images: deque[tuple[float, float, T]] = deque()

    def put(self, stamp: float, image: T, now: float) -> None:
        """Add an image.

        Args:
            stamp: its acquisition time, s; one that goes backwards (a bag that loops) begins anew.
            image: whatever stands for it.
            now: s, of the clock that `due` is told of.
        """
        if self._images and stamp < self._images[-1][0]:
            self._images.clear()
        self._images.append((stamp, now, image))

    def due(self, now: float, *, wait: bool = True) -> list[tuple[float, T]]:
        """Remove and return (stamp, image) of those that need not wait any longer.

        Args:
            now: s; a step back ends all waiting.
            wait: false: no estimates are wanted.
        """
        found = []
        while self._images and not (wait and self._must_wait(*self._images[0][:2], now)):
            stamp, _, image = self._images.popleft()
            found.append((stamp, image))
        return found

    def _must_wait(self, stamp: float, since: float, now: float) -> bool:
        seen = self._sightings
        return 0 <= now - since < HOLD_S and seen.awaited(stamp) and not seen.complete(stamp)
