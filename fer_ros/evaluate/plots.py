"""Plots of an evaluation: confusion, reliability, risk and coverage, lines, timelines, heat maps."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fer_ros.evaluate.canvas import (
    GREY,
    MARKERS,
    SKY,
    blank_axes,
    blank_figure,
    number_points,
    plain_frame,
    shown_span,
    write_cell,
)
from fer_ros.evaluate.reliability import Reliability
from fer_ros.evaluate.risk_coverage import COVERAGE, RiskCoverage

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NO_FACE = "no face"
TABLES_PER_LINE = 4  # of heat maps beside each other

Lines = Mapping[str, Sequence[float]]


def confusion_plot(counts: NDArray[np.int64], labels: Sequence[str], title: str) -> "Figure":
    """Confusion matrix: shares of each true label, with the counts written in.

    Args:
        counts: (L, L) or (L, L + 1) int64, a row per true label; the column more is for no answer.
        labels: L names.
        title: says the dataset and n.
    """
    answers = [*labels, NO_FACE] if counts.shape[1] > len(labels) else list(labels)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = blank_axes((2.2 + 0.78 * len(answers), 1.8 + 0.62 * len(labels)), title)
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(*counts.shape):
        text = f"{shares[row, column]:.2f}\n{counts[row, column]}"
        write_cell(axes, row, column, text, light=shares[row, column] > 0.55)
    axes.set_xticks(range(len(answers)), answers, rotation=35, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="answer", ylabel="true label")
    figure.colorbar(image, ax=axes, label="share of the true label's cases", fraction=0.05)
    return figure


def reliability_plot(found: Reliability, title: str) -> "Figure":
    """Reliability diagram: accuracy over confidence, and how many answers each bin holds.

    Args:
        found: the bins.
        title: says the dataset and n.
    """
    figure = blank_figure((5.2, 5.6), title)
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    bins = len(found.count)
    middles = (np.arange(bins) + 0.5) / bins
    axes.bar(middles, found.accuracy, 0.92 / bins, color=SKY, label="accuracy")
    axes.plot([0, 1], [0, 1], "--", color="black", label="as sure as right")
    axes.set(ylabel="accuracy", xlim=(0, 1), ylim=(0, 1))
    axes.set_title(f"expected calibration error {found.ece:.3f} over {bins} bins", fontsize=9)
    axes.legend(loc="upper left", frameon=False)
    below.bar(middles, found.count / found.count.sum(), 0.92 / bins, color=GREY)
    below.set(xlabel="confidence", ylabel="share")
    for one in (axes, below):
        plain_frame(one)
    return figure


def risk_coverage_plot(curves: Mapping[str, RiskCoverage], title: str) -> "Figure":
    """Accuracy of what is answered, as the least sure cases are left out.

    Args:
        curves: name → curve.
        title: says the dataset and n.
    """
    figure, axes = blank_axes((6.0, 4.2), title)
    for (name, curve), (colour, _) in zip(curves.items(), cycle(MARKERS), strict=False):
        at = curve.accuracy_at()
        axes.plot(curve.coverage, 1 - curve.risk, color=colour, label=f"{name}: {at:.3f} at {COVERAGE:.0%}")
        axes.plot([COVERAGE], [at], "o", color=colour)
    axes.axvline(COVERAGE, color=GREY, linestyle=":", linewidth=1)
    axes.set(xlabel="coverage (share of cases answered)", ylabel="accuracy of the answers", xlim=(0, 1))
    axes.set_ylim(top=1.005)
    axes.legend(loc="lower left", frameon=False)
    plain_frame(axes)
    return figure


def lines_plot(places: Sequence[float], lines: Lines, across: str, title: str) -> "Figure":
    """Accuracy by face size or frame rate, evenly spaced.

    Args:
        places: P face sizes, px, or rates, frames/s.
        lines: name → P values, 0..1.
        across: what `places` are, with their unit.
        title: says the dataset and n.
    """
    figure, axes = blank_axes((6.0, 4.0), title)
    order = np.argsort(places)
    for (name, values), (colour, marker) in zip(lines.items(), cycle(MARKERS), strict=False):
        axes.plot(np.asarray(values, float)[order], color=colour, marker=marker, label=name)
    if len(lines) <= 2:  # with more, numbers would lie on other lines
        ranked = sorted((np.asarray(values, float)[order] for values in lines.values()), key=np.nanmean)
        number_points(axes, ranked[-1], above=True)
        if len(ranked) > 1:
            number_points(axes, ranked[0], above=False)
    axes.set_xticks(range(len(places)), [f"{places[i]:g}" for i in order])
    axes.set(xlabel=across, ylabel="accuracy", ylim=_room(lines))
    axes.margins(x=0.08)
    axes.legend(loc="best", frameon=False)
    plain_frame(axes)
    return figure


def timeline_plot(
    streams: Mapping[str, tuple[Sequence[float], Sequence[str | None]]], labels: Sequence[str], title: str
) -> "Figure":
    """Which label was shown when, a strip per stream.

    Args:
        streams: name → (times in s, labels; None where none was shown); a label lasts until the next.
        labels: names, in the order of the rows.
        title: says the clip.
    """
    figure = blank_figure((8.0, 1.1 + len(streams) * (0.7 + 0.2 * len(labels))), title)
    end = max(stamps[-1] for stamps, _ in streams.values())
    strips = np.atleast_1d(figure.subplots(len(streams), 1, sharex=True))
    for axes, (name, (stamps, shown)), (colour, _) in zip(
        strips, streams.items(), cycle(MARKERS), strict=False
    ):
        rows = [labels.index(label) if label is not None else np.nan for label in shown]
        axes.step([*stamps, end], [*rows, rows[-1]], where="post", color=colour, linewidth=1.6)
        axes.set_yticks(range(len(labels)), labels)
        axes.set(ylim=(-0.5, len(labels) - 0.5))
        axes.set_title(name, loc="left", fontsize=9)
        plain_frame(axes)
    strips[-1].set_xlabel("time, s")
    return figure


def heat_plot(
    tables: Mapping[str, NDArray[np.float64]],
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    of: str,
) -> "Figure":
    """Tables of shares beside and below each other, as in Maclean's grid.

    Args:
        tables: name → (R, C) float64, 0..1; NaN where there is nothing to say.
        rows: R resolutions, px.
        columns: C frame rates, frames/s.
        title: says the dataset and n.
        of: what the shares are.
    """
    lines = -(-len(tables) // TABLES_PER_LINE)
    figure = blank_figure((1.6 + 2.6 * min(len(tables), TABLES_PER_LINE), 0.6 + 2.6 * lines), title)
    low, high = shown_span(np.concatenate([table.ravel() for table in tables.values()]))
    places = figure.subplots(lines, min(len(tables), TABLES_PER_LINE), squeeze=False).flat
    for axes in places[len(tables) :]:
        axes.remove()
    for axes, (name, table) in zip(places, tables.items(), strict=False):
        image = axes.imshow(table, cmap="cividis", vmin=low, vmax=high, aspect="auto")
        for row, column in np.ndindex(*table.shape):
            value = table[row, column]
            text = f"{value:.3f}" if np.isfinite(value) else "-"
            write_cell(axes, row, column, text, light=bool(value < (low + high) / 2))
        axes.set_title(name, fontsize=9)
        axes.set_xlabel("frames/s")
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(rows)), rows if axes.get_subplotspec().is_first_col() else [])
    figure.colorbar(image, ax=figure.axes, fraction=0.04, label=of)
    return figure


def _room(lines: Lines) -> tuple[float, float]:
    """Limits that leave room for numbers, and do not make small differences look large."""
    low, high = shown_span(np.concatenate([np.asarray(line, float) for line in lines.values()]))
    return max(0.0, low - 0.1), min(1.08, high + 0.1)
