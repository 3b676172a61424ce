"""Drawing the portrait into frames: placements, the moving background, light and noise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, cos, floor, pi, radians, sin
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.images import Image8
from fer_ros.sources.portrait import Portrait, astronaut

Box = tuple[float, float, float, float]

SHARPEST_SHRINK = 0.6  # below this, linear sampling skips pixels and the portrait is averaged first


@dataclass(frozen=True)
class Placement:
    """A face in a frame.

    Attributes:
        center: of the face's box, px (x, y).
        width_px: of the face's box.
        weights: expression → strength, as Portrait.wearing takes it.
        light: factor on brightness.
        tilt_deg: in-plane rotation, clockwise.
        mirrored: left and right swapped, for another look.
    """

    center: tuple[float, float]
    width_px: float
    weights: Mapping[str, float] = field(default_factory=dict)
    light: float = 1.0
    tilt_deg: float = 0.0
    mirrored: bool = False


def render(background: Image8, faces: Sequence[Placement]) -> Image8:
    """Draw faces over a background, later ones in front.

    Args:
        background: (H, W, 3) uint8, BGR; it is not changed.
        faces: where they go; parts outside the frame are cut.

    Returns:
        (H, W, 3) uint8, BGR.
    """
    frame = background.copy()
    for face in faces:
        _draw(frame, face, astronaut())
    return frame


def face_box(face: Placement) -> Box:
    """The untilted box of a face's landmarks, (x0, y0, x1, y1) px; it may leave the frame."""
    x0, y0, x1, y1 = astronaut().box
    half_width, half_height = face.width_px / 2, face.width_px / 2 * (y1 - y0) / (x1 - x0)
    x, y = face.center
    return x - half_width, y - half_height, x + half_width, y + half_height


class Backdrop:
    """A textured wall that drifts: a window moving over a larger picture, made once."""

    DRIFT_PX = 64
    PERIODS_S = (9.0, 7.0)

    def __init__(self, width: int, height: int, seed: int) -> None:
        """Paint the picture for frames of `width` x `height` px."""
        self._size = width, height
        self._picture = _painted(width + 2 * self.DRIFT_PX, height + 2 * self.DRIFT_PX, seed)

    def at(self, t: float) -> Image8:
        """A view of the picture, (H, W, 3) uint8 BGR, at `t` s; copy it before drawing."""
        width, height = self._size
        x, y = (round(self.DRIFT_PX * (1 + sin(2 * pi * t / period))) for period in self.PERIODS_S)
        return self._picture[y : y + height, x : x + width]


class Noise:
    """Sensor noise: windows of one noise picture, a different one each frame."""

    SLACK_PX = 61

    def __init__(self, width: int, height: int, sigma: float, seed: int) -> None:
        """Draw Gaussian noise of `sigma` grey levels, for frames of `width` x `height` px."""
        random = np.random.default_rng(seed)
        shape = (height + self.SLACK_PX, width + self.SLACK_PX, 3)
        drawn = 128 + sigma * random.standard_normal(shape, np.float32)
        self._picture = drawn.round().clip(0, 255).astype(np.uint8)

    def add(self, frame: Image8, index: int) -> Image8:
        """`frame`, (H, W, 3) uint8, with the noise of frame number `index`."""
        x, y = index * 37 % self.SLACK_PX, index * 23 % self.SLACK_PX
        window = self._picture[y : y + frame.shape[0], x : x + frame.shape[1]]
        return np.asarray(cv2.addWeighted(frame, 1.0, window, 1.0, -128.0), np.uint8)


def _draw(frame: Image8, face: Placement, portrait: Portrait) -> None:
    x0, _, x1, _ = portrait.box
    scale = face.width_px / (x1 - x0)
    shrink = min(1.0, scale / SHARPEST_SHRINK)
    worn, matte = _shrunk(portrait.wearing(face.weights), shrink), _shrunk(portrait.matte, shrink)
    matrix = _to_frame(face, portrait, scale) @ np.diag([1 / shrink, 1 / shrink, 1.0])
    window = _window(matrix, matte.shape, frame.shape)
    if window is None:
        return
    left, top, right, bottom = window
    matrix[:2, 2] -= (left, top)
    size = (right - left, bottom - top)
    over = cv2.warpAffine(worn, matrix[:2], size, borderMode=cv2.BORDER_REPLICATE)
    over = cv2.convertScaleAbs(over, alpha=face.light)
    opaque = cv2.warpAffine(matte, matrix[:2], size)
    behind = frame[top:bottom, left:right]
    behind[:] = cv2.blendLinear(over, behind, opaque, 1 - opaque)


def _shrunk(picture: NDArray[Any], factor: float) -> NDArray[Any]:
    if factor >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))


def _to_frame(face: Placement, portrait: Portrait, scale: float) -> NDArray[np.float64]:
    """(3, 3) float64, portrait px → frame px."""
    x0, y0, x1, y1 = portrait.box
    c, s = scale * cos(radians(face.tilt_deg)), scale * sin(radians(face.tilt_deg))
    flip = -1.0 if face.mirrored else 1.0
    turn = np.array([[c * flip, -s], [s * flip, c]])
    matrix = np.eye(3)
    matrix[:2, :2] = turn
    matrix[:2, 2] = np.array(face.center) - turn @ [(x0 + x1) / 2, (y0 + y1) / 2]
    return matrix


def _window(
    matrix: NDArray[np.float64], shape: tuple[int, ...], frame: tuple[int, ...]
) -> tuple[int, int, int, int] | None:
    """The part of the frame that a moved image of `shape` touches, or None."""
    height, width = shape[:2]
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]) @ matrix[:2].T
    left, top = (max(0, floor(v)) for v in corners.min(axis=0))
    right, bottom = (min(limit, ceil(v)) for limit, v in zip(frame[1::-1], corners.max(axis=0), strict=True))
    return (left, top, right, bottom) if right > left and bottom > top else None


def _painted(width: int, height: int, seed: int) -> Image8:
    """Muted blotches at four scales: enough texture to move, nothing that looks like a face."""
    random = np.random.default_rng(seed)
    picture = np.full((height, width, 3), random.uniform(100, 140), np.float32)
    for cells, depth in ((3, 35), (9, 20), (40, 10), (160, 6)):
        grey = random.uniform(-depth, depth, (cells, cells * 2, 1))
        tinted = grey + random.uniform(-depth / 4, depth / 4, (cells, cells * 2, 3))
        picture += cv2.resize(tinted.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return picture.clip(20, 235).astype(np.uint8)
