"""Rates that change: traces in Mahimahi's format, read, checked, written, and made of rates over time.

Each line is a millisecond at which one packet of 1500 bytes may leave; several lines may hold the same.
After its last line's time the trace begins again. Netravali et al. (2015), "Mahimahi: accurate
record-and-replay for HTTP".
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite
from pathlib import Path

from fer_ros.errors import ParameterError

PACKET_BYTES = 1500
HIGHEST_MS = 10**9
HIGHEST_KBPS = 1e7
ROUNDING_S = 1e-9  # what a packet that leaves with the end of a step may be too late by

Step = tuple[float, float]  # s, kbit/s from then on


@dataclass(frozen=True)
class Trace:
    """When packets may leave.

    Attributes:
        name: for messages.
        times_ms: ms since the trace began, of each opportunity; not falling; the last one ends a lap.
    """

    name: str
    times_ms: tuple[int, ...] = field(repr=False)

    @property
    def lap_s(self) -> float:
        """How many seconds the trace lasts before it begins again."""
        return self.times_ms[-1] / 1000.0

    @property
    def mean_kbps(self) -> float:
        """kbit/s over a lap."""
        return len(self.times_ms) * PACKET_BYTES * 8 / self.times_ms[-1]


def read_trace(path: Path) -> Trace:
    """Read a trace.

    Raises:
        ParameterError: it cannot be read, is no trace, or nothing could ever leave.
    """
    try:
        lines = path.read_text(encoding="ascii").rstrip().split("\n")
    except OSError as error:
        raise ParameterError(f"{path} cannot be read ({error.strerror}); name a Mahimahi trace") from error
    except UnicodeDecodeError as error:
        raise ParameterError(f"{path} is no Mahimahi trace; each line takes a time in ms") from error
    if lines == [""]:
        raise ParameterError(f"{path} holds no line: its rate is zero; add times at which packets leave")
    try:
        times = tuple(map(int, lines))
    except ValueError:
        times = tuple(_time(path, number, line) for number, line in enumerate(lines, 1))
    _check(path, times)
    return Trace(path.name, times)


def write_trace(trace: Trace, path: Path) -> None:
    """Write a trace; ParameterError where the file cannot be written."""
    try:
        path.write_text("".join(f"{time}\n" for time in trace.times_ms), encoding="ascii")
    except OSError as error:
        raise ParameterError(f"{path} cannot be written ({error.strerror}); choose another place") from error


def read_rates(path: Path) -> tuple[list[Step], float]:
    """Read rates over time.

    Args:
        path: a CSV file with a line `t_s,kbps` and then one for each change of the rate. The last rate
            holds as long as the one before it.

    Returns:
        steps, and s when the last one ends.

    Raises:
        ParameterError: it cannot be read, or a line of it cannot be used.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
    except OSError as error:
        raise ParameterError(f"{path} cannot be read ({error.strerror}); name a CSV file") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParameterError(f"{path} is no CSV file ({error}); it takes lines of t_s,kbps") from error
    if not rows or [word.strip() for word in rows[0]] != ["t_s", "kbps"]:
        raise ParameterError(f"{path} begins with {rows[0] if rows else 'nothing'}; it takes a line t_s,kbps")
    steps = [_step(path, row) for row in rows[1:]]
    if len(steps) < 2:
        raise ParameterError(f"{path} holds {len(steps)} rates; it takes two or more")
    for before, after in pairwise(steps):
        if not after[0] > before[0]:
            raise ParameterError(f"{path} has t_s {after[0]:g} after {before[0]:g}; times have to rise")
    return steps, 2 * steps[-1][0] - steps[-2][0]


def trace_of(name: str, steps: Sequence[Step], end_s: float) -> Trace:
    """The trace of a rate that changes in steps.

    Args:
        name: of the trace.
        steps: (s, kbit/s) from when on which rate holds; rising; time begins with the first.
        end_s: s, when the last one ends, which ends the lap too.

    Raises:
        ParameterError: no packet leaves before the end, or the trace is shorter than 1 ms.
    """
    times = [*_leaving(steps, end_s)]
    lap_ms = round((end_s - steps[0][0]) * 1000)
    if lap_ms < 1:
        raise ParameterError(f"the rates of {name} last {lap_ms} ms; a trace takes 1 ms or more")
    if not times:
        raise ParameterError(f"the rates of {name} let no packet of {PACKET_BYTES} bytes leave; raise them")
    times = [min(time, lap_ms) for time in times]
    if times[-1] < lap_ms:  # a lap ends with its last line
        times.append(lap_ms)
    return Trace(name, tuple(times))


def _leaving(steps: Sequence[Step], end_s: float) -> Iterable[int]:
    """The ms at which each whole packet has been earned."""
    begin_s, packet_kbit = steps[0][0], PACKET_BYTES * 8 / 1000
    missing = packet_kbit
    for (at, kbps), until in zip(steps, [*(at for at, _ in steps[1:]), end_s], strict=True):
        now = at
        while kbps > 0.0 and now + missing / kbps <= until + ROUNDING_S:
            now += missing / kbps
            missing = packet_kbit
            yield round((now - begin_s) * 1000)
        missing -= (until - now) * kbps


def _step(path: Path, row: list[str]) -> Step:
    try:
        at, kbps = map(float, row)
    except ValueError as error:
        raise ParameterError(f"{path} has the line {','.join(row)!r}; it takes t_s,kbps") from error
    if not isfinite(at):
        raise ParameterError(f"{path} has t_s {at}; it takes seconds")
    if not 0.0 <= kbps <= HIGHEST_KBPS:
        raise ParameterError(f"{path} has kbps {kbps:g} at {at:g} s; it takes 0 to {HIGHEST_KBPS:g}")
    return at, kbps


def _time(path: Path, number: int, line: str) -> int:
    try:
        return int(line)
    except ValueError as error:
        raise ParameterError(
            f"{path} line {number} is {line.strip()[:40]!r}; a Mahimahi trace takes whole milliseconds"
        ) from error


def _check(path: Path, times: tuple[int, ...]) -> None:
    for number, (before, after) in enumerate(pairwise((0, *times)), 1):
        if not before <= after <= HIGHEST_MS:
            raise ParameterError(
                f"{path} line {number} is {after} after {before}; times never fall, from 0 to {HIGHEST_MS} ms"
            )
    if times[-1] == 0:
        raise ParameterError(f"{path} ends at 0 ms and would never go on; its last line ends a lap")
