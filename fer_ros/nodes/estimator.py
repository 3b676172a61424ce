"""estimator: faces in, calibrated estimates of their apparent expression out."""

from typing import Any

from fer_ros.estimators.open import open_estimator
from fer_ros.estimators.params import EstimatorParams
from fer_ros.msg import EmotionEstimate, FaceArray
from fer_ros.nodes.messages import estimate_to_msg, faces_from_msg, seconds
from fer_ros.nodes.node import WARN_EVERY_S, FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import ESTIMATES, RESULTS

SOURCES = {"robot": EmotionEstimate.ROBOT, "cloud": EmotionEstimate.CLOUD}


class Estimator(FerNode):
    """Publishes emotion/robot or emotion/cloud: one message a face, or one that says that there is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__("estimator", **options)
        self.params = declare(self, EstimatorParams)
        self.dropped = 0
        self._estimator = open_estimator(self.params)
        self._estimates = self.create_publisher(EmotionEstimate, f"emotion/{self.params.machine}", ESTIMATES)
        self.create_subscription(FaceArray, "faces", self.guarded(self._on_faces), RESULTS)

    def _on_faces(self, msg: FaceArray) -> None:
        stamp = seconds(msg.header.stamp)
        size = msg.image_width, msg.image_height
        estimates = self._estimator.update(faces_from_msg(msg), size, stamp)
        latency_s = self.now() - stamp
        if 0 < self.params.max_age_s < latency_s:
            self.dropped += 1
            self.get_logger().warning(
                f"{self.dropped} estimates were dropped, the last {latency_s:.2f} s after its image: this "
                f"machine is too busy; max_age_s {self.params.max_age_s:g} sets the limit",
                throttle_duration_sec=WARN_EVERY_S,
            )
            return
        for estimate in estimates:
            self._estimates.publish(
                estimate_to_msg(estimate, msg.header, SOURCES[self.params.machine], latency_s)
            )
