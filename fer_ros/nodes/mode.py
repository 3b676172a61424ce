"""mode: the robot's and the cloud's estimates in, one stream of estimates out."""

from dataclasses import dataclass
from typing import Any

from std_msgs.msg import Header

from fer_ros.errors import ParameterError
from fer_ros.estimators.estimate import Estimate
from fer_ros.faces.face import Box
from fer_ros.fusion import combine
from fer_ros.health import Concern, Level, Look
from fer_ros.identity import FaceMatcher
from fer_ros.mode import Mode, ModeChange, ModeParams, ModeSwitch, parse_mode
from fer_ros.msg import EmotionEstimate, OperatingMode
from fer_ros.nodes.messages import (
    estimate_from_msg,
    estimate_problem,
    estimate_to_msg,
    seconds,
    to_time,
)
from fer_ros.nodes.node import WARN_EVERY_S, FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import ESTIMATES, LATCHED
from fer_ros.selection import Passed, Selector, Step
from fer_ros.srv import SetMode


@dataclass(frozen=True, eq=False)
class _Told:
    """An estimate as it came, and for the core."""

    msg: EmotionEstimate
    estimate: Estimate


class ModeNode(FerNode):
    """Publishes emotion, and mode (latched); the cloud's faces get the robot's ids."""

    def __init__(self, **options: Any) -> None:
        super().__init__("mode", **options)
        self.params = declare(self, ModeParams)
        self._switch = ModeSwitch(self.params)
        self._selector: Selector[_Told] = Selector(self._switch)
        self._matcher = FaceMatcher()
        self._seen: dict[float, list[tuple[str, Box]]] = {}  # the robot's faces in its newest image
        self._emotion = self.create_publisher(EmotionEstimate, "emotion", ESTIMATES)
        self._mode = self.create_publisher(OperatingMode, "mode", LATCHED)
        self._announce(self._switch.state(self.now()))
        self.create_subscription(EmotionEstimate, "emotion/robot", self._on_robot, ESTIMATES)
        self.create_subscription(EmotionEstimate, "emotion/cloud", self._on_cloud, ESTIMATES)
        self.create_service(SetMode, "set_mode", self._on_set_mode)
        self.create_timer(1.0 / self.params.tick_hz, lambda: self._take(self._selector.tick(self.now())))

    def look(self) -> Look:
        """The mode, and why; without the cloud the robot goes on alone, which somebody should know."""
        state = self._switch.state(self.now())
        values = {
            "mode": state.mode.name,
            "forced": state.forced,
            "reason": state.reason,
            "cloud_age_s": state.cloud_age_s,
            **{f"dropped_{why}": number for why, number in self._selector.dropped.items()},
        }
        alone = state.mode is not Mode.ONLINE and not state.forced
        concern = Concern(Level.WARN, f"{state.mode.name}: {state.reason}")
        return Look(values, [concern] if alone else [])

    def _on_robot(self, msg: EmotionEstimate) -> None:
        if self._is_bad(msg):
            return
        told = _Told(msg, estimate_from_msg(msg))
        stamp = told.estimate.stamp
        self._remember(stamp, msg)
        now = self.now()
        self.flow.passed(stamp, now)
        self._take(self._selector.on_robot(stamp, msg.face_id, told, now))

    def _on_cloud(self, msg: EmotionEstimate) -> None:
        if self._is_bad(msg):
            return
        stamp = seconds(msg.header.stamp)
        msg.face_id = self._matcher.rename(stamp, msg.face_id, _box(msg))
        told = _Told(msg, estimate_from_msg(msg))
        self._take(self._selector.on_cloud(stamp, msg.face_id, told, self.now()))

    def _is_bad(self, msg: EmotionEstimate) -> bool:
        problem = estimate_problem(msg)
        if problem:
            self.get_logger().warning(
                f"an estimate of {msg.model} was dropped: {problem}", throttle_duration_sec=WARN_EVERY_S
            )
        return bool(problem)

    def _remember(self, stamp: float, msg: EmotionEstimate) -> None:
        """Gather the faces of one image, which come one message each."""
        if stamp not in self._seen:
            self._seen = {stamp: []}
        if msg.face_id:
            self._seen[stamp].append((msg.face_id, _box(msg)))
        self._matcher.remember(stamp, self._seen[stamp])

    def _take(self, step: Step[_Told]) -> None:
        if step.change is not None:
            self._announce(step.change)
        for passed in step.publish:
            self._emotion.publish(self._message(passed))

    def _message(self, passed: Passed[_Told]) -> EmotionEstimate:
        """What is published: an estimate as it came, or the combined one under the robot's header."""
        own, cloud, then = passed.estimate, passed.cloud, passed.then
        if cloud is None or then is None:
            return own.msg
        params = self.params
        both = combine(own.estimate, then.estimate, cloud.estimate, params.cloud_weight, params.sure_from)
        if both is own.estimate:
            self._tell_why_not(own.estimate, cloud.estimate)
            return own.msg
        return estimate_to_msg(both, own.msg.header, int(passed.source), self.now() - both.stamp)

    def _tell_why_not(self, own: Estimate, cloud: Estimate) -> None:
        if own.labels and cloud.labels and own.labels != cloud.labels:
            self.get_logger().warning(
                f"the cloud's labels are {', '.join(cloud.labels)}, the robot's {', '.join(own.labels)}: its "
                "estimates cannot be combined with ours; give both estimators the same `labels`",
                once=True,
            )

    def _announce(self, change: ModeChange) -> None:
        self.get_logger().info(f"mode {change.mode.name}: {change.reason}")
        self._mode.publish(
            OperatingMode(
                header=Header(stamp=to_time(change.at_s)),
                mode=int(change.mode),
                forced=change.forced,
                reason=change.reason,
                cloud_age_s=change.cloud_age_s,
            )
        )

    def _on_set_mode(self, request: SetMode.Request, response: SetMode.Response) -> SetMode.Response:
        try:
            wanted = parse_mode(request.mode)
        except ParameterError as error:
            response.success, response.message = False, str(error)
            return response
        self._take(self._selector.force(wanted, self.now()))
        response.success, response.message = True, self._switch.state(self.now()).reason
        return response


def _box(msg: EmotionEstimate) -> Box:
    x0, y0, x1, y1 = (float(v) for v in msg.box)
    return x0, y0, x1, y1
