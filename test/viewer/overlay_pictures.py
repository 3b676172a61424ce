"""Scenes whose pictures are kept in golden/.

`.venv/bin/python test/viewer/overlay_pictures.py` draws them anew. Look at every picture before you keep it.
"""

from pathlib import Path

import cv2
import numpy as np

from fer_ros.emotions import FERPLUS
from fer_ros.viewer.overlay import Overlay
from fer_ros.viewer.params import OverlayParams
from fer_ros.viewer.scene import Link, Person, Scene

GOLDEN = Path(__file__).parent / "golden"
LINK = Link("wifi", False, "crops64@15", 2.41e6)
CUT = Link("wifi", True, "nothing", 0.0)


def shares(label, share=0.72):
    """A distribution over FERPLUS with one likely label."""
    rest = (1 - share) / (len(FERPLUS) - 1)
    return tuple(share if each == label else rest for each in FERPLUS)


def person(box, label, face_id="a", source="robot", **more):
    """Somebody who appears to be `label`."""
    said = {"prediction_set": (label,), "abstained": False, **more}
    return Person(face_id, box, FERPLUS, shares(label), source=source, **said)


def nobody_knows(box, face_id="n", reason="face too small"):
    return Person(face_id, box, abstained=True, reason=reason, source="robot")


def undecided(box, face_id="u", labels=("sad", "neutral")):
    return person(box, labels[0], face_id, prediction_set=labels, abstained=True, reason="unsure")


def ground(width, height):
    """(H, W, 3) uint8: dark to bright from left to right."""
    ramp = np.linspace(40, 215, width).astype(np.uint8)
    return np.repeat(np.repeat(ramp[None, :, None], height, 0), 3, 2)


def row(width, height, kinds):
    """People side by side."""
    side = min(0.6 * width / len(kinds), 0.4 * height)
    boxes = [
        ((k + 0.5) * width / len(kinds) - side / 2, 0.38 * height, 0, 0.38 * height + side)
        for k in range(len(kinds))
    ]
    return tuple(
        kind((x0, y0, x0 + side, y1), face_id=f"f{k}")
        for k, (kind, (x0, y0, _, y1)) in enumerate(zip(kinds, boxes, strict=True))
    )


def seems(label, **more):
    return lambda box, face_id: person(box, label, face_id, **more)


FIVE = (
    seems("happy"),
    seems("surprise", prediction_set=("surprise", "fear"), source="both"),
    undecided,
    nobody_knows,
    seems("angry"),
)
PICTURES = {
    "small": ((320, 180), {}, Scene(row(320, 180, FIVE[:1]), "ONLINE", LINK)),
    "five": ((640, 360), {}, Scene(row(640, 360, FIVE), "ONLINE", LINK)),
    "all-bars": ((960, 540), {}, Scene((person((250, 90, 330, 190), "contempt"),), "PROBING", LINK)),
    "high-contrast": (
        (640, 360),
        {"contrast": "high", "text_scale": 1.5, "language": "de"},
        Scene(row(640, 360, FIVE[:2]), "OFFLINE", CUT),
    ),
    "japanese": ((640, 360), {"language": "ja"}, Scene(row(640, 360, FIVE[1:4]), "OFFLINE", CUT)),
    "paused": ((320, 180), {"language": "es"}, Scene((), "ONLINE", LINK, "switched off; switch on")),
}


def drawn(name):
    """One of PICTURES, (H, W, 3) uint8 BGR."""
    (width, height), params, scene = PICTURES[name]
    image = ground(width, height)
    Overlay(OverlayParams(**params)).draw(image, scene)
    return image


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name in PICTURES:
        cv2.imwrite(str(GOLDEN / f"{name}.png"), drawn(name), [cv2.IMWRITE_PNG_COMPRESSION, 9])
