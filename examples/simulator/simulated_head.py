"""A robot's head in MuJoCo, and the images of its camera; it knows no ROS.

MuJoCo renders through EGL here unless MUJOCO_GL says otherwise, so that no screen is needed.
"""

import os
from dataclasses import dataclass
from math import cos, radians, sin, tan
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from simulated_person import Pose

from fer_ros.images import Image8

os.environ.setdefault("MUJOCO_GL", "egl")

import mujoco

WORLD = Path(__file__).with_name("head.xml")
HEAD, ROOM = "head", "room"  # cameras


@dataclass(frozen=True)
class Pinhole:
    """The head's camera: square pixels, no distortion.

    Attributes:
        width: px.
        height: px.
        focal_px: of both axes.
    """

    width: int
    height: int
    focal_px: float


class SimulatedHead:
    """The world of head.xml, stepped and rendered."""

    def __init__(self, width: int, height: int, panel_m: tuple[float, float]) -> None:
        """Load the world and open a framebuffer.

        Args:
            width: of the images, px.
            height: px.
            panel_m: width and height of the person's picture.
        """
        self._model = mujoco.MjModel.from_xml_path(str(WORLD))
        self._model.vis.global_.offwidth, self._model.vis.global_.offheight = width, height
        self._model.geom("panel").size[:2] = panel_m[0] / 2, panel_m[1] / 2
        self._data = mujoco.MjData(self._model)
        self._texture = self._model.tex("person")
        self.lens = Pinhole(width, height, height / 2 / tan(radians(self._model.cam(HEAD).fovy[0]) / 2))
        self._gl = mujoco.GLContext(width, height)
        self._gl.make_current()
        self._context = mujoco.MjrContext(self._model, mujoco.mjtFontScale.mjFONTSCALE_100)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)
        self._scene = mujoco.MjvScene(self._model, maxgeom=100)
        self._rect = mujoco.MjrRect(0, 0, width, height)
        mujoco.mj_forward(self._model, self._data)
        self._eye_m = self._data.cam(HEAD).xpos.copy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the framebuffer go."""
        self._context.free()
        self._gl.free()

    def advance(self, t: float) -> None:
        """Step the physics until the simulated time is `t` s."""
        while self._data.time < t - self._model.opt.timestep / 2:
            mujoco.mj_step(self._model, self._data)

    def show(self, pose: Pose, picture: Image8) -> None:
        """Put the person there, with this picture: (H, W, 3) uint8, BGR."""
        x, y = pose.position_m
        half = radians(pose.heading_deg) / 2
        self._data.mocap_pos[0] = self._eye_m + np.array((x, y, 0.0))
        self._data.mocap_quat[0] = cos(half), 0.0, 0.0, sin(half)
        size = int(self._texture.width[0]), int(self._texture.height[0])
        fitted = picture if picture.shape[1::-1] == size else cv2.resize(picture, size)
        rgb = fitted[..., ::-1]
        begin = int(self._texture.adr[0])
        self._model.tex_data[begin : begin + rgb.size] = rgb.ravel()
        mujoco.mjr_uploadTexture(self._model, self._context, self._texture.id)

    def view(self, camera: str = HEAD) -> Image8:
        """What a camera sees now, (H, W, 3) uint8, RGB."""
        mujoco.mj_forward(self._model, self._data)
        eye = mujoco.MjvCamera()
        eye.type, eye.fixedcamid = mujoco.mjtCamera.mjCAMERA_FIXED, self._model.cam(camera).id
        everything = mujoco.mjtCatBit.mjCAT_ALL
        mujoco.mjv_updateScene(
            self._model, self._data, mujoco.MjvOption(), None, eye, everything, self._scene
        )
        mujoco.mjr_render(self._rect, self._scene, self._context)
        pixels = np.empty((self.lens.height, self.lens.width, 3), np.uint8)
        mujoco.mjr_readPixels(pixels, None, self._rect, self._context)
        return np.flipud(pixels)
