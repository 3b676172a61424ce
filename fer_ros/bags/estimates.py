"""Estimates as messages, without ROS: what a bag gets beside the images they were made of."""

from math import nan
from typing import Any

import numpy as np
from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime

from fer_ros.bags.definitions import own_types
from fer_ros.estimators.estimate import Estimate
from fer_ros.sources.recording import Channel

KIND = "fer_ros/msg/EmotionEstimate"
NS = 1_000_000_000
DEPTH = 100  # as the graph's estimators offer them
FOREVER = QosTime(9223372036, 854775807)
QOS = Qos(
    QosHistory.KEEP_LAST,
    DEPTH,
    QosReliability.RELIABLE,
    QosDurability.VOLATILE,
    FOREVER,
    FOREVER,
    QosLiveliness.AUTOMATIC,
    FOREVER,
    False,
)


def estimates_channel(topic: str) -> Channel:
    """The topic of estimates, as the graph offers it."""
    return Channel(topic, KIND, qos=(QOS,))


def estimate_message(estimate: Estimate, stamp_ns: int, frame_id: str, machine: str) -> bytes:
    """A serialised EmotionEstimate (CDR).

    Args:
        estimate: what it says. Its latency is not measured: nobody waited for it.
        stamp_ns: acquisition time of its image, ns.
        frame_id: of the image's header.
        machine: who made it, robot or cloud.
    """
    types = own_types()
    kind: Any = types.types[KIND]
    stamp = types.types["builtin_interfaces/msg/Time"](stamp_ns // NS, stamp_ns % NS)
    message = kind(
        header=types.types["std_msgs/msg/Header"](stamp, frame_id),
        face_id=estimate.face_id,
        box=np.array(estimate.box, np.float32),
        source=getattr(kind, machine.upper()),
        model=estimate.model,
        labels=list(estimate.labels),
        probabilities=np.asarray(estimate.probabilities, np.float32),
        prediction_set=list(estimate.prediction_set),
        coverage=estimate.coverage,
        abstained=estimate.abstained,
        reason=estimate.reason,
        valence=estimate.valence,
        arousal=estimate.arousal,
        face_size_px=estimate.face_size_px,
        rate_hz=estimate.rate_hz,
        frames=estimate.frames,
        latency_s=nan,
    )
    return bytes(types.serialize_cdr(message, KIND))
