"""How a node is: what flows through it, judged against thresholds, for /diagnostics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from math import inf, nan
from typing import Any

from fer_ros.params import param


class Level(IntEnum):
    """The numbers of diagnostic_msgs/DiagnosticStatus."""

    OK = 0
    WARN = 1
    ERROR = 2


@dataclass(frozen=True)
class HealthParams:
    """When a node calls itself unwell, at /diagnostics."""

    warn_below_hz: float = param(
        5.0,
        "1/s of what flows through the node below which it warns; 0: never",
        low=0.0,
        high=1e3,
        dynamic=True,
    )
    error_after_s: float = param(
        3.0, "s without anything that are an error; 0: never", low=0.0, high=3600.0, dynamic=True
    )
    warn_age_s: float = param(
        0.25, "s, mean age of what flows above which it warns; 0: never", low=0.0, high=3600.0, dynamic=True
    )
    warn_dropped: float = param(
        0.1,
        "share of what came that was dropped above which it warns; 1: never",
        low=0.0,
        high=1.0,
        dynamic=True,
    )


@dataclass(frozen=True)
class Concern:
    """Something that somebody should know of: how grave it is, and one clause."""

    level: Level
    text: str


@dataclass(frozen=True)
class Look:
    """What a node says of itself, besides what flows through it.

    Attributes:
        values: shown as they are; NaN for what is not known.
        concerns: the gravest gives the level.
        idle: why nothing has to flow just now; empty where something has to.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    concerns: Sequence[Concern] = ()
    idle: str = ""


@dataclass(frozen=True)
class Health:
    """A level, what it is for, and values as text."""

    level: Level
    message: str
    values: Mapping[str, str]


class Flow:
    """Counts what flows through a node from one report to the next.

    Attributes:
        dropped: of what came, since the start.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._reported_s = nan
        self._reported_dropped = 0
        self._count = 0
        self._ages_s = 0.0
        self._newest_s = nan

    def passed(self, stamp: float, now: float) -> None:
        """Note one that was acquired at `stamp`; both in s of one clock."""
        self._count += 1
        self._ages_s += now - stamp
        self._newest_s = now

    def report(self, now: float) -> "Span":
        """What flowed since the last report."""
        if not self._reported_s <= now:  # the first one, or a clock that began anew
            self._reported_s, self._newest_s = now, nan
        span_s = now - self._reported_s
        count, ages_s, lost = self._count, self._ages_s, self.dropped - self._reported_dropped
        self._count, self._ages_s = 0, 0.0
        self._reported_s, self._reported_dropped = now, self.dropped
        return Span(
            rate_hz=count / span_s if span_s > 0 else nan,
            age_s=ages_s / count if count else nan,
            silent_s=now - self._newest_s,
            dropped_share=lost / (lost + count) if lost else 0.0,
        )


@dataclass(frozen=True)
class Span:
    """A stretch of a flow.

    Attributes:
        rate_hz: 1/s; NaN where no time has passed.
        age_s: s, mean; NaN where nothing flowed.
        silent_s: s since the newest; NaN: there has been none.
        dropped_share: of what came, in 0..1.
    """

    rate_hz: float
    age_s: float
    silent_s: float
    dropped_share: float


def judge(span: Span, look: Look, params: HealthParams, awake_s: float) -> Health:
    """How a node is.

    Args:
        span: what flowed since the last report.
        look: what it says of itself.
        params: the thresholds.
        awake_s: s for which something has had to flow.
    """
    concerns = [*look.concerns, *([] if look.idle else _concerns(span, params, awake_s))]
    values = {
        "rate_hz": span.rate_hz,
        "age_ms": 1e3 * span.age_s,
        "silent_s": span.silent_s,
        "dropped_share": span.dropped_share,
        **look.values,
    }
    level = max((concern.level for concern in concerns), default=Level.OK)
    gravest_first = sorted(concerns, key=lambda concern: -concern.level)
    message = "; ".join(concern.text for concern in gravest_first) or look.idle or "well"
    return Health(level, message, {name: _spoken(value) for name, value in values.items()})


def _concerns(span: Span, params: HealthParams, awake_s: float) -> list[Concern]:
    silent_s = span.silent_s if span.silent_s < inf else awake_s
    if 0 < params.error_after_s < min(silent_s, awake_s):
        return [Concern(Level.ERROR, f"nothing for {silent_s:.1f} s")]
    found = []
    if awake_s > 1.0 and span.rate_hz < params.warn_below_hz:
        found.append(f"only {span.rate_hz:.1f} per second")
    if 0 < params.warn_age_s < span.age_s:
        found.append(f"{1e3 * span.age_s:.0f} ms old")
    if span.dropped_share > params.warn_dropped:
        found.append(f"{span.dropped_share:.0%} dropped")
    return [Concern(Level.WARN, text) for text in found]


def _spoken(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
