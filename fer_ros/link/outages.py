"""When nothing leaves a queue: outages on schedule, and at random."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import merge
from math import inf
from random import Random
from typing import TypeAlias

from fer_ros.params import param

Interval: TypeAlias = tuple[float, float]  # s, begin and end
FOREVER: Interval = (inf, inf)

# Random outages are drawn in blocks of this many, each with a seed of its own: time can then jump
# (a simulator's clock that begins at 0 and is set) without drawing every outage in between.
BLOCK = 1000
LONG_AGO_S = 3600.0  # what was queued before an outage so long over has left


@dataclass(frozen=True)
class OutagePlan:
    """Outages of a link, in seconds since its profile came into force; both kinds may be combined.

    Random ones follow each other as a renewal process: times up and times down are exponential. In the
    long run the link is up for mean_up_s / (mean_up_s + mean_down_s) of the time.
    """

    at: tuple[tuple[float, float], ...] = param((), "[start, duration] of each, s", low=0.0, high=1_000_000.0)
    every_s: float = param(inf, "s, after which `at` begins again", low=0.01, high=1_000_000.0)
    mean_up_s: float = param(inf, "s, mean time between random outages", low=0.01, high=1_000_000.0)
    mean_down_s: float = param(0.0, "s, mean duration of random outages", low=0.001, high=1_000_000.0)

    def problem(self) -> str:
        """What makes the plan impossible, with the remedy; empty: nothing."""
        if not self.at and self.mean_up_s == inf:
            return "holds no outage; give `at`, or mean_up_s and mean_down_s"
        if (self.mean_up_s == inf) != (self.mean_down_s == 0.0):
            return "has one of mean_up_s and mean_down_s; random outages need both"
        for span in self.at:
            if len(span) != 2 or not span[1] > 0.0:
                return f"has {list(span)} in `at`; each outage is [start, duration] with a duration above 0"
        return "" if self.every_s == inf else self._repeated_problem()

    def _repeated_problem(self) -> str:
        if not self.at:
            return "has every_s and no outage in `at` that it could repeat"
        end = max(start + duration for start, duration in self.at)
        if end > self.every_s:
            return f"has every_s {self.every_s:g}, but `at` ends at {end:g}; make every_s at least as long"
        if sum(stop - start for start, stop in _joined(iter(sorted(_ends(self.at))))) >= self.every_s:
            return f"is down all of its every_s {self.every_s:g}; leave some time in which the link is up"
        return ""

    def intervals(self, seed: int, since: float) -> Iterator[Interval]:
        """Every outage that ends after `since`, in order and apart from each other; perhaps without end."""
        since = max(since, 0.0)
        return _joined(merge(self._scheduled(since), self._random(seed, since)))

    def _scheduled(self, since: float) -> Iterator[Interval]:
        spans = sorted(_ends(self.at))
        lap = max(0, int(since // self.every_s)) if self.every_s < inf else 0
        while spans:
            offset = lap * self.every_s if lap else 0.0
            yield from ((offset + a, offset + b) for a, b in spans if offset + b > since)
            if self.every_s == inf:
                return
            lap += 1

    def _random(self, seed: int, since: float) -> Iterator[Interval]:
        if self.mean_up_s == inf:
            return
        length = BLOCK * (self.mean_up_s + self.mean_down_s)
        block = max(0, int(since // length))
        while True:
            random, now = Random(f"{seed} {block}"), block * length  # noqa: S311 - outages, not secrets
            end = now + length
            while (begin := now + random.expovariate(1.0 / self.mean_up_s)) < end:
                now = min(end, begin + random.expovariate(1.0 / self.mean_down_s))
                if now > since:
                    yield begin, now
            block += 1


class Pauses:
    """Outages as they are met by times that never go back."""

    __slots__ = ("_begin", "_end", "_intervals", "_make")

    def __init__(self, make: Callable[[float], Iterator[Interval]]) -> None:
        self._make = make
        self._intervals = make(-inf)
        self._begin, self._end = next(self._intervals, FOREVER)

    def resume(self, t: float) -> float:
        """`t` itself, or the end of the outage that it falls into."""
        while self._end <= t:
            if t - self._end > LONG_AGO_S:
                self._intervals = self._make(t)
            self._begin, self._end = next(self._intervals, FOREVER)
        return self._end if self._begin <= t else t


class Uptime:
    """Time as a clock shows it that stands still in outages, and back. Times never go back by much."""

    __slots__ = ("_ahead", "_down", "_intervals", "_make")

    def __init__(self, make: Callable[[float], Iterator[Interval]]) -> None:
        self._make = make
        self._intervals = make(-inf)
        self._down = 0.0  # s, of the outages that are over
        self._ahead: deque[tuple[float, float, float]] = deque()  # begin, end, what the clock then shows
        self._fetch()

    def up(self, t: float) -> float:
        """What the clock shows at `t`; `t` is not before that of an earlier call."""
        while self._ahead[0][1] <= t:
            begin, end, _ = self._ahead.popleft()
            self._down += end - begin
            if t - end > LONG_AGO_S and not self._ahead:
                self._intervals = self._make(t)
            if not self._ahead:
                self._fetch()
        begin, _, shown = self._ahead[0]
        return shown if t >= begin else min(t - self._down, shown)

    def real(self, up: float) -> float:
        """When the clock shows `up` and goes on; not before the last `t`."""
        while self._ahead[-1][2] <= up:
            self._fetch()
        for _, end, shown in reversed(self._ahead):
            if shown <= up:
                return end + (up - shown)
        return up + self._down

    def _fetch(self) -> None:
        begin, end = next(self._intervals, FOREVER)
        if self._ahead:
            _, last_end, shown = self._ahead[-1]
            self._ahead.append((begin, end, shown + (begin - last_end)))
        else:
            self._ahead.append((begin, end, begin - self._down))


def _ends(spans: tuple[tuple[float, float], ...]) -> list[Interval]:
    return [(start, start + duration) for start, duration in spans]


def _joined(intervals: Iterator[Interval]) -> Iterator[Interval]:
    """Intervals, ordered by their begin, as one wherever they touch."""
    begin, end = next(intervals, FOREVER)
    for a, b in intervals:
        if a > end:
            yield begin, end
            begin, end = a, b
        else:
            end = max(end, b)
    if begin < inf:
        yield begin, end
