"""A recorded run over time: mode, rung, rates, age of the newest cloud result, and both estimates."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, isfinite, log10, nan
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fer_ros.bags.columns import EstimateAt
from fer_ros.bags.run import RecordedRun
from fer_ros.errors import ParameterError
from fer_ros.evaluate.canvas import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    SKY,
    blank_figure,
    plain_frame,
)
from fer_ros.evaluate.run_figures import Span, mode_spans, newest_age, rung_spans, spans
from fer_ros.link.ladder import Step, fixed
from fer_ros.link.rung import parse_rung

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats: TypeAlias = NDArray[np.float64]

YELLOW = "#F0E442"  # of the same set as the canvas's
MODE_COLOURS = {"ONLINE": SKY, "PROBING": YELLOW, "OFFLINE": "#BBBBBB"}
SOURCE_COLOURS = {"robot": ORANGE, "both": GREEN, "cloud": BLUE}
UNKNOWN_COLOUR = "#999999"
LEAST_KBPS = 0.1  # what the axis of rates begins at; nothing at all is drawn there
LEAST_AGE_S = 0.01
CURVE_STEP_S = 0.1
SILENT_S = 1.0  # estimates further apart are not joined by a line
LETTER = 0.0065  # share of the width that a letter takes: stretches with less room are not named
LONGEST_S = 3600.0  # of what can be told apart on a page
WIDTH_INCH = 10.0


def run_plot(run: RecordedRun, ladder: Sequence[Step], title: str) -> "Figure":
    """Strips over one axis of time.

    Args:
        run: what was recorded.
        ladder: tells the order of rungs.
        title: says which run.

    Raises:
        ParameterError: the run is too long to be told apart, or too short.
        FerError: matplotlib is not installed.
    """
    if not 0.0 < run.span_s <= LONGEST_S:
        raise ParameterError(
            f"{run.name} lasts {run.span_s:.0f} s; record more than 0 and up to {LONGEST_S:.0f} s"
        )
    rungs = ordered_rungs({at.rung for at in run.link}, ladder)
    heights = (0.3, 0.35 + 0.16 * len(rungs), 1.3, 1.2, 0.8, 0.8, 0.5)
    figure = blank_figure((WIDTH_INCH, 1.2 + 1.25 * sum(heights)), title)
    mode, rung, rate, age, robot, cloud, published = figure.subplots(7, 1, sharex=True, height_ratios=heights)
    _draw_modes(mode, mode_spans(run), run.span_s)
    _draw_rungs(rung, rung_spans(run), rungs)
    _draw_rates(rate, run)
    _draw_age(age, run)
    face = run.main_face
    robot.set_title("probability of the likeliest apparent expression", loc="left", fontsize=9)
    _draw_estimates(robot, "robot", [e for e in run.robot if e.face_id in (face, "")], run.span_s)
    _draw_estimates(cloud, "cloud", [e for e in run.cloud if e.face_id in (face, "")], run.span_s)
    _draw_published(published, [e for e in run.emotion if e.face_id == face])
    published.set(xlabel="time since the recording began, s", xlim=(0.0, run.span_s))
    for axes in (rung, rate, age, robot, cloud):
        plain_frame(axes)
        _shade(axes, mode_spans(run))
    return figure


def ordered_rungs(names: Iterable[str], ladder: Sequence[Step]) -> list[str]:
    """Rungs by the rate they take, the smallest first; what is no rung comes before them."""
    known = {str(step.rung): step.bps for step in ladder}

    def bps(name: str) -> float:
        if name in known:
            return known[name]
        try:
            return fixed(parse_rung(name))[0].bps
        except ParameterError:
            return -1.0

    return sorted(names, key=lambda name: (bps(name), name))


def joined(estimates: Sequence[EstimateAt]) -> tuple[list[float], list[float]]:
    """Times and probabilities of a line that breaks where nothing came for SILENT_S."""
    times = [e.at_s for e in estimates]
    values = [e.probability for e in estimates]
    for place in [i for i, (a, b) in enumerate(pairwise(times), 1) if b - a > SILENT_S][::-1]:
        times.insert(place, times[place - 1])
        values.insert(place, nan)
    return times, values


def _draw_modes(axes: Any, stretches: Sequence[Span], span_s: float) -> None:
    for begin, end, name in stretches:
        axes.axvspan(begin, end, color=MODE_COLOURS.get(name, UNKNOWN_COLOUR), linewidth=0)
        if end - begin > LETTER * len(name) * span_s:
            axes.text((begin + end) / 2, 0.5, name, ha="center", va="center", fontsize=8)
    colours = {name: MODE_COLOURS.get(name, UNKNOWN_COLOUR) for _, _, name in stretches}
    handles = [axes.fill_between([], [], color=colour, label=name) for name, colour in colours.items()]
    axes.figure.legend(handles=handles, loc="upper right", ncols=len(handles), frameon=False, fontsize=8)
    axes.set(ylim=(0.0, 1.0), yticks=())
    axes.set_ylabel("mode", rotation=0, ha="right", va="center")
    axes.spines[:].set_visible(False)


def _shade(axes: Any, stretches: Sequence[Span]) -> None:
    for begin, end, name in stretches:
        axes.axvspan(
            begin, end, color=MODE_COLOURS.get(name, UNKNOWN_COLOUR), alpha=0.13, linewidth=0, zorder=0
        )


def _draw_rungs(axes: Any, stretches: Sequence[Span], names: Sequence[str]) -> None:
    times = [*(begin for begin, _, _ in stretches), *(end for _, end, _ in stretches[-1:])]
    rows = [names.index(name) for _, _, name in stretches]
    axes.step(times, [*rows, *rows[-1:]], where="post", color=BLUE, linewidth=1.5)
    axes.set(ylim=(-0.5, max(len(names), 1) - 0.5), yticks=range(len(names)), yticklabels=names)
    axes.set_title("what is sent", loc="left", fontsize=9)
    axes.tick_params(axis="y", labelsize=8)


def _draw_rates(axes: Any, run: RecordedRun) -> None:
    # The last report holds until the end.
    reports = [*run.link, *(replace(last, at_s=run.span_s) for last in run.link[-1:])]
    times = [at.at_s for at in reports]
    for name, colour, style, values in (
        ("goodput", BLUE, "-", [at.goodput_bps for at in reports]),
        ("capacity, estimated", ORANGE, "--", [at.capacity_bps for at in reports]),
    ):
        kbps = [max(value / 1e3, LEAST_KBPS) if isfinite(value) else nan for value in values]
        axes.step(times, kbps, where="post", color=colour, linestyle=style, linewidth=1.3, label=name)
    cuts = spans(((at.at_s, "cut" if at.cut else "") for at in run.link), run.span_s)
    for begin, end, _ in (cut for cut in cuts if cut[2]):
        axes.axvspan(begin, end, facecolor="none", edgecolor=RED, hatch="///", linewidth=0, label="cut")
    for begin, _, profile in spans(((at.at_s, at.profile) for at in run.link), run.span_s):
        axes.axvline(begin, color=GREY, linestyle=":", linewidth=1)
        axes.text(begin, 0.04, f" {profile}", transform=axes.get_xaxis_transform(), fontsize=8, color=GREY)
    axes.set_ylabel("kbit/s")
    _decades(axes, LEAST_KBPS)
    _legend(axes)


def _draw_age(axes: Any, run: RecordedRun) -> None:
    times, ages = _curved(*newest_age(run))
    axes.plot(times, np.maximum(ages, LEAST_AGE_S), color=BLUE, linewidth=0.9)
    axes.axhline(run.offline_after_s, color=RED, linestyle="--", linewidth=1)
    axes.set_ylabel("s")
    _decades(axes, LEAST_AGE_S)
    axes.set_title(
        f"age of the newest cloud result; above {run.offline_after_s:g} s (dashed) ONLINE ends",
        loc="left",
        fontsize=9,
    )


def _curved(times: Sequence[float], ages: Sequence[float]) -> tuple[Floats, Floats]:
    """The same lines with points between: a straight one is not straight on a logarithmic axis."""
    known = list(zip(times, ages, strict=True))
    parts = [np.linspace(a, b, 2 + int((b[0] - a[0]) / CURVE_STEP_S)) for a, b in pairwise(known)]
    points = np.concatenate(parts) if parts else np.empty((0, 2))
    return points[:, 0], points[:, 1]


def _draw_estimates(axes: Any, machine: str, estimates: Sequence[EstimateAt], span_s: float) -> None:
    times, values = joined(estimates)
    axes.plot(times, values, color=SOURCE_COLOURS[machine], linewidth=1.2)
    for begin, end, label in spans(((e.at_s, e.label) for e in estimates), span_s):
        axes.axvline(begin, ymin=0.94, color=GREY, linewidth=0.6)
        if label and end - begin > LETTER * (len(label) + 1) * span_s:
            axes.text(begin, 1.02, f" {label}", fontsize=7, va="bottom")
    axes.set(ylim=(0.0, 1.15), yticks=(0.0, 0.5, 1.0), ylabel=machine)


def _draw_published(axes: Any, estimates: Sequence[EstimateAt]) -> None:
    names = list(SOURCE_COLOURS)
    for row, name in enumerate(names):
        times = [e.at_s for e in estimates if e.source == name]
        axes.plot(times, [row] * len(times), "|", color=SOURCE_COLOURS[name], markersize=5)
    axes.set(ylim=(-0.6, len(names) - 0.4), yticks=range(len(names)), yticklabels=names)
    axes.set_title("published: the estimate of", loc="left", fontsize=9)
    axes.tick_params(axis="y", labelsize=8)
    plain_frame(axes)


def _decades(axes: Any, least: float) -> None:
    """A logarithmic axis from `least` to the end of a decade, with plain numbers at decades only."""
    highest = max((y for line in axes.lines for y in line.get_ydata() if isfinite(y)), default=least)
    top = max(ceil(log10(highest)), round(log10(least)) + 1)
    exponents = range(round(log10(least)), top + 1)
    axes.set(yscale="log", ylim=(least, 10.0**top))
    axes.set_yticks([10.0**e for e in exponents], [f"{10.0**e:g}" for e in exponents])
    axes.minorticks_off()


def _legend(axes: Any) -> None:
    """One entry a name, however often it was drawn."""
    handles, labels = axes.get_legend_handles_labels()
    named = dict(zip(labels, handles, strict=True))
    axes.legend(named.values(), named, loc="lower right", frameon=False, fontsize=8, ncols=len(named))
