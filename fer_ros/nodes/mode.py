"""mode: the robot's and the cloud's estimates in, one stream of estimates out."""

from functools import cached_property
from typing import Any

from rclpy.serialization import deserialize_message, serialize_message
from std_msgs.msg import Header, String

from fer_ros.errors import ParameterError
from fer_ros.estimators.estimate import Estimate
from fer_ros.fusion import combine
from fer_ros.health import Concern, Level, Look
from fer_ros.identity import FaceMatcher
from fer_ros.mode import ASKED, Mode, ModeChange, ModeParams, ModeSwitch, parse_mode
from fer_ros.msg import EmotionEstimate, OperatingMode
from fer_ros.nodes.deciding import DecidingNode
from fer_ros.nodes.glance import Glance, Glancer
from fer_ros.nodes.messages import (
    estimate_from_msg,
    estimate_problem,
    estimate_to_msg,
    to_time,
)
from fer_ros.nodes.node import WARN_EVERY_S
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import Permitted
from fer_ros.nodes.qos import ESTIMATES, LATCHED
from fer_ros.selection import Passed, Selector, Step
from fer_ros.srv import SetMode


class _Told:
    """An estimate as it came; decoded as a whole where it is combined with another."""

    def __init__(self, data: bytes, face_id: str, *, renamed: bool) -> None:
        self._data, self._face_id, self._renamed = data, face_id, renamed

    @cached_property
    def msg(self) -> EmotionEstimate:
        """With the robot's name of the face."""
        msg = deserialize_message(self._data, EmotionEstimate)
        msg.face_id = self._face_id
        return msg

    @cached_property
    def estimate(self) -> Estimate:
        """The same for the core."""
        return estimate_from_msg(self.msg)

    @property
    def passes(self) -> EmotionEstimate | bytes:
        """What is published where it passes as it is."""
        return self.msg if self._renamed else self._data


class ModeNode(DecidingNode):
    """Publishes emotion, and mode (latched); the cloud's faces get the robot's ids."""

    def __init__(self, **options: Any) -> None:
        super().__init__("mode", **options)
        self.params = declare(self, ModeParams)
        self._switch = ModeSwitch(self.params)
        self._selector: Selector[_Told] = Selector(self._switch)
        self._matcher = FaceMatcher()
        self._announced = False
        self.permitted = Permitted(self, tells=False)
        self._speak(EmotionEstimate, "emotion", ESTIMATES)
        self._speak(OperatingMode, "mode", LATCHED)
        self._hear(EmotionEstimate, "emotion/robot", self._on_robot, ESTIMATES, Glancer())
        self._hear(EmotionEstimate, "emotion/cloud", self._on_cloud, ESTIMATES, Glancer())
        self.create_service(SetMode, "set_mode", self._on_set_mode)
        self.hears.append(ASKED)
        self._begin_ticks(self.params.tick_hz)

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
        return Look(values, [concern] if alone else [], self.permitted.why_shut)

    def tick(self, now: float) -> None:
        """Look for silence; at first, say the mode in force."""
        if self._announced:
            self._take(self._selector.tick(now), now)
            return
        self._announced = True
        self._announce(self._switch.state(now))

    def _on_robot(self, seen: Glance, data: bytes, now: float) -> None:
        if self._is_bad(seen):
            return
        self._matcher.see(seen.stamp, seen.face_id, seen.box)
        self.flow.passed(seen.stamp, now)
        told = _Told(data, seen.face_id, renamed=False)
        self._take(self._selector.on_robot(seen.stamp, seen.face_id, told, now), now)

    def _on_cloud(self, seen: Glance, data: bytes, now: float) -> None:
        if self._is_bad(seen):
            return
        face_id = self._matcher.rename(seen.stamp, seen.face_id, seen.box)
        told = _Told(data, face_id, renamed=face_id != seen.face_id)
        self._take(self._selector.on_cloud(seen.stamp, face_id, told, now), now)

    def _is_bad(self, seen: Glance) -> bool:
        problem = estimate_problem(seen)
        if problem:
            self.get_logger().warning(
                f"an estimate of {seen.model} was dropped: {problem}", throttle_duration_sec=WARN_EVERY_S
            )
        return bool(problem)

    def _take(self, step: Step[_Told], now: float) -> None:
        if step.change is not None:
            self._announce(step.change)
        for passed in step.publish:
            self._say("emotion", self._message(passed, now))

    def _message(self, passed: Passed[_Told], now: float) -> EmotionEstimate | bytes:
        """What is published: an estimate as it came, or the combined one under the robot's header."""
        own, cloud, then = passed.estimate, passed.cloud, passed.then
        if cloud is None or then is None:
            return own.passes
        params = self.params
        both = combine(own.estimate, then.estimate, cloud.estimate, params.cloud_weight, params.sure_from)
        if both is own.estimate:
            self._tell_why_not(own.estimate, cloud.estimate)
            return own.passes
        return estimate_to_msg(both, own.msg.header, int(passed.source), now - both.stamp)

    def _tell_why_not(self, own: Estimate, cloud: Estimate) -> None:
        if own.labels and cloud.labels and own.labels != cloud.labels:
            self.get_logger().warning(
                f"the cloud's labels are {', '.join(cloud.labels)}, the robot's {', '.join(own.labels)}: its "
                "estimates cannot be combined with ours; give both estimators the same `labels`",
                once=True,
            )

    def _announce(self, change: ModeChange) -> None:
        self.get_logger().info(f"mode {change.mode.name}: {change.reason}")
        self._say(
            "mode",
            OperatingMode(
                header=Header(stamp=to_time(change.at_s)),
                mode=int(change.mode),
                forced=change.forced,
                reason=change.reason,
                cloud_age_s=change.cloud_age_s,
            ),
        )

    def _on_set_mode(self, request: SetMode.Request, response: SetMode.Response) -> SetMode.Response:
        try:
            wanted = parse_mode(request.mode)
        except ParameterError as error:
            response.success, response.message = False, str(error)
            return response
        now = self._judge(ASKED, bytes(serialize_message(String(data=request.mode))))
        self._take(self._selector.force(wanted, now), now)
        response.success, response.message = True, self._switch.state(now).reason
        return response
