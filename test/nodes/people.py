"""Faces and estimates as messages, for the nodes that take them."""

from math import nan

import numpy as np
from fer_ros.msg import EmotionEstimate, Face, FaceArray

from fer_ros.emotions import LABEL_SPACES
from fer_ros.nodes.messages import image_to_msg

from . import images

LABELS = LABEL_SPACES["ferplus"]
NOWHERE = (nan, nan, nan, nan)
ANYWHERE = (0.3, 0.2, 0.5, 0.6)


def a_face(face_id="face_1", box=(100.0, 60.0, 180.0, 160.0), **fields):
    """A face of the picture in images.py, as the faces node sends it."""
    crop = image_to_msg(np.ascontiguousarray(images.face()[60:160, 100:200]), images.header(0.0))
    return Face(id=face_id, box=np.array(box, np.float32), score=0.9, **{"crop": crop, **fields})


def an_array(*faces, stamp=1.0, size=(320, 240)):
    return FaceArray(
        header=images.header(stamp),
        image_width=size[0],
        image_height=size[1],
        finder="haar",
        reader="none",
        faces=list(faces),
    )


def an_estimate(stamp, label="happy", probability=0.9, *, face_id="face_1", box=ANYWHERE, cloud=False):
    """An estimate that gives one label a probability, and the others what is left."""
    rest = (1.0 - probability) / (len(LABELS) - 1)
    return EmotionEstimate(
        header=images.header(stamp),
        face_id=face_id,
        box=np.array(box, np.float32),
        source=EmotionEstimate.CLOUD if cloud else EmotionEstimate.ROBOT,
        model="told@1",
        labels=list(LABELS),
        probabilities=[probability if name == label else rest for name in LABELS],
        prediction_set=[label],
        coverage=0.9,
        valence=0.5,
        arousal=0.2,
        face_size_px=80.0,
        rate_hz=30.0,
        frames=10,
        latency_s=0.01,
    )


def nobody(stamp):
    """The word that an image held no face."""
    return EmotionEstimate(
        header=images.header(stamp),
        box=np.array(NOWHERE, np.float32),
        model="told@1",
        abstained=True,
        reason="no face",
        coverage=nan,
        valence=nan,
        arousal=nan,
        face_size_px=nan,
        rate_hz=nan,
    )
