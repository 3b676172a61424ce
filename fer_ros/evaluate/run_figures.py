"""Figures of a recorded run: its modes, what was sent, how old the cloud's results were, gaps."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import inf, isfinite, isnan, nan
from typing import Any, TypeAlias

import numpy as np

from fer_ros.bags.run import RecordedRun

GRID_S = 0.01  # at which the age of the newest result is looked at

Span: TypeAlias = tuple[float, float, str]  # begin and end in s, name


@dataclass(frozen=True)
class RunFigures:
    """What came of a run; NaN is what did not happen.

    Attributes:
        span_s: s, of the recording.
        mode_changes: how often the mode became another one.
        mode_s: mode → s.
        rung_s: rung of the ladder → s, to half a second: the link reports twice a second.
        results: cloud results that came back.
        arrival_p50_ms, arrival_p95_ms: age of a cloud result when it came.
        newest_p50_ms, newest_p95_ms: age of the newest one at any moment from the first one on.
        estimates: machine, or both → estimates that were published.
        emotion_p50_ms, emotion_p95_ms: age of an estimate when it was published.
        longest_gap_ms: between two messages on emotion.
        gap_at_s: s, when that gap began.
        goodput_kbps: kbit/s that the cloud acknowledged, mean of the link's reports.
    """

    span_s: float
    mode_changes: int
    mode_s: dict[str, float]
    rung_s: dict[str, float]
    results: int
    arrival_p50_ms: float
    arrival_p95_ms: float
    newest_p50_ms: float
    newest_p95_ms: float
    estimates: dict[str, int]
    emotion_p50_ms: float
    emotion_p95_ms: float
    longest_gap_ms: float
    gap_at_s: float
    goodput_kbps: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON: rounded; null is what did not happen."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def figures_of(run: RecordedRun) -> RunFigures:
    """Figures of a run."""
    modes = mode_spans(run)
    arrival = [e.age_s for e in run.cloud]
    times, ages = newest_age(run)
    grid = np.arange(times[0], times[-1], GRID_S) if times else np.empty(0)
    published = [e.age_s for e in run.emotion]
    gap_s, gap_at_s = max(((b.at_s - a.at_s, a.at_s) for a, b in pairwise(run.emotion)), default=(nan, nan))
    goodput = [at.goodput_bps / 1e3 for at in run.link if isfinite(at.goodput_bps)]
    return RunFigures(
        span_s=run.span_s,
        mode_changes=max(len(modes) - 1, 0),
        mode_s=lengths(modes),
        rung_s=lengths(rung_spans(run)),
        results=len(run.cloud),
        arrival_p50_ms=_percentile_ms(arrival, 50),
        arrival_p95_ms=_percentile_ms(arrival, 95),
        newest_p50_ms=_percentile_ms(np.interp(grid, times, ages) if times else (), 50),
        newest_p95_ms=_percentile_ms(np.interp(grid, times, ages) if times else (), 95),
        estimates=dict(Counter(e.source for e in run.emotion)),
        emotion_p50_ms=_percentile_ms(published, 50),
        emotion_p95_ms=_percentile_ms(published, 95),
        longest_gap_ms=1e3 * gap_s,
        gap_at_s=gap_at_s,
        goodput_kbps=float(np.mean(goodput)) if goodput else nan,
    )


def mode_spans(run: RecordedRun) -> list[Span]:
    """When the graph was in which mode."""
    return spans(((at.at_s, at.name) for at in run.modes), run.span_s)


def rung_spans(run: RecordedRun) -> list[Span]:
    """When which rung of the ladder was being sent."""
    return spans(((at.at_s, at.rung) for at in run.link), run.span_s)


def spans(changes: Iterable[tuple[float, str]], end_s: float) -> list[Span]:
    """Stretches of one name each.

    Args:
        changes: (s, name from then on), in order; the same name again is no change.
        end_s: s, when the last one ends.
    """
    found: list[Span] = []
    for at_s, name in changes:
        if found and found[-1][2] == name:
            continue
        if found:
            found[-1] = (found[-1][0], at_s, found[-1][2])
        found.append((at_s, end_s, name))
    return found


def lengths(stretches: Iterable[Span]) -> dict[str, float]:
    """Name → s in all, the longest first."""
    sums: Counter[str] = Counter()
    for begin_s, end_s, name in stretches:
        sums[name] += end_s - begin_s  # type: ignore[assignment]  # a Counter of seconds
    return {name: float(seconds) for name, seconds in sums.most_common()}


def newest_age(run: RecordedRun) -> tuple[list[float], list[float]]:
    """The age of the cloud's newest result over time: it grows until the next one comes.

    Returns:
        s, not falling, and s of age there; straight lines between. Empty where no result came.
    """
    times: list[float] = []
    ages: list[float] = []
    newest = -inf
    for result in run.cloud:
        stamp = result.at_s - result.age_s
        if isnan(stamp) or stamp <= newest:  # one that comes late makes nothing younger
            continue
        if times:
            times.append(result.at_s)
            ages.append(result.at_s - newest)
        newest = stamp
        times.append(result.at_s)
        ages.append(result.age_s)
    if times:
        times.append(run.span_s)
        ages.append(run.span_s - newest)
    return times, ages


def _percentile_ms(values_s: Any, percent: float) -> float:
    known = np.asarray(values_s, np.float64)
    known = known[np.isfinite(known)]
    return float(1e3 * np.percentile(known, percent)) if known.size else nan


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, float):
        return round(value, 2) if isfinite(value) else None
    return value
