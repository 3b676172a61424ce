"""Sequences of real frames with known faces: the portrait of the built-in source, placed and moved."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sin

import numpy as np

from fer_ros.faces.face import Box, Face, Image8, overlap
from fer_ros.faces.tracker import FaceTracker
from fer_ros.sources.scene import Backdrop, Noise, Placement, face_box, render

WIDTH, HEIGHT, FPS = 1280, 720, 30.0
SAME_PLACE = 0.35  # overlap of a box that is where the face is

Script = Callable[[float], Sequence[Placement]]  # t in s → the faces, later ones in front


@dataclass(frozen=True, eq=False)
class Shot:
    """One frame and where its faces are."""

    t: float
    image: Image8
    boxes: list[Box]


def film(script: Script, seconds: float, *, seed: int = 0, noise: float = 3.0) -> Iterator[Shot]:
    """Frames at 30 per second over a moving background."""
    wall = Backdrop(WIDTH, HEIGHT, seed)
    grain = Noise(WIDTH, HEIGHT, noise, seed)
    for i in range(round(seconds * FPS)):
        faces = script(i / FPS)
        image = grain.add(render(wall.at(i / FPS + seed), faces), i)
        yield Shot(i / FPS, image, [face_box(face) for face in faces])


def wandering(width_px: float, seed: int) -> Script:
    """One face somewhere in the image that moves, nods, smiles and is lit differently all the time."""
    random = np.random.default_rng(seed)
    edge = 0.8 * width_px
    x, y = random.uniform(edge, WIDTH - edge), random.uniform(edge, HEIGHT - edge)
    vx, vy = random.uniform(-60, 60), random.uniform(-30, 30)

    def at(t: float) -> list[Placement]:
        wave = sin(2 * t + seed)
        return [
            Placement(
                (x + vx * t, y + vy * t),
                width_px,
                {"happy": 0.5 + 0.5 * sin(3 * t)},
                light=1 + 0.1 * wave,
                tilt_deg=4 * wave,
                mirrored=seed % 2 == 1,
            )
        ]

    return at


def row(count: int, width_px: float = 110.0) -> Script:
    """Faces side by side that sway; every other one is mirrored, and each has a light of its own."""

    def at(t: float) -> list[Placement]:
        return [
            Placement(
                (WIDTH * (i + 0.5) / count + 20 * sin(1.5 * t + i), 320 + 15 * sin(t + 2 * i)),
                width_px,
                light=0.8 + 0.08 * i,
                mirrored=i % 2 == 1,
            )
            for i in range(count)
        ]

    return at


def still(*faces: Placement) -> Script:
    """Faces that stay where they are."""
    return lambda t: faces


def id_at(faces: Sequence[Face], box: Box) -> str | None:
    """The id of the face that is seen at `box`."""
    here = [(overlap(face.seen.box_xyxy, box), face.id) for face in faces]
    share, face_id = max(here, default=(0.0, ""))
    return face_id if share > SAME_PLACE else None


def ids_along(tracker: FaceTracker, shots: Iterator[Shot]) -> list[list[str | None]]:
    """For each frame the id that each of its faces got, in the order of the script."""
    return [
        [id_at(seen, box) for box in shot.boxes]
        for shot in shots
        for seen in [tracker.update(shot.image, shot.t)]
    ]
