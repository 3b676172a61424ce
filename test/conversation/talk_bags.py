"""Conversations written into real bags, message by message."""

import numpy as np
from conversing import estimate
from rosbags.rosbag2 import StoragePlugin, Writer

from fer_ros.bags.definitions import own_types
from fer_ros.conversation.recorded import EMOTION, MODE, TURN

PLUGINS = {"mcap": StoragePlugin.MCAP, "sqlite3": StoragePlugin.SQLITE3}
START_S = 1_700_000_000.0


class TalkBag:
    """A bag being written; times are s since START_S."""

    def __init__(self, folder, storage="mcap", types=None, clock_s=0.0, namespace=""):
        self.folder, self.types, self._clock_s = folder, types or own_types(), clock_s
        self._writer = Writer(folder, version=9, storage_plugin=PLUGINS[storage])
        self._namespace = namespace
        self._connections = {}

    def __enter__(self):
        self._writer.open()
        return self

    def __exit__(self, *_):
        self._writer.close()

    def write(self, topic, kind, at_s, stamp_s=None, /, **fields):
        """A message received `at_s` (on the recorder's clock, which may differ by `clock_s`)."""
        stamp = START_S + (at_s if stamp_s is None else stamp_s)
        time = self.types.types["builtin_interfaces/msg/Time"](int(stamp), round(stamp % 1 * 1e9))
        header = self.types.types["std_msgs/msg/Header"](time, "camera")
        message = self.types.types[kind](header=header, **fields)
        self.raw(topic, kind, at_s, bytes(self.types.serialize_cdr(message, kind)))

    def raw(self, topic, kind, at_s, data):
        if topic not in self._connections:
            name = f"{self._namespace}/{topic}"
            self._connections[topic] = self._writer.add_connection(name, kind, typestore=self.types)
        self._writer.write(self._connections[topic], round((START_S + at_s + self._clock_s) * 1e9), data)

    def emotion(self, at_s, emotion=None, topic="emotion", stamp_s=None, source=0, latency_s=0.02, **more):
        """An estimate of one face; without an emotion: of an empty room."""
        seen = estimate(at_s, emotion or "neutral", **more)
        face = {
            "face_id": seen.face_id,
            "labels": list(seen.labels),
            "probabilities": np.array(seen.probabilities, np.float32),
            "prediction_set": list(seen.prediction_set),
            "abstained": seen.abstained,
            "valence": seen.valence,
            "arousal": seen.arousal,
            "face_size_px": seen.face_size_px,
        }
        if emotion is None:
            face |= {"face_id": "", "labels": [], "probabilities": np.zeros(0, np.float32), "abstained": True}
            face |= {"prediction_set": [], "valence": np.nan, "arousal": np.nan, "face_size_px": np.nan}
        self.write(
            topic,
            EMOTION,
            at_s,
            stamp_s,
            **face,
            box=np.zeros(4, np.float32),
            source=source,
            model="told@1",
            coverage=0.9,
            reason="",
            rate_hz=30.0,
            frames=1,
            latency_s=latency_s,
        )

    def turn(self, at_s, turn_id, state, topic="", stamp_s=None):
        self.write("turn", TURN, at_s, stamp_s, id=turn_id, topic=topic, state=state)

    def mode(self, at_s, mode):
        self.write("mode", MODE, at_s, mode=mode, forced=False, reason="", cloud_age_s=0.1)


def times(begin_s, end_s, rate_hz=15.0):
    return [begin_s + index / rate_hz for index in range(round((end_s - begin_s) * rate_hz))]


def write_talk(folder, **options):
    """Neutral, then the robot speaks about lunch and the face turns angry, then the room is empty: 16 s."""
    with TalkBag(folder, **options) as bag:
        bag.mode(0.0, 1)
        for at_s in times(0.0, 5.0):
            bag.emotion(at_s, "neutral")
        bag.turn(4.0, "t1", 0, "lunch")
        bag.turn(8.0, "t1", 1, "lunch")
        for at_s in times(5.0, 12.0):
            bag.emotion(at_s, "angry", source=2)
        for at_s in times(12.0, 16.0):
            bag.emotion(at_s)
    return folder
