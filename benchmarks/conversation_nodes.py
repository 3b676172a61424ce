"""The conversation's figures over ROS: `python -m benchmarks.conversation_nodes` prints one JSON line."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.conversation import (
    FACES,
    HASTY,
    RATE_HZ,
    STEP_S,
    TOLD,
    Figures,
    estimate,
    percentiles,
)
from fer_ros.emotions import FERPLUS

SPAN_S = 10.0
PATIENCE_S = 20.0
TRIPS = 100
DOMAIN = "99"  # nobody else's


class Stage:
    """Nodes of the graph and one that talks to them, in one executor as `fer_ros run` has it."""

    def __init__(self, parameters: dict[str, dict[str, Any]]) -> None:
        from rclpy.experimental import EventsExecutor
        from rclpy.node import Node

        from fer_ros.graph import NodeSpec
        from fer_ros.nodes.main import make_nodes

        self.nodes = make_nodes([NodeSpec(name) for name in parameters], parameters)
        self.probe = Node("probe")
        self._executor = EventsExecutor()
        for node in (*self.nodes, self.probe):
            self._executor.add_node(node)

    def until(self, condition: Callable[[], Any], deadline_s: float = PATIENCE_S) -> bool:
        """Spin until something is so; whether it became so in time."""
        end = time.perf_counter() + deadline_s
        while not condition() and time.perf_counter() < end:
            self._executor.spin_once(timeout_sec=0.01)
        return bool(condition())

    def close(self) -> None:
        """Destroy everything."""
        self._executor.shutdown()
        for node in (*self.nodes, self.probe):
            node.destroy_node()


def message(stamp: Any, face_id: str, emotion: str) -> Any:
    """An estimate as the robot's estimator sends it."""
    from fer_ros.msg import EmotionEstimate
    from std_msgs.msg import Header

    labels, probabilities, prediction_set, abstained, valence, arousal, size_px = estimate(emotion, 0.97)
    return EmotionEstimate(
        header=Header(stamp=stamp, frame_id="camera"),
        face_id=face_id,
        model="told@1",
        labels=list(labels),
        probabilities=probabilities,
        prediction_set=list(prediction_set),
        coverage=0.9,
        abstained=abstained,
        valence=valence,
        arousal=arousal,
        face_size_px=size_px,
        rate_hz=30.0,
        frames=10,
        latency_s=0.01,
    )


def latencies() -> Figures:
    """Of the node's callback, cue published, and of the whole way through DDS and back."""
    from fer_ros.msg import ConversationCue, EmotionEstimate
    from rclpy.serialization import serialize_message

    from fer_ros.nodes.glance import Glancer

    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "hasty.yaml"
        lines = [
            f"- {{name: {c}, cue: {c}, refractory_s: 0.5, when: {{emotion: [{e}]}}}}" for e, c in TOLD.items()
        ]
        policy.write_text("rules:\n" + "\n".join(lines))
        stage = Stage({"conversation": {"policy": str(policy), **HASTY}})
    (node,) = stage.nodes
    heard: list[float] = []
    stage.probe.create_subscription(ConversationCue, "cue", lambda _: heard.append(time.perf_counter()), 10)
    publisher = stage.probe.create_publisher(EmotionEstimate, "emotion", 10)
    stage.until(lambda: publisher.get_subscription_count() and stage.probe.count_publishers("cue"))
    callbacks, trips, glance = [], [], Glancer()
    out = _watch(node._voices["cue"])
    for step in range(2 * TRIPS):
        told = message(stage.probe.get_clock().now().to_msg(), "face_1", list(TOLD)[step % len(TOLD)])
        data = bytes(serialize_message(told))
        heard.clear()
        began = time.perf_counter()
        if step < TRIPS:
            publisher.publish(told)
            if stage.until(lambda: heard, STEP_S):
                trips.append(1e3 * (heard[0] - began))
        else:
            node._on_emotion(glance(data), data, node.now())
            callbacks.append(1e3 * (out[0] - began))
        stage.until(lambda began=began: time.perf_counter() - began >= STEP_S)
    stage.close()
    return {"callback": percentiles(callbacks), "dds": percentiles(trips)}


def _watch(publisher: Any) -> list[float]:
    """When a publisher published last."""
    publish, at = publisher.publish, [0.0]

    def timed(told: Any) -> None:
        publish(told)
        at[0] = time.perf_counter()

    publisher.publish = timed
    return at


def twenty_faces() -> Figures:
    """Share of one core that mode and conversation take, deserialising and DDS included."""
    stage = Stage({"mode": {"mode": "offline", "robot_max_age_s": 0.0}, "conversation": {}})
    manager = stage.nodes[1]._manager
    taken_in, heard = manager.on_estimate, [0]

    def counted(*arguments: Any) -> Any:
        heard[0] += 1
        return taken_in(*arguments)

    manager.on_estimate = counted
    with subprocess.Popen([sys.executable, "-m", "benchmarks.conversation_nodes", "feed"]) as feeder:
        stage.until(lambda: heard[0] > 2 * FACES * RATE_HZ)
        heard[0], cpu_s, began = 0, time.process_time(), time.perf_counter()
        stage.until(lambda: time.perf_counter() - began >= SPAN_S)
        wall_s = time.perf_counter() - began
        share, rate = (time.process_time() - cpu_s) / wall_s, heard[0] / wall_s
        feeder.terminate()
    stage.close()
    return {"share": round(share, 4), "estimates_per_s": round(rate, 1)}


def feed() -> None:
    """Publish twenty faces thirty times a second, until stopped."""
    import rclpy
    from fer_ros.msg import EmotionEstimate
    from rclpy.executors import ExternalShutdownException
    from rclpy.node import Node
    from rclpy.qos import QoSProfile

    rclpy.init()
    node = Node("feed")
    publisher = node.create_publisher(EmotionEstimate, "emotion/robot", QoSProfile(depth=10 * FACES))
    faces = [
        message(node.get_clock().now().to_msg(), f"face_{i}", FERPLUS[i % len(FERPLUS)]) for i in range(FACES)
    ]

    def publish() -> None:
        stamp = node.get_clock().now().to_msg()
        for face in faces:
            face.header.stamp = stamp
            publisher.publish(face)

    node.create_timer(1.0 / RATE_HZ, publish)
    with suppress(ExternalShutdownException):
        rclpy.spin(node)


def main() -> None:
    """Print the figures."""
    import rclpy

    rclpy.init()
    print(json.dumps({**latencies(), "twenty_faces": twenty_faces()}))
    rclpy.shutdown()


if __name__ == "__main__":
    os.environ |= {"ROS_DOMAIN_ID": DOMAIN, "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    if sys.argv[1:] == ["feed"]:
        feed()
    else:
        main()
