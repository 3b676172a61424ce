"""Recordings of a run, written for real and without ROS: an invented talk over an invented link."""

from math import nan
from pathlib import Path

import numpy as np
from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime

from fer_ros.bags.definitions import own_types
from fer_ros.bags.writer import BagWriter, Topic

START_S = 1_700_000_000.0
LABELS = ["neutral", "happiness", "sadness"]
ROBOT, CLOUD, BOTH = 0, 1, 2
ONLINE, OFFLINE, PROBING = 0, 1, 2
BOX = (0.4, 0.3, 0.6, 0.7)
ELSEWHERE = (0.0, 0.0, 0.1, 0.2)
KINDS = {
    "emotion": "EmotionEstimate",
    "emotion/robot": "EmotionEstimate",
    "emotion/cloud": "EmotionEstimate",
    "mode": "OperatingMode",
    "link": "LinkStatus",
}
FOREVER = QosTime(9223372036, 854775807)
RELIABLE = Qos(
    QosHistory.KEEP_LAST,
    10,
    QosReliability.RELIABLE,
    QosDurability.VOLATILE,
    FOREVER,
    FOREVER,
    QosLiveliness.AUTOMATIC,
    FOREVER,
    False,
)


class Script:
    """What is said when, in s since the beginning; `write` makes a bag of it."""

    def __init__(self):
        self.said = []

    def estimate(
        self, topic, at_s, age_s=0.05, label="happiness", p=0.8, face_id="face_1", source=ROBOT, box=BOX
    ):
        """An estimate received at `at_s` of an image that was `age_s` old then; label None: no face."""
        rest = (1 - p) / (len(LABELS) - 1)
        values = [p if name == label else rest for name in LABELS] if label else []
        msg = message(
            "EmotionEstimate",
            at_s - age_s,
            face_id=face_id if label else "",
            box=np.array(box if label else [nan] * 4, np.float32),
            source=source,
            labels=LABELS if label else [],
            probabilities=np.array(values, np.float32),
        )
        return self.say(topic, at_s, msg)

    def mode(self, at_s, mode, reason="because"):
        return self.say("mode", at_s, message("OperatingMode", at_s, mode=mode, reason=reason))

    def link(self, at_s, rung="crops64@15", goodput_bps=2e5, capacity_bps=1e6, profile="wifi", cut=False):
        values = {"goodput_bps": goodput_bps, "capacity_bps": capacity_bps}
        return self.say(
            "link", at_s, message("LinkStatus", at_s, payload=rung, profile=profile, cut=cut, **values)
        )

    def say(self, topic, at_s, msg):
        self.said.append((at_s, topic, msg))
        return self

    def write(self, path, namespace="/", about=None, leave_out=()):
        topics = [
            Topic(namespace + name, _full(kind), RELIABLE)
            for name, kind in KINDS.items()
            if name not in leave_out
        ]
        bag = BagWriter(path, topics, about or {})
        for at_s, topic, msg in sorted(self.said, key=lambda said: said[0]):
            if topic not in leave_out:
                data = msg if isinstance(msg, bytes) else serialised(msg)
                bag.put(namespace + topic, round((START_S + at_s) * 1e9), data)
        bag.close()
        assert (bag.failure, bag.dropped) == ("", 0)
        return path


def a_run(seconds=10.0, profile="wifi"):
    """A link that carries everything, is cut from 4 s to 6 s, and is mended; the robot never stops."""
    script = Script()
    for at_s, mode in ((0, OFFLINE), (1, PROBING), (2, ONLINE), (4.4, OFFLINE), (6.5, PROBING), (8, ONLINE)):
        if at_s < seconds:
            script.mode(at_s, mode)
    for k in range(round(2 * seconds)):
        cut = 4.0 <= k / 2 < 6.0
        rung, goodput_bps = ("nothing", 0.0) if cut else ("crops64@15", 2e5)
        script.link(k / 2, rung, goodput_bps, nan if k < 2 else 1e6, profile, cut)
    for k in range(round(30 * seconds)):
        at_s = 0.01 + k / 30
        online = 2.0 <= at_s < 4.4 or at_s >= 8.0
        label = "happiness" if at_s < 5 else "sadness"
        script.estimate("emotion/robot", at_s, 0.03, label)
        script.estimate("emotion", at_s + 0.001, 0.031, label, source=BOTH if online else ROBOT)
        if k % 2 == 0 and not 4.0 <= at_s < 6.0:
            script.estimate("emotion/cloud", at_s, 0.1, label, face_id="face_7", source=CLOUD)
    return script


def message(kind, stamp_s, **fields):
    """A message of this package: every field that is not given is empty, 0 or false."""
    types = own_types()
    full = _full(kind)
    header = types.types["std_msgs/msg/Header"](_time(START_S + stamp_s), "camera")
    values = {name: _empty(field) for name, field in types.fielddefs[full][1]}
    return types.types[full](**{**values, "header": header, **fields})


def serialised(msg):
    return bytes(own_types().serialize_cdr(msg, msg.__msgtype__))


def mcap_of(folder: Path) -> Path:
    (found,) = folder.glob("*.mcap")
    return found


def _empty(field):
    code, detail = field
    if int(code) == 1:  # a basic type
        return "" if detail[0] == "string" else False if detail[0] == "bool" else 0
    return (
        np.zeros(4, np.float32)
        if int(code) == 3
        else []
        if "string" in str(detail)
        else np.empty(0, np.float32)
    )


def _full(kind):
    return f"fer_ros/msg/{kind}"


def _time(stamp_s):
    nanoseconds = round(stamp_s * 1e9)
    kind = own_types().types["builtin_interfaces/msg/Time"]
    return kind(nanoseconds // 1_000_000_000, nanoseconds % 1_000_000_000)
