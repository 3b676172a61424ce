"""Watches a graph of separate processes: starts the camera when everybody listens, and counts."""

import json
import sys

import numpy as np
import rclpy
from fer_ros.msg import EmotionEstimate, FaceArray

from fer_ros.nodes.camera import Camera
from fer_ros.nodes.main import spin
from fer_ros.nodes.messages import seconds
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.qos import RESULTS

LISTENERS = 2  # faces and uplink
PATIENCE_S = 30.0


class Witness(FerNode):
    """Counts answers and their latency.

    Attributes:
        answered: stamps of the images that faces has answered.
        latencies_s: from acquisition stamp to the arrival of emotion.
    """

    def __init__(self) -> None:
        super().__init__("witness")
        self.answered: set[float] = set()
        self.latencies_s: list[float] = []
        self.create_subscription(FaceArray, "faces", self._on_faces, RESULTS)
        self.create_subscription(EmotionEstimate, "emotion", self._on_emotion, RESULTS)

    def _on_faces(self, msg: FaceArray) -> None:
        self.answered.add(seconds(msg.header.stamp))

    def _on_emotion(self, msg: EmotionEstimate) -> None:
        self.latencies_s.append(self.now() - seconds(msg.header.stamp))


def main(duration_s: float) -> int:
    """Print one JSON object; status 1 when nothing came."""
    rclpy.init()
    witness = Witness()
    began = witness.now()
    ready = ("image_raw", "permission", "faces", "emotion/robot", "emotion")
    spin(
        [witness],
        lambda: (
            (
                witness.count_subscribers("image_raw") >= LISTENERS
                and all(witness.count_publishers(topic) for topic in ready[1:])
            )
            or witness.now() - began > PATIENCE_S
        ),
    )
    camera = Camera()
    camera.start()
    end = witness.now() + duration_s
    spin([witness, camera], lambda: witness.now() > end)
    camera.trigger_deactivate()
    published = camera.published
    spin([witness], lambda: len(witness.answered) >= published or witness.now() > end + 2.0)
    p50, p99 = np.percentile(witness.latencies_s, [50, 99]) * 1e3 if witness.latencies_s else (0.0, 0.0)
    print(
        json.dumps(
            {
                "images": published,
                "answered": len(witness.answered),
                "estimates": len(witness.latencies_s),
                "p50_ms": round(float(p50), 2),
                "p99_ms": round(float(p99), 2),
                "oldest_ms": round(1e3 * max(witness.latencies_s, default=0.0), 2),
            }
        )
    )
    return 0 if witness.latencies_s else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
