"""Estimates as messages, without ROS: what a bag gets beside the images they were made of."""

from math import nan
from typing import Any

from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime

from fer_ros.bags.definitions import own_types
from fer_ros.estimators.estimate import Estimate, message_fields
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
        source=getattr(kind, machine.upper()),
        latency_s=nan,
        **message_fields(estimate),
    )
    return bytes(types.serialize_cdr(message, KIND))
