"""Sightings, for those who remember, await or draw them."""

import numpy as np

from fer_ros.estimators.estimate import Estimate
from fer_ros.viewer.sightings import Sighting

BOX = (0.25, 0.5, 0.5, 0.75)


def seen_at(stamp, face_id="face_1", box=BOX, size_px=100.0):
    return Sighting(
        Estimate(
            stamp,
            "told@1",
            face_id,
            box,
            ("happy", "sad"),
            np.array([0.75, 0.25], np.float32),
            ("happy",),
            abstained=False,
            reason="",
            face_size_px=size_px,
        ),
        "robot",
    )


def nobody_at(stamp):
    return Sighting(Estimate(stamp, "told@1"), "robot")
