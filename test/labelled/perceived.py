"""Perceptions made up for tests: faces with estimates, as the pipeline gives them."""

import numpy as np

from fer_ros.emotions import FERPLUS
from fer_ros.estimators.estimate import Estimate
from fer_ros.faces.face import NO_CROP, Detection, Face
from fer_ros.pipeline import Perception

BOX = (10.0, 20.0, 60.04, 90.0)


def estimate(stamp, label, face_id="face_1", p=0.8, **given):
    """Of a face; label None: nothing could be estimated."""
    if label is None:
        return Estimate(stamp, "model@1", face_id, reason="face too small")
    likely = np.full(len(FERPLUS), (1 - p) / (len(FERPLUS) - 1), np.float32)
    likely[FERPLUS.index(label)] = p
    values = {"abstained": False, "reason": "", "valence": 0.5, "arousal": 0.25, "prediction_set": (label,)}
    return Estimate(stamp, "model@1", face_id, labels=FERPLUS, probabilities=likely, **{**values, **given})


def perception(stamp, *labels):
    """A face for each label; without one, an image without a face."""
    faces = [Face(f"face_{k}", Detection(BOX, 0.9), NO_CROP) for k in range(1, len(labels) + 1)]
    estimates = [estimate(stamp, label, face.id) for label, face in zip(labels, faces, strict=True)]
    return Perception(stamp, faces, estimates or [Estimate(stamp, "model@1")])
