"""Journeys over a link as a table for people, and as plain values for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite, isnan
from typing import Any

from fer_ros.link.journeys import Stretch

HEADS = ("time", "sent", "offered", "delivered", "lost", "delay p50", "p95", "queue")
UNITS = ("s", "", "kbit/s", "kbit/s", "%", "ms", "ms", "kB")
BAR = 24  # letters for the longest delay


def table_text(stretches: Sequence[Stretch], total: Stretch) -> str:
    """A line for each stretch, with a bar as long as its 95th percentile of the delay, and one for all."""
    longest = max((s.delay_p95_ms for s in stretches if not isnan(s.delay_p95_ms)), default=0.0)
    lines = [_line(*HEADS), _line(*UNITS)]
    lines += [f"{_line(f'{s.begin_s:.3g}', *_cells(s))}  {_bar(s.delay_p95_ms, longest)}" for s in stretches]
    return "\n".join(line.rstrip() for line in [*lines, _line("all", *_cells(total))])


def as_plain(stretch: Stretch) -> dict[str, Any]:
    """Rounded values by name; None for what was not measured."""
    return {
        name: (round(value, 4) if isfinite(value) else None) if isinstance(value, float) else value
        for name, value in asdict(stretch).items()
    }


def _cells(s: Stretch) -> list[str]:
    return [
        str(s.sent),
        f"{s.offered_kbps:.0f}",
        f"{s.delivered_kbps:.0f}",
        _figure(100 * s.loss, 1),
        _figure(s.delay_p50_ms, 1),
        _figure(s.delay_p95_ms, 1),
        _figure(s.queue_kb, 1),
    ]


def _line(*cells: str) -> str:
    widths = (7, 8, 9, 10, 7, 10, 9, 9)
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _figure(value: float, digits: int) -> str:
    return "-" if isnan(value) else f"{value:.{digits}f}"


def _bar(value: float, longest: float) -> str:
    return "" if isnan(value) or not longest else "█" * max(1, round(BAR * value / longest))
