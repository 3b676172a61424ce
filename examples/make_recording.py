"""Write a recording of a conversation that never happened, to try policies on without a robot.

    python examples/make_recording.py talk/
    fer_ros policy dry-run museum_guide talk/

It holds the topics emotion, mode and turn of a talk of about a minute: a visitor comes, likes what is
said about weather, dislikes lunch, is surprised by dinosaurs and leaves in the middle of history.
"""

import argparse
import random
from pathlib import Path

from rosbags.rosbag2 import StoragePlugin, Writer

from fer_ros.bags.definitions import own_types
from fer_ros.conversation.recorded import EMOTION, MODE, TURN
from fer_ros.emotions import FERPLUS, VALENCE_AROUSAL

RATE_HZ = 30.0
LATENCY_S = 0.02
START_S = 1_700_000_000
SPEAKING, LISTENING, ENDED = 0, 1, 2
ONLINE, OFFLINE = 0, 1

# (s of it, apparent expression, probability); "" is an empty room, "?" a face that cannot be read.
FACE = (
    (2.0, "", 0.0),
    (5.0, "neutral", 0.8),
    (9.0, "happy", 0.92),
    (6.0, "neutral", 0.75),
    (9.0, "angry", 0.85),
    (4.0, "?", 0.0),
    (5.0, "neutral", 0.8),
    (3.0, "surprise", 0.9),
    (6.0, "happy", 0.7),
    (4.0, "neutral", 0.8),
    (9.0, "", 0.0),
)
# (at s, turn, topic, state)
TURNS = (
    (5.0, "t1", "weather", SPEAKING),
    (10.0, "t1", "weather", LISTENING),
    (15.0, "t1", "weather", ENDED),
    (20.0, "t2", "lunch", SPEAKING),
    (25.0, "t2", "lunch", LISTENING),
    (36.0, "t2", "lunch", ENDED),
    (38.0, "t3", "dinosaurs", SPEAKING),
    (44.0, "t3", "dinosaurs", LISTENING),
    (49.0, "t3", "dinosaurs", ENDED),
    (50.0, "t4", "history", SPEAKING),
    (57.0, "t4", "history", ENDED),
)
MODES = ((0.0, ONLINE, "started"), (30.0, OFFLINE, "the newest cloud result is 401 ms old"))


class Recorder:
    """Messages of this package, written into a bag."""

    def __init__(self, writer: Writer) -> None:
        self._types = own_types()
        self._writer = writer
        self._connections = {
            kind: writer.add_connection(f"/{topic}", kind, typestore=self._types)
            for topic, kind in (("emotion", EMOTION), ("mode", MODE), ("turn", TURN))
        }

    def write(self, at_s: float, kind: str, **fields: object) -> None:
        """Write a message that was stamped `at_s` after the start and received a little later."""
        stamp = START_S + at_s
        time = self._types.types["builtin_interfaces/msg/Time"](int(stamp), round(stamp % 1 * 1e9))
        header = self._types.types["std_msgs/msg/Header"](time, "camera")
        message = self._types.types[kind](header=header, **fields)
        received_ns = round((stamp + (LATENCY_S if kind == EMOTION else 0.0)) * 1e9)
        data = self._types.serialize_cdr(message, kind)
        self._writer.write(self._connections[kind], received_ns, bytes(data))


def main() -> None:
    """Write the bag named on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where to; must not exist yet")
    parser.add_argument("--seed", type=int, default=1, help="of the estimates' noise (default 1)")
    args = parser.parse_args()
    if args.folder.exists():
        parser.error(f"{args.folder} exists; name a new folder")
    with Writer(args.folder, version=9, storage_plugin=StoragePlugin.MCAP) as writer:
        record(Recorder(writer), random.Random(args.seed))  # noqa: S311  (noise, no secret)


def record(recorder: Recorder, noise: random.Random) -> None:
    """Write everything."""
    for at_s, turn_id, topic, state in TURNS:
        recorder.write(at_s, TURN, id=turn_id, topic=topic, state=state)
    for at_s, mode, reason in MODES:
        recorder.write(at_s, MODE, mode=mode, forced=False, reason=reason, cloud_age_s=0.1)
    begin = 0.0
    for span_s, expression, probability in FACE:
        for index in range(round(span_s * RATE_HZ)):
            recorder.write(begin + index / RATE_HZ, EMOTION, **estimate(expression, probability, noise))
        begin += span_s


def estimate(expression: str, probability: float, noise: random.Random) -> dict[str, object]:
    """The fields of an EmotionEstimate."""
    import numpy as np

    nowhere, unknown = np.full(4, np.nan, np.float32), float("nan")
    common = {"source": 0, "model": "told@1", "coverage": 0.9, "latency_s": LATENCY_S}
    if not expression:
        common |= {"face_id": "", "box": nowhere, "labels": [], "probabilities": np.zeros(0, np.float32)}
        common |= {"prediction_set": [], "abstained": True, "reason": "no face", "valence": unknown}
        return common | {"arousal": unknown, "face_size_px": unknown, "rate_hz": unknown, "frames": 0}
    unsure = expression == "?"
    best = 1 / len(FERPLUS) if unsure else min(0.98, max(0.3, probability + noise.gauss(0.0, 0.08)))
    rest = (1.0 - best) / (len(FERPLUS) - 1)
    probabilities = np.array([best if label == expression else rest for label in FERPLUS], np.float32)
    valence, arousal = (float(v) for v in probabilities @ np.array([VALENCE_AROUSAL[x] for x in FERPLUS]))
    likely = [expression] if best > 0.5 else [expression, "neutral"]
    return common | {
        "face_id": "face_1",
        "box": np.array((0.4, 0.3, 0.6, 0.7), np.float32),
        "labels": list(FERPLUS),
        "probabilities": probabilities,
        "prediction_set": list(FERPLUS) if unsure else likely,
        "abstained": unsure,
        "reason": "unsure" if unsure else "",
        "valence": valence,
        "arousal": arousal,
        "face_size_px": 120.0,
        "rate_hz": RATE_HZ,
        "frames": 1,
    }


if __name__ == "__main__":
    main()
