"""The built-in source: a real face, moved, scaled, re-lit and warped through known expressions.

Every frame is a function of its number alone, so two runs see the same and a test knows the truth.
"""

from dataclasses import dataclass
from math import inf, pi, radians, sin, tan

from fer_ros.errors import ParameterError
from fer_ros.sources import schedule
from fer_ros.sources.frame import Frame, Source
from fer_ros.sources.scene import Backdrop, Box, Noise, Placement, face_box, render

FACE_WIDTH_M = 0.15
FIELD_OF_VIEW_DEG = 60.0
MOST_FACES = 5
EYE_LINE = 0.42  # of the frame's height
WIDEST_SHARE = 0.55  # of its column that one of several faces may take: they do not cover each other

# Amplitude and period (s) of each movement; the periods share no factor, so that no two seconds repeat.
SWAY_X, SWAY_Y = (0.04, 7.3), (0.025, 5.1)  # of the frame's width and height
SCALE, LIGHT = (0.15, 11.9), (0.18, 13.7)  # of 1
TILT_DEG = (3.0, 6.1)

PHASE_S = 4.3  # by how much each further face is ahead of the one before


@dataclass(frozen=True)
class Scene:
    """What the built-in source shows.

    Attributes:
        width: px.
        height: px.
        fps: frames per second.
        distance_m: of the face from a camera with a 60° lens; 2 m make it 83 px wide at 1280 px.
        n_faces: 1 to 5, side by side; several are never wider than their columns allow.
        seed: of the background and the noise.
        duration_s: the length; inf never ends.
        noise_sigma: of the sensor noise, in grey levels.
    """

    width: int = 1280
    height: int = 720
    fps: float = 30.0
    distance_m: float = 2.0
    n_faces: int = 1
    seed: int = 0
    duration_s: float = inf
    noise_sigma: float = 0.0

    def __post_init__(self) -> None:
        if min(self.width, self.height) < 1 or self.fps <= 0 or self.distance_m <= 0:
            raise ParameterError(
                f"the built-in source cannot show {self.width}x{self.height} px at {self.fps:g} frames/s "
                f"and {self.distance_m:g} m: all of them must be above 0"
            )
        if not 1 <= self.n_faces <= MOST_FACES:
            raise ParameterError(f"n_faces is {self.n_faces}; the built-in source shows 1 to {MOST_FACES}")


class BuiltinSource(Source):
    """Frames of a `Scene`, with their ground truth."""

    name = "the built-in source"

    def __init__(self, scene: Scene | None = None) -> None:
        """Paint the background; `scene` is the default one where it is left out."""
        self.scene = scene or Scene()
        self.fps = self.scene.fps
        self._backdrop = Backdrop(self.scene.width, self.scene.height, self.scene.seed)
        self._noise = self._make_noise()
        self._next = 0

    def __next__(self) -> Frame:
        index = self._next
        if index / self.fps >= self.scene.duration_s:
            raise StopIteration
        self._next += 1
        return self.frame(index)

    def close(self) -> None:
        """Nothing is held open."""

    def frame(self, index: int) -> Frame:
        """Frame number `index`, the same whenever it is asked for."""
        t = index / self.fps
        image = render(self._backdrop.at(t), [self._placement(t, face) for face in range(self.scene.n_faces)])
        return Frame(t, self._noise.add(image, index) if self._noise else image, index)

    def expression_at(self, t: float, face: int = 0) -> dict[str, float]:
        """Ground truth: expression → weight of a face at `t` s, summing to 1."""
        return schedule.expression_at(t + face * PHASE_S)

    def face_box_at(self, t: float, face: int = 0) -> Box:
        """Ground truth: the box of a face's landmarks at `t` s, (x0, y0, x1, y1) px, tilt left out."""
        return face_box(self._placement(t, face))

    def _placement(self, t: float, face: int) -> Placement:
        scene, ahead = self.scene, t + face * PHASE_S
        column = scene.width / scene.n_faces
        x = column * (face + 0.5) + scene.width / scene.n_faces * _wave(SWAY_X, ahead)
        y = scene.height * (EYE_LINE + _wave(SWAY_Y, ahead))
        return Placement(
            center=(x, y),
            width_px=self._width_px(column) * (1 + _wave(SCALE, ahead)),
            weights=self.expression_at(t, face),
            light=1 + _wave(LIGHT, ahead),
            tilt_deg=_wave(TILT_DEG, ahead),
            mirrored=face % 2 == 1,
        )

    def _width_px(self, column: float) -> float:
        focal_px = self.scene.width / 2 / tan(radians(FIELD_OF_VIEW_DEG / 2))
        width = focal_px * FACE_WIDTH_M / self.scene.distance_m
        return width if self.scene.n_faces == 1 else min(width, column * WIDEST_SHARE)

    def _make_noise(self) -> Noise | None:
        scene = self.scene
        return Noise(scene.width, scene.height, scene.noise_sigma, scene.seed) if scene.noise_sigma else None


def _wave(amplitude_and_period: tuple[float, float], t: float) -> float:
    amplitude, period = amplitude_and_period
    return amplitude * sin(2 * pi * t / period)
