"""What the page is told of the graph, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan


@dataclass(frozen=True)
class ModeSeen:
    """Who is in charge.

    Attributes:
        mode: ONLINE, OFFLINE or PROBING.
        forced: somebody chose it.
        reason: what made it change.
        since: when, s.
    """

    mode: str
    forced: bool
    reason: str
    since: float


@dataclass(frozen=True)
class LinkSeen:
    """The link; fields and units as in LinkStatus.msg, NaN where not measured."""

    profile: str
    cut: bool
    payload: str
    why: str = ""
    delivered_bps: float = nan
    goodput_bps: float = nan
    loss: float = nan
    queue_delay_s: float = nan
    round_trip_s: float = nan
    delivered_hz: float = nan


@dataclass(frozen=True)
class NoticeSeen:
    """What people are told.

    Attributes:
        languages: language tags.
        texts: the notice in each of them.
        deployment_context: where the robot is.
    """

    languages: Sequence[str]
    texts: Sequence[str]
    deployment_context: str


@dataclass(frozen=True)
class CueSeen:
    """What the conversation could do next; fields as in ConversationCue.msg, and when, s."""

    t: float
    cue: str
    rule: str
    explanation: str
    confidence: float = nan
    emotion: str = ""
    face_id: str = ""


@dataclass(frozen=True)
class HealthSeen:
    """How a node is.

    Attributes:
        name: of the node, as the graph knows it.
        level: OK, WARN, ERROR or STALE.
        message: why.
        values: what it says of itself.
    """

    name: str
    level: str
    message: str
    values: Mapping[str, str] = field(default_factory=dict)
