"""consent: what people are told, what they allow, and a log of what was decided."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from std_msgs.msg import Header
from std_srvs.srv import SetBool

from fer_ros.audit import AuditLog
from fer_ros.consent.notice import load_notice
from fer_ros.consent.params import ConsentParams, DeploymentParams
from fer_ros.consent.permissions import Permissions
from fer_ros.errors import ParameterError
from fer_ros.health import Concern, Level, Look
from fer_ros.mode import Mode
from fer_ros.msg import ConversationCue, EmotionEstimate, Notice, OperatingMode
from fer_ros.msg import Permission as PermissionMsg
from fer_ros.nodes.messages import to_time
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import permission_to_msg, refuse_unlawful
from fer_ros.nodes.qos import ESTIMATES, LATCHED, RESULTS
from fer_ros.srv import SetOptOut


class ConsentNode(FerNode):
    """Publishes notice and permission (latched), in this order; nothing is inferred without it."""

    def __init__(self, **options: Any) -> None:
        super().__init__("consent", **options)
        self.params = declare(self, ConsentParams)
        self._deployment = declare(self, DeploymentParams)
        self._permissions = Permissions(self.params)
        self._log: AuditLog | None = None
        self._told_failure = False
        self._models: dict[str, str] = {}  # machine → the newest one's name
        notice = load_notice(self.params.notice_file)
        if self.params.audit_log:
            self._log = AuditLog(Path(self.params.audit_log).expanduser())
        self._refuse_unlawful()
        self._languages = list(notice)
        self._notices = self.create_publisher(Notice, "notice", LATCHED)
        self._permission = self.create_publisher(PermissionMsg, "permission", LATCHED)
        self._begin(notice)
        self.create_service(SetBool, "enable", self._on_enable)
        self.create_service(SetBool, "consent", self._on_consent)
        self.create_service(SetOptOut, "opt_out", self._on_opt_out)
        if self._log is not None:
            self._listen()

    def look(self) -> Look:
        """Where the robot is, and what is allowed."""
        now = self._permissions.now
        values = {
            "deployment_context": self._deployment.deployment_context,
            "notice": ", ".join(self._languages),
            "enabled": now.enabled,
            "consent_required": now.consent_required,
            "consent": now.consent.name,
            "opted_out": len(now.opted_out),
        }
        lost = self._log.lost if self._log is not None else 0
        concerns = [Concern(Level.WARN, f"{lost} lines of the audit log are lost")] if lost else []
        return Look(values, concerns, now.why_not or "inference is allowed")

    def destroy_node(self) -> None:
        """Close the log."""
        if self._log is not None:
            self._log.close()
            self._log = None
        super().destroy_node()

    def _refuse_unlawful(self) -> None:
        deployment = self._deployment
        try:
            refuse_unlawful(self, deployment)
        except ParameterError:
            self._note("refused", deployment_context=deployment.deployment_context)
            self.destroy_node()
            raise

    def _begin(self, notice: Any) -> None:
        context, exception = self._deployment.deployment_context, self._deployment.exception
        self._notices.publish(
            Notice(
                header=Header(stamp=to_time(self.now())),
                languages=list(notice),
                texts=list(notice.values()),
                deployment_context=context,
            )
        )
        self._note("notice", languages=list(notice), deployment_context=context)
        if exception:
            self._note("exception", deployment_context=context, exception=exception)
        now = self._permissions.now
        self._note("enable", enabled=now.enabled, by="start")
        self._note("consent", required=now.consent_required, consent=now.consent.name, by="start")
        self._announce()

    def _announce(self) -> None:
        self._permission.publish(permission_to_msg(self._permissions.now, self.now()))

    def _on_enable(self, request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        self._permissions.enable(request.data)
        return self._answer(response, "enable", enabled=request.data)

    def _on_consent(self, request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        self._permissions.consent(request.data)
        now = self._permissions.now
        return self._answer(response, "consent", required=now.consent_required, consent=now.consent.name)

    def _on_opt_out(self, request: SetOptOut.Request, response: SetOptOut.Response) -> SetOptOut.Response:
        try:
            self._permissions.opt_out(request.face_id, request.opted_out)
        except ParameterError as error:
            response.success, response.message = False, str(error)
            return response
        return self._answer(response, "opt_out", opted_out=request.opted_out)

    def _answer(self, response: Any, kind: str, **about: Any) -> Any:
        """Put in force what was decided, before anybody is told that it is."""
        self._announce()
        self._note(kind, by="service", **about)
        now = self._permissions.now
        out = f"; faces that opted out: {len(now.opted_out)}" if now.opted_out else ""
        response.success, response.message = True, f"{now.why_not or 'inference is allowed'}{out}"
        self.get_logger().info(f"{kind}: {response.message}")
        return response

    def _listen(self) -> None:
        """Hear what the log is to hold; nothing of it is kept otherwise."""
        self.create_subscription(OperatingMode, "mode", self._on_mode, LATCHED)
        self.create_subscription(ConversationCue, "cue", self._on_cue, RESULTS)
        for machine in ("robot", "cloud"):
            self.create_subscription(
                EmotionEstimate, f"emotion/{machine}", self._on_estimate(machine), ESTIMATES
            )

    def _on_mode(self, msg: OperatingMode) -> None:
        mode = Mode(msg.mode).name if msg.mode in set(Mode) else str(msg.mode)
        self._note("mode", mode=mode, forced=msg.forced, reason=msg.reason)

    def _on_cue(self, msg: ConversationCue) -> None:
        self._note("cue", cue=msg.cue, rule=msg.rule)

    def _on_estimate(self, machine: str) -> Callable[[EmotionEstimate], None]:
        def note(msg: EmotionEstimate) -> None:
            if self._models.get(machine) != msg.model:
                self._models[machine] = msg.model
                self._note("model", machine=machine, model=msg.model)

        return note

    def _note(self, kind: str, **about: Any) -> None:
        """Append to the log, in the time that people live in, simulated or not."""
        if self._log is None:
            return
        self._log.write(time.time(), kind, **about)
        failure = self._log.failure
        if failure and not self._told_failure:
            self.get_logger().error(
                f"audit_log {self._log.path} cannot be written ({failure}): lines are lost; the graph goes on"
            )
        self._told_failure = self._told_failure or bool(failure)
