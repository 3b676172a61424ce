"""Messages of EmotionEstimate, OperatingMode and Turn, as any library gives them, checked at the border.

Only the fields' names are used, so that the node (rclpy) and a dry run (rosbags) read them alike.
"""

from math import isfinite, nan
from typing import Any

from fer_ros.conversation.observation import Observation
from fer_ros.conversation.turns import Turn, TurnState
from fer_ros.errors import FerError
from fer_ros.mode import Mode

LONGEST = 1000  # characters of an id or a topic; longer ones are not meant as such


def stamp_of(msg: Any) -> float:
    """The stamp of a message's header, s."""
    return float(msg.header.stamp.sec + msg.header.stamp.nanosec * 1e-9)


def observation_of(msg: Any, stamp: float | None = None) -> Observation:
    """What the conversation needs of an EmotionEstimate, of the robot, the cloud, or both.

    Args:
        msg: the estimate.
        stamp: of it, s, where that is known already.

    Raises:
        FerError: labels and probabilities do not match.
    """
    if len(msg.probabilities) and len(msg.labels) != len(msg.probabilities):
        raise FerError(
            f"an estimate has {len(msg.labels)} labels for {len(msg.probabilities)} probabilities; "
            "its sender must give one for each"
        )
    return Observation(
        stamp_of(msg) if stamp is None else stamp,
        msg.face_id,
        msg.labels,
        [float(p) for p in msg.probabilities],
        msg.prediction_set,
        bool(msg.abstained),
        _in_affect_space(msg.valence),
        _in_affect_space(msg.arousal),
        float(msg.face_size_px) if isfinite(msg.face_size_px) else nan,
    )


def mode_of(msg: Any) -> Mode:
    """The mode of an OperatingMode; FerError for a number that is none."""
    if msg.mode not in set(Mode):
        raise FerError(f"mode is {msg.mode}; its sender must give one of OperatingMode's constants")
    return Mode(msg.mode)


def turn_of(msg: Any, now: float) -> Turn:
    """The announcement of a Turn; one without a stamp is about `now`, in s.

    Raises:
        FerError: the state is none of Turn's, or the turn has no id.
    """
    if msg.state not in set(TurnState):
        raise FerError(f"the state of turn {msg.id!r} is {msg.state}; give one of Turn's constants")
    if not msg.id or max(len(msg.id), len(msg.topic)) > LONGEST:
        raise FerError(
            f"a turn has an id of {len(msg.id)} and a topic of {len(msg.topic)} characters; "
            f"give an id, and at most {LONGEST}"
        )
    return Turn(stamp_of(msg) or now, msg.id, msg.topic, TurnState(msg.state))


def _in_affect_space(value: float) -> float:
    return float(value) if -1.0 <= value <= 1.0 else nan
