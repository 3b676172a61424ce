"""REP-155's messages to the core's types and back; no arithmetic beyond units."""

from math import nan

import numpy as np
from std_msgs.msg import Header

from fer_ros.estimators.estimate import Floats
from fer_ros.faces.face import Box
from fer_ros.hri.action_units import COUNT as ACTION_UNITS
from fer_ros.hri.expression import to_word
from fer_ros.hri.gathering import Region
from fer_ros.msg import EmotionEstimate
from fer_ros.nodes.hri_interfaces import (
    Expression,
    FacialActionUnits,
    FacialLandmarks,
    NormalizedPointOfInterest2D,
    NormalizedRegionOfInterest2D,
)


def region_to_msg(region: Box, score: float, header: Header) -> NormalizedRegionOfInterest2D:
    """A region in 0..1 with the header of its image."""
    xmin, ymin, xmax, ymax = region
    return NormalizedRegionOfInterest2D(header=header, xmin=xmin, ymin=ymin, xmax=xmax, ymax=ymax, c=score)


def region_from_msg(msg: NormalizedRegionOfInterest2D) -> Region:
    """A region; `region_problem` says whether it is one."""
    return Region((msg.xmin, msg.ymin, msg.xmax, msg.ymax), float(msg.c))


def landmarks_to_msg(seventy: Floats, image_size: tuple[int, int], header: Header) -> FacialLandmarks:
    """(70, 3) landmarks of an image of (width, height) px."""
    points = [NormalizedPointOfInterest2D(x=x, y=y, c=c) for x, y, c in seventy.tolist()]
    return FacialLandmarks(header=header, landmarks=points, width=image_size[0], height=image_size[1])


def landmarks_from_msg(msg: FacialLandmarks) -> Floats:
    """(70, 3) float32: x and y as fractions of the image, and a confidence."""
    return np.array([(point.x, point.y, point.c) for point in msg.landmarks], np.float32)


def action_units_to_msg(intensities: Floats, header: Header) -> FacialActionUnits:
    """(99,) intensities; nobody measures a confidence of each."""
    return FacialActionUnits(
        header=header,
        intensity=intensities.astype(np.float32),
        confidence=np.full(ACTION_UNITS, nan, np.float32),
    )


def expression_to_msg(msg: EmotionEstimate) -> Expression:
    """An estimate in REP-155's words, with the header of its image."""
    word, confidence = to_word(msg.labels, msg.probabilities, abstained=msg.abstained)
    return Expression(
        header=msg.header,
        expression=word,
        valence=msg.valence,
        arousal=msg.arousal,
        confidence=confidence,
    )
