"""estimator: faces in, calibrated estimates of their apparent expression out."""

from math import nan
from time import perf_counter
from typing import Any

from fer_ros.consent.params import DeploymentParams
from fer_ros.estimators.crop_or_shapes import CropOrShapes
from fer_ros.estimators.open import open_estimator
from fer_ros.estimators.params import EstimatorParams
from fer_ros.estimators.streaming import Estimator as Estimates
from fer_ros.health import Look
from fer_ros.msg import EmotionEstimate, FaceArray
from fer_ros.nodes.managed import ManagedNode
from fer_ros.nodes.messages import estimate_to_msg, faces_from_msg, seconds
from fer_ros.nodes.node import WARN_EVERY_S
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import Permitted, refuse_unlawful
from fer_ros.nodes.qos import ESTIMATES, RESULTS

SOURCES = {"robot": EmotionEstimate.ROBOT, "cloud": EmotionEstimate.CLOUD}


class Estimator(ManagedNode):
    """Publishes emotion/robot or emotion/cloud: one message a face, or one that says that there is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__("estimator", **options)
        self.params = declare(self, EstimatorParams)
        self._deployment = declare(self, DeploymentParams)
        # The cloud is sent only what was allowed on the robot.
        self.permitted = Permitted(self) if self.params.machine == "robot" else None
        self._estimator: Estimates | CropOrShapes | None = None
        self._inference_s = nan
        self._estimates = self.create_publisher(EmotionEstimate, f"emotion/{self.params.machine}", ESTIMATES)
        self.create_subscription(FaceArray, "faces", self.guarded(self._on_faces), RESULTS)

    def load(self) -> None:
        """Load the models and run them once."""
        self._estimator = open_estimator(self.params)

    def begin(self) -> None:
        """Work, where that is lawful."""
        refuse_unlawful(self, self._deployment)

    def free(self) -> None:
        """Let the models go."""
        self._estimator = None

    def look(self) -> Look:
        """The model and how long it takes."""
        values = {
            "model": self.params.model,
            "labels": self.params.labels,
            "inference_ms": 1e3 * self._inference_s,
            "dropped": self.flow.dropped,
        }
        gate = self.permitted
        if gate is None:  # how much comes is the link's and the robot's doing
            return Look(values, idle=self.idle or "as the robot sends")
        return Look(values, gate.concerns, self.idle or gate.why_shut)

    def _on_faces(self, msg: FaceArray) -> None:
        gate = self.permitted
        if self._estimator is None or not self.active or (gate is not None and not gate.open):
            return
        stamp = seconds(msg.header.stamp)
        size = msg.image_width, msg.image_height
        began = perf_counter()  # also where time is simulated
        opted_out = gate.opted_out if gate is not None else frozenset()
        faces = [face for face in faces_from_msg(msg) if face.id not in opted_out]
        estimates = self._estimator.update(faces, size, stamp)
        self._inference_s = perf_counter() - began
        now = self.now()
        latency_s = now - stamp
        if 0 < self.params.max_age_s < latency_s:
            self.flow.dropped += 1
            self.get_logger().warning(
                f"{self.flow.dropped} estimates were dropped, the last {latency_s:.2f} s after its image: "
                f"this machine is too busy; max_age_s {self.params.max_age_s:g} sets the limit",
                throttle_duration_sec=WARN_EVERY_S,
            )
            return
        self.flow.passed(stamp, now)
        for estimate in estimates:
            self._estimates.publish(
                estimate_to_msg(estimate, msg.header, SOURCES[self.params.machine], latency_s)
            )
