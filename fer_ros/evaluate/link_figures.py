"""How good a link's results are: their age, their number, and how often they are right."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from fer_ros.estimators.evidence import Evidence
from fer_ros.evaluate.link_clip import LinkClip
from fer_ros.link.rehearsal import Record, Result, content

FRESH_S = 0.25  # an older answer is not combined with the robot's, see mode.py
USABLE_S = 1.0  # an older answer says nothing about the person now
SMOOTHING_S = 0.3  # the estimator's default
NOBODY = -1

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class LinkFigures:
    """What came of one sender on one link.

    Attributes:
        age_mean_s, age_p95_s: s, age of the newest cloud result at every camera image; NaN: none came.
        results_hz: 1/s, cloud results that reached the robot.
        kbps: kbit/s that left the robot.
        bits_per_result: bit that left the robot for each result; NaN: none came.
        fresh: 0..1, share of camera images of a face whose newest result is at most FRESH_S old and
            names the same apparent expression as the full-quality one of that very image.
        agreement: the same of results that are at most USABLE_S old.
        switches: changes of rung.
    """

    age_mean_s: float
    age_p95_s: float
    results_hz: float
    kbps: float
    bits_per_result: float
    fresh: float
    agreement: float
    switches: int

    def as_dict(self) -> dict[str, float]:
        """The figures by name, three significant digits."""
        return {name: float(f"{value:.3g}") for name, value in asdict(self).items()}


def link_figures(clip: LinkClip, record: Record, duration_s: float, skip_s: float = 0.0) -> LinkFigures:
    """Figures of a rehearsal of a clip, from `skip_s` on."""
    results = sorted(record.results, key=lambda result: result.at_s)
    period_s = clip.shots[1].stamp - clip.shots[0].stamp
    said = _labels_of_results(clip, results, period_s)
    times = [i * period_s for i in range(round(skip_s / period_s), round(duration_s / period_s))]
    newest = _newest(results, times)
    known = [(now, results[place]) for now, place in zip(times, newest, strict=True) if place >= 0]
    ages = np.array([now - result.shot * period_s for now, result in known])
    counted = [result for result in results if result.at_s >= skip_s]
    span_s = duration_s - skip_s
    return LinkFigures(
        age_mean_s=float(ages.mean()) if ages.size else nan,
        age_p95_s=float(np.percentile(ages, 95)) if ages.size else nan,
        results_hz=len(counted) / span_s,
        kbps=record.bits / duration_s / 1000,
        bits_per_result=record.bits / len(results) if results else nan,
        fresh=_agreement(clip, results, said, times, newest, period_s, FRESH_S),
        agreement=_agreement(clip, results, said, times, newest, period_s, USABLE_S),
        switches=max(len(record.rungs) - 1, 0),
    )


def smoothed_labels(probabilities: NDArray[np.float32], period_s: float) -> Labels:
    """The likeliest label of every image of a clip after smoothing; NOBODY without a face."""
    evidence = Evidence(SMOOTHING_S)
    return np.array([_label(evidence, row, period_s) for row in probabilities])


def _labels_of_results(clip: LinkClip, results: Sequence[Result], period_s: float) -> list[int]:
    """What each result says: the cloud smooths over the images that it got."""
    evidence, before, said = Evidence(SMOOTHING_S), 0, []
    for result in results:
        row = clip.answers[content(result.rung)][result.shot % len(clip)]
        since_s = max(result.shot - before, 1) * period_s
        before = max(before, result.shot)
        said.append(_label(evidence, row, since_s))
    return said


def _label(evidence: Evidence, row: NDArray[np.float32], since_s: float) -> int:
    return NOBODY if np.isnan(row).any() else int(evidence.add(row, since_s).argmax())


def _newest(results: Sequence[Result], times: Sequence[float]) -> list[int]:
    """Place of the result of the newest image among those that had come by each time; -1: none had."""
    arrivals = [result.at_s for result in results]
    best, so_far = -1, []
    for place, result in enumerate(results):
        best = place if best < 0 or result.shot >= results[best].shot else best
        so_far.append(best)
    found = (bisect_right(arrivals, now) - 1 for now in times)
    return [so_far[place] if place >= 0 else -1 for place in found]


def _agreement(
    clip: LinkClip,
    results: Sequence[Result],
    said: Sequence[int],
    times: Sequence[float],
    newest: Sequence[int],
    period_s: float,
    oldest_s: float,
) -> float:
    full = smoothed_labels(clip.full, period_s)
    right = shown = 0
    for now, place in zip(times, newest, strict=True):
        truth = full[round(now / period_s) % len(clip)]
        if truth == NOBODY:
            continue
        shown += 1
        fresh = place >= 0 and now - results[place].shot * period_s <= oldest_s
        right += bool(fresh and said[place] == truth)
    return right / shown if shown else nan
