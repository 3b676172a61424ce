"""monitor: listens to the whole graph and keeps the numbers that `fer_ros run` shows."""

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from math import nan
from typing import Any

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray, KeyValue

from fer_ros.msg import ConversationCue, EmotionEstimate, FaceArray, LinkStatus, OperatingMode
from fer_ros.msg import Permission as PermissionMsg
from fer_ros.nodes.messages import likeliest, seconds
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.qos import ESTIMATES, LATCHED, RESULTS
from fer_ros.srv import SetLink

SOURCES = {
    EmotionEstimate.ROBOT: "robot",
    EmotionEstimate.CLOUD: "cloud",
    EmotionEstimate.BOTH: "both",
}
MODES = {OperatingMode.ONLINE: "ONLINE", OperatingMode.OFFLINE: "OFFLINE", OperatingMode.PROBING: "PROBING"}


@dataclass
class Tally:
    """What went through the graph since it started.

    Attributes:
        faces: ids seen by the robot.
        made: machine → messages on emotion/robot and emotion/cloud.
        chosen: machine, or "both" → messages on emotion.
        estimates_of_faces: messages on emotion that hold an estimate of a face.
        latencies_s: the same → from acquisition stamp to the arrival of emotion.
        first_s: when the first message on emotion came, s since the start.
        forbidden: why nothing may be inferred now; empty where it may.
    """

    images: int = 0
    images_with_faces: int = 0
    faces: set[str] = field(default_factory=set)
    made: Counter[str] = field(default_factory=Counter)
    chosen: Counter[str] = field(default_factory=Counter)
    estimates_of_faces: int = 0
    latencies_s: dict[str, list[float]] = field(default_factory=lambda: {s: [] for s in SOURCES.values()})
    modes: list[tuple[float, str, str]] = field(default_factory=list)
    cues: list[tuple[float, str, str]] = field(default_factory=list)
    first_s: float = nan
    forbidden: str = ""

    def percentiles_ms(self, machine: str = "") -> tuple[float, float]:
        """Median and 99th percentile of the latency, ms; NaN when there was no estimate."""
        chosen = [machine] if machine else list(self.latencies_s)
        values = [v for name in chosen for v in self.latencies_s[name]]
        p50, p99 = np.percentile(values, [50, 99]) * 1e3 if values else (nan, nan)
        return float(p50), float(p99)


class Monitor(FerNode):
    """Counts; and cuts and mends the link where it is told to.

    Attributes:
        newest: the newest message of each face on emotion.
        link: the newest state of the link.
        source_has_ended: the camera node says so, at /diagnostics.
    """

    def __init__(self, started: float, **options: Any) -> None:
        """Listen.

        Args:
            started: when the command was given, s on the machine's clock.
            options: rclpy's.
        """
        super().__init__("monitor", **options)
        self.tally = Tally()
        self.newest: deque[EmotionEstimate] = deque(maxlen=8)
        self.link: LinkStatus | None = None
        self.source_has_ended = False
        self.started = started
        self.create_subscription(FaceArray, "faces", self._on_faces, RESULTS)
        for machine in ("robot", "cloud"):
            self.create_subscription(EmotionEstimate, f"emotion/{machine}", self._on_made, ESTIMATES)
        self.create_subscription(EmotionEstimate, "emotion", self._on_emotion, ESTIMATES)
        self.create_subscription(OperatingMode, "mode", self._on_mode, LATCHED)
        self.create_subscription(ConversationCue, "cue", self._on_cue, RESULTS)
        self.create_subscription(LinkStatus, "link", self._on_link, LATCHED)
        self.create_subscription(PermissionMsg, "permission", self._on_permission, LATCHED)
        self.create_subscription(DiagnosticArray, "/diagnostics", self._on_diagnostics, RESULTS)
        self._camera = f"{self.get_namespace()}/camera".strip("/")
        self._set_link = self.create_client(SetLink, "set_link")

    def since_start(self) -> float:
        """Seconds since the command was given, for people: they do not live in simulated time."""
        return time.time() - self.started

    def cut_link(self, cut: bool) -> None:
        """Ask the uplink to cut or mend the link."""
        self._set_link.call_async(SetLink.Request(cut=cut))

    def _on_faces(self, msg: FaceArray) -> None:
        self.tally.images += 1
        self.tally.images_with_faces += bool(msg.faces)
        self.tally.faces.update(face.id for face in msg.faces)

    def _on_made(self, msg: EmotionEstimate) -> None:
        if msg.source in SOURCES:
            self.tally.made[SOURCES[msg.source]] += 1

    def _on_emotion(self, msg: EmotionEstimate) -> None:
        if msg.source not in SOURCES:  # a sender that is none of ours
            return
        if not self.tally.chosen:
            self.tally.first_s = self.since_start()
        machine = SOURCES[msg.source]
        self.tally.chosen[machine] += 1
        self.tally.estimates_of_faces += bool(msg.probabilities)
        self.tally.latencies_s[machine].append(self.now() - seconds(msg.header.stamp))
        if self.newest and self.newest[-1].header.stamp != msg.header.stamp:
            self.newest.clear()
        self.newest.append(msg)

    def _on_mode(self, msg: OperatingMode) -> None:
        self.tally.modes.append((self.since_start(), MODES.get(msg.mode, "?"), msg.reason))

    def _on_cue(self, msg: ConversationCue) -> None:
        self.tally.cues.append((self.since_start(), msg.cue, msg.explanation))

    def _on_permission(self, msg: PermissionMsg) -> None:
        self.tally.forbidden = msg.reason

    def _on_link(self, msg: LinkStatus) -> None:
        self.link = msg

    def _on_diagnostics(self, msg: DiagnosticArray) -> None:
        for status in msg.status:
            if status.name == self._camera:
                self.source_has_ended = KeyValue(key="ended", value=str(True)) in status.values


def spoken(msg: EmotionEstimate) -> str:
    """One line about one estimate."""
    label, probability = likeliest(msg)
    if label is None:
        return str(msg.reason)
    unsure = f" ({msg.reason})" if msg.abstained else ""
    others = [name for name in msg.prediction_set if name != label]
    return f"{label} {probability:.2f}{unsure}" + (f", or {', '.join(others)}" if others else "")
