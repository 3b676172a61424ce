"""Permission as messages, and the gate of a node that infers."""

from collections.abc import Sequence

from std_msgs.msg import Header

from fer_ros.consent.gate import UNHEARD, Gate
from fer_ros.consent.params import DeploymentParams, exception_in_force
from fer_ros.consent.permissions import Consent, Permission
from fer_ros.health import Concern, Level
from fer_ros.msg import Permission as PermissionMsg
from fer_ros.nodes.messages import to_time
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.qos import LATCHED

LOOK_EVERY_S = 1.0  # whether somebody is there who could switch off
LOOKS_BEFORE_TOLD = 5  # nodes that start together find each other within seconds


class Permitted:
    """A node's gate, fed from the topic `permission`; what shuts it is logged once.

    Attributes:
        gate: read it; it is this object's to change.
    """

    def __init__(self, node: FerNode, *, tells: bool = True) -> None:
        """Listen; a node that only waits for what others infer need not tell what shuts the gate."""
        self.gate = Gate()
        self._node = node
        self._tells = tells
        self._told = ""
        self._looks = 0
        heard = node.create_subscription(PermissionMsg, "permission", self._hear, LATCHED)
        self._topic = heard.topic_name
        node.create_timer(LOOK_EVERY_S, self._look)

    @property
    def open(self) -> bool:
        """Whether anything may be inferred."""
        return self.gate.open

    @property
    def opted_out(self) -> frozenset[str]:
        """Ids of faces about which nothing may be inferred."""
        return self.gate.opted_out

    @property
    def why_shut(self) -> str:
        """Why nothing may be inferred; empty while it may."""
        return self.gate.why_shut

    @property
    def concerns(self) -> Sequence[Concern]:
        """That it is shut though nobody wants that, for `look`."""
        return [Concern(Level.WARN, self.gate.fault)] if self.gate.fault else []

    def _hear(self, msg: PermissionMsg) -> None:
        self.gate.alone = False
        self.gate.hear(permission_from_msg(msg))
        self._tell()

    def _look(self) -> None:
        self._looks += 1
        self.gate.alone = self._node.count_publishers(self._topic) == 0
        self._tell()

    def _tell(self) -> None:
        why = self.gate.why_shut
        if not self._tells or why == self._told or (why == UNHEARD and self._looks < LOOKS_BEFORE_TOLD):
            return
        self._told = why
        if self.gate.fault:
            self._node.warn(f"nothing is inferred: {why}")
        else:
            self._node.get_logger().info(f"nothing is inferred: {why}" if why else "inference is allowed")


def refuse_unlawful(node: FerNode, params: DeploymentParams) -> None:
    """Log the exception that inference rests on, where it needs one.

    Raises:
        ParameterError: there is none.
    """
    exception = exception_in_force(params)
    if exception:
        node.warn(f"{params.deployment_context}: apparent expressions are estimated because of: {exception}")


def permission_to_msg(permission: Permission, at_s: float) -> PermissionMsg:
    """What is allowed since `at_s`."""
    why_not = permission.why_not
    return PermissionMsg(
        header=Header(stamp=to_time(at_s)),
        permitted=not why_not,
        reason=why_not,
        enabled=permission.enabled,
        commands=permission.commands,
        consent_required=permission.consent_required,
        consent=int(permission.consent),
        opted_out=sorted(permission.opted_out),
        opted_in=sorted(permission.opted_in),
    )


def permission_from_msg(msg: PermissionMsg) -> Permission:
    """What is allowed; a sender that says no without a reason is taken at its word."""
    known = msg.consent in set(Consent)
    return Permission(
        enabled=msg.enabled,
        commands=msg.commands,
        consent_required=msg.consent_required,
        consent=Consent(msg.consent) if known else Consent.WITHDRAWN,
        opted_out=frozenset(msg.opted_out),
        opted_in=frozenset(msg.opted_in),
        told="" if msg.permitted else (msg.reason or "the node `consent` does not permit it"),
    )
