"""Messages as what the page shows; what is not measured stays NaN."""

from diagnostic_msgs.msg import DiagnosticStatus

from fer_ros.mode import Mode
from fer_ros.msg import ConversationCue, LinkStatus, Notice, OperatingMode
from fer_ros.nodes.messages import seconds
from fer_ros.web.seen import CueSeen, HealthSeen, LinkSeen, ModeSeen, NoticeSeen

LEVELS = {b"\x00": "OK", b"\x01": "WARN", b"\x02": "ERROR", b"\x03": "STALE"}
MOST_VALUES = 40  # that a node says of itself


def mode_seen(msg: OperatingMode) -> ModeSeen:
    """Who is in charge."""
    name = Mode(msg.mode).name if msg.mode in set(Mode) else str(msg.mode)
    return ModeSeen(name, msg.forced, msg.reason, seconds(msg.header.stamp))


def link_seen(msg: LinkStatus) -> LinkSeen:
    """How the link is."""
    return LinkSeen(**{name: getattr(msg, name) for name in LinkSeen.__dataclass_fields__})


def notice_seen(msg: Notice) -> NoticeSeen:
    """What people are told."""
    return NoticeSeen(list(msg.languages), list(msg.texts), msg.deployment_context)


def cue_seen(msg: ConversationCue, now: float) -> CueSeen:
    """A cue that comes now."""
    return CueSeen(now, msg.cue, msg.rule, msg.explanation, msg.confidence, msg.emotion, msg.face_id)


def health_seen(status: DiagnosticStatus, namespace: str) -> HealthSeen:
    """How a node in the graph's namespace is."""
    values = {each.key: each.value for each in status.values[:MOST_VALUES]}
    name = status.name.removeprefix(f"{namespace}/".lstrip("/"))
    return HealthSeen(name, LEVELS.get(status.level, "ERROR"), status.message, values)
