"""The person before the simulated head: where it stands at a time, and what it looks like then.

Everything is a function of the simulated time alone: two runs show the same, and a test knows the truth.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import cos, radians, sin, tan
from pathlib import Path
from typing import Protocol

from fer_ros.images import Image8
from fer_ros.sources.builtin import FIELD_OF_VIEW_DEG, BuiltinSource, Scene
from fer_ros.sources.frame import Frame
from fer_ros.sources.looped import Looped
from fer_ros.sources.video import VideoSource

# The built-in face, so near that it fills its picture as a person's does who is painted life-size.
PICTURE = Scene(width=512, height=640, distance_m=0.5)
PANEL_HEIGHT_M = 0.72  # of a video's panel too, where nothing else is said


@dataclass(frozen=True)
class Pose:
    """Where a person stands, as the head's camera sees it.

    Attributes:
        distance_m: from the camera to the middle of the picture, both at the same height.
        bearing_deg: to the left of where the camera looks.
        facing_deg: by how much the person is turned away from the camera, counter-clockwise from above.
    """

    distance_m: float
    bearing_deg: float
    facing_deg: float

    @property
    def position_m(self) -> tuple[float, float]:
        """(x, y) from the camera: x to where it looks, y to its left."""
        bearing = radians(self.bearing_deg)
        return self.distance_m * cos(bearing), self.distance_m * sin(bearing)

    @property
    def heading_deg(self) -> float:
        """The picture's turn, counter-clockwise from above; 0: square to the camera's axis."""
        return self.bearing_deg + self.facing_deg


# (s, pose): near, far, aside and turned, out of the picture, and back; then again.
PATH = (
    (0.0, Pose(1.0, 0.0, 0.0)),
    (2.5, Pose(0.6, -5.0, 0.0)),
    (6.5, Pose(3.0, 8.0, 0.0)),
    (8.5, Pose(1.4, 14.0, 15.0)),
    (10.0, Pose(1.2, 60.0, 0.0)),
    (12.0, Pose(1.2, 60.0, 0.0)),
    (14.0, Pose(1.0, 0.0, 0.0)),
)
PERIOD_S = PATH[-1][0]


def pose_at(t: float) -> Pose:
    """The pose at `t` s of simulated time; it rests for a moment at every point of PATH."""
    t %= PERIOD_S
    (begin, a), (end, b) = next((a, b) for a, b in pairwise(PATH) if t <= b[0])
    share = (t - begin) / (end - begin)
    share *= share * (3 - 2 * share)
    return Pose(
        a.distance_m + share * (b.distance_m - a.distance_m),
        a.bearing_deg + share * (b.bearing_deg - a.bearing_deg),
        a.facing_deg + share * (b.facing_deg - a.facing_deg),
    )


class Person(Protocol):
    """What a person looks like.

    Attributes:
        size_m: width and height of the picture in the world.
    """

    size_m: tuple[float, float]

    def picture(self, t: float) -> Image8:
        """(H, W, 3) uint8 BGR at `t` s; times only grow."""


class BuiltinPerson:
    """The package's built-in face, with known expressions."""

    def __init__(self) -> None:
        self.source = BuiltinSource(PICTURE)
        width_m = 2 * PICTURE.distance_m * tan(radians(FIELD_OF_VIEW_DEG / 2))  # a face is life-size then
        self.size_m = width_m, width_m * PICTURE.height / PICTURE.width

    def picture(self, t: float) -> Image8:
        """The frame that is shown at `t` s."""
        return self.source.frame(int(t * self.source.fps)).image

    def face_on_panel_m(self, t: float) -> tuple[float, float, float, float]:
        """Ground truth: (right, up, width, height) of the face's box on the panel, from its middle, m."""
        x0, y0, x1, y1 = self.source.face_box_at(int(t * self.source.fps) / self.source.fps)
        scale = self.size_m[0] / PICTURE.width
        right, down = (x0 + x1 - PICTURE.width) / 2, (y0 + y1 - PICTURE.height) / 2
        return right * scale, -down * scale, (x1 - x0) * scale, (y1 - y0) * scale


class FilmedPerson:
    """The frames of a video file, again and again."""

    def __init__(self, path: Path, width_m: float, warn: Callable[[str], None]) -> None:
        """Open the file.

        Args:
            path: of the video.
            width_m: of the picture in the world; 0: its height is that of the built-in one.
            warn: hears of a damaged file.

        Raises:
            SourceError: it cannot be read.
        """
        self._frames = Looped(partial(VideoSource, path, warn))
        self._shown = next(self._frames)
        self._next: Frame = self._shown
        height, width = self._shown.image.shape[:2]
        width_m = width_m or PANEL_HEIGHT_M * width / height
        self.size_m = width_m, width_m * height / width

    def picture(self, t: float) -> Image8:
        """The newest frame that is due at `t` s."""
        while self._next.stamp <= t:
            self._shown, self._next = self._next, next(self._frames)
        return self._shown.image
