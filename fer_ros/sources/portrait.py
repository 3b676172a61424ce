"""A photographed face that wears expressions: a warp and a shading for each, made once, mixed per frame."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.images import Image8
from fer_ros.sources.shapes import (
    INNER_LOWER,
    INNER_UPPER,
    LIPS_INNER,
    LIPS_OUTER,
    OVAL,
    SHAPES,
    FaceShape,
    move_landmarks,
)
from fer_ros.sources.warp import Field, Points, backward_field

PATCH = 1.5  # the warp has died out at this multiple of the face oval
LIP_BORDER = 0.25  # of the lip, given to the teeth: landmarks lie a little inside the visible opening
SHADE_BLUR_PX = 0.7
NO_SECOND_MAP = np.empty(0, np.float32)  # cv2.remap takes x and y together, or in two maps


class Portrait:
    """The astronaut photograph with its matte, and what each expression does to it.

    Attributes:
        image: (H, W, 3) uint8, BGR.
        matte: (H, W) float32, 1 where the person is, 0 where the background is.
        box: of the face, (x0, y0, x1, y1) px: what its landmarks span.
    """

    def __init__(self, image: Image8, landmarks: Points) -> None:
        """Precompute one displacement field and one shading per expression.

        Args:
            image: (H, W, 4) uint8, BGR and matte.
            landmarks: (478, 2) px (x, y), MediaPipe's order.
        """
        self.image = np.ascontiguousarray(image[..., :3])
        self.matte = image[..., 3].astype(np.float32) / 255
        self.box = (*landmarks.min(axis=0).tolist(), *landmarks.max(axis=0).tolist())
        x0, y0, x1, y1 = patch = _patch(landmarks, image.shape[:2])
        self._rows, self._columns = slice(y0, y1), slice(x0, x1)
        self._fields = {label: _field(landmarks, shape, patch) for label, shape in SHAPES.items()}
        self._shades = {label: _shade(landmarks, shape, patch) for label, shape in SHAPES.items()}

    def wearing(self, weights: Mapping[str, float]) -> Image8:
        """The photograph with an expression on.

        Args:
            weights: name in SHAPES → strength 0..1, together at most 1; the rest is neutral.

        Returns:
            (H, W, 3) uint8, BGR, of the photograph's size.
        """
        shares = {**weights, "neutral": 1.0 - sum(v for k, v in weights.items() if k != "neutral")}
        patch = cv2.remap(self.image, _mix(self._fields, shares), NO_SECOND_MAP, cv2.INTER_LINEAR)
        worn = self.image.copy()
        light = cv2.merge([_mix(self._shades, shares)] * 3)
        worn[self._rows, self._columns] = cv2.multiply(patch, light, dtype=cv2.CV_8U)
        return worn


@cache
def astronaut() -> Portrait:
    """The portrait that ships with the package; astronaut.txt says where it comes from."""
    folder = files("fer_ros.sources")
    png = np.frombuffer(folder.joinpath("astronaut.png").read_bytes(), np.uint8)
    landmarks = json.loads(folder.joinpath("astronaut.json").read_text(encoding="utf-8"))["landmarks"]
    image = np.asarray(cv2.imdecode(png, cv2.IMREAD_UNCHANGED), np.uint8)
    return Portrait(image, np.array(landmarks, np.float64))


def _mix(parts: Mapping[str, Field], shares: Mapping[str, float]) -> Field:
    mixed = np.zeros_like(parts["neutral"])
    for label, share in shares.items():
        if share:
            mixed = np.asarray(cv2.scaleAdd(parts[label], share, mixed), np.float32)
    return mixed


def _patch(landmarks: Points, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """The part of the photograph that warps: (x0, y0, x1, y1) px."""
    oval = landmarks[list(OVAL)]
    centre = oval.mean(axis=0)
    reach = np.abs(oval - centre).max(axis=0) * PATCH
    x0, y0 = np.maximum(np.floor(centre - reach), 0)
    x1, y1 = np.minimum(np.ceil(centre + reach), shape[::-1])
    return int(x0), int(y0), int(x1), int(y1)


def _field(landmarks: Points, shape: FaceShape, patch: tuple[int, int, int, int]) -> Field:
    """(h, w, 2) float32, px of the photograph, for the pixels of the patch."""
    x0, y0, x1, y1 = patch
    corner = np.array([x0, y0], np.float64)
    moved = move_landmarks(landmarks, shape)
    fixed = _border(x1 - x0, y1 - y0)
    source = np.vstack([_lips_parted(landmarks)[list(moved)] - corner, fixed])
    target = np.vstack([np.array(list(moved.values())) - corner, fixed])
    return backward_field(source, target, (x1 - x0, y1 - y0)) + corner.astype(np.float32)


def _lips_parted(landmarks: Points) -> Points:
    """Landmarks with the mouth's opening a little wider, so that no tooth is left between closed lips."""
    parted = landmarks.copy()
    inner, outer = list(LIPS_INNER), list(LIPS_OUTER)
    parted[inner] += LIP_BORDER * (landmarks[outer] - landmarks[inner])
    return parted


def _border(width: int, height: int, points_a_side: int = 7) -> Points:
    """Points along a patch's border, which a warp keeps where they are: no seam."""
    along = np.linspace(0, 1, points_a_side)
    unit = np.array([(x, y) for x in along for y in along if x in (0, 1) or y in (0, 1)])
    return unit * [width - 1, height - 1]


def _shade(landmarks: Points, shape: FaceShape, patch: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """(h, w) float32 factor on brightness: the dark between the lips that the photograph's teeth hide."""
    x0, y0, x1, y1 = patch
    moved = move_landmarks(landmarks, shape)
    upper = np.array([moved[i] for i in INNER_UPPER]) - [x0, y0]
    lower = np.array([moved[i] for i in INNER_LOWER]) - [x0, y0]
    below_teeth = upper + shape.teeth * (lower - upper)
    light = np.ones((y1 - y0, x1 - x0), np.float32)
    opening = np.round(np.vstack([below_teeth, lower[::-1]]) * 16).astype(np.int32)
    cv2.fillPoly(light, [opening], 1 - shape.mouth_dark, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), SHADE_BLUR_PX), np.float32)
