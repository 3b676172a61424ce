"""What faces of a recording seem to express, over time: probabilities, valence and arousal, abstentions."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise
from math import nan
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fer_ros.estimators.estimate import Estimate
from fer_ros.evaluate.canvas import BLUE, GREEN, GREY, ORANGE, RED, SKY, blank_axes, blank_figure, plain_frame
from fer_ros.viewer.text import ALPHABETS, FONTS, missing
from fer_ros.viewer.words import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats: TypeAlias = NDArray[np.float64]

PURPLE = "#CC79A7"  # of the same set as the canvas's
# Solid and dashed lines tell apart what some eyes see alike.
LINES: dict[str, tuple[str, str]] = {
    "happy": (ORANGE, "-"),
    "sad": (BLUE, "-"),
    "angry": (RED, "-"),
    "surprise": (GREEN, "-"),
    "fear": (PURPLE, "-"),
    "neutral": ("#222222", "-"),
    "disgust": (GREEN, "--"),
    "contempt": (PURPLE, "--"),
    "calm": (SKY, "-"),
    "unknown": (GREY, "--"),
}
LEAST_SHARE = 0.15  # labels that never reach it are left out
MOST_FACES = 4
SILENT_S = 0.5  # images of a face further apart are not joined by a line
SHADE = "#dddddd"
INCHES = {"width": 10.0, "title": 0.9, "probabilities": 1.5, "affect": 1.0}


def timeline(estimates: Sequence[Estimate], words: Words, title: str) -> "Figure":
    """Two strips a face: the probabilities, and valence with arousal; grey is where the model abstained.

    Args:
        estimates: of every image, in order of time.
        words: names of the expressions.
        title: says what was looked at.

    Raises:
        FerError: matplotlib is not installed.
    """
    faces = Counter(estimate.face_id for estimate in estimates if estimate.face_id)
    if not faces:
        return _nobody(estimates, title)
    shown = sorted((face for face, _ in faces.most_common(MOST_FACES)), key=list(faces).index)
    if len(faces) > len(shown):
        title += f"\nthe {len(shown)} faces seen most often, of {len(faces)}"
    heights = [INCHES["probabilities"], INCHES["affect"]] * len(shown)
    figure = blank_figure((INCHES["width"], INCHES["title"] + sum(heights)), title)
    rows = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0]
    for face, likely, affect in zip(shown, rows[::2], rows[1::2], strict=True):
        own = [estimate for estimate in estimates if estimate.face_id == face]
        _draw_probabilities(likely, own, words)
        _draw_affect(affect, own)
        likely.set_title(face, loc="left", fontsize=9)
        for axes in (likely, affect):
            _shade(axes, own)
            plain_frame(axes)
    rows[-1].set(xlabel="s", xlim=_span(estimates))
    return figure


def _nobody(estimates: Sequence[Estimate], title: str) -> "Figure":
    figure, axes = blank_axes((INCHES["width"], INCHES["title"] + INCHES["affect"]), title)
    axes.set(xlabel="s", xlim=_span(estimates), yticks=())
    axes.text(0.5, 0.5, "no face", ha="center", va="center", transform=axes.transAxes, color=GREY)
    return figure


def _draw_probabilities(axes: Any, own: Sequence[Estimate], words: Words) -> None:
    labels = next((estimate.labels for estimate in own if estimate.labels), ())
    times, values = _curves(own, [[*e.probabilities] or [nan] * len(labels) for e in own])
    for column, label in enumerate(labels):
        if np.nanmax(values[:, column], initial=0.0) >= LEAST_SHARE:
            colour, style = LINES.get(label, (GREY, ":"))
            axes.plot(times, values[:, column], color=colour, linestyle=style, label=words.name(label))
    axes.set(ylim=(0.0, 1.02), yticks=(0.0, 0.5, 1.0), ylabel="probability")
    if axes.lines:
        names = "".join(words.name(label) for label in labels)
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, prop=_font(names))


def _font(text: str) -> Any:
    """One of the overlay's fonts, that has all letters: matplotlib's own lacks those of Japanese."""
    from matplotlib.font_manager import FontProperties

    alphabet = next((name for name in ALPHABETS if not missing(text, name)), ALPHABETS[-1])
    return FontProperties(fname=str(FONTS / alphabet.format("Regular")), size=8)


def _draw_affect(axes: Any, own: Sequence[Estimate]) -> None:
    times, values = _curves(own, [[e.valence, e.arousal] for e in own])
    axes.axhline(0.0, color=GREY, linewidth=0.6)
    for column, (name, colour, style) in enumerate((("valence", BLUE, "-"), ("arousal", RED, "--"))):
        axes.plot(times, values[:, column], color=colour, linestyle=style, label=name)
    axes.set(ylim=(-1.0, 1.0), yticks=(-1.0, 0.0, 1.0))
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=8)


def _curves(own: Sequence[Estimate], rows: Sequence[Sequence[float]]) -> tuple[Floats, Floats]:
    """Times (N,) and values (N, K), with a NaN wherever the face was out of sight."""
    times, values = [own[0].stamp], [rows[0]]
    for (before, after), row in zip(pairwise(own), rows[1:], strict=True):
        if after.stamp - before.stamp > SILENT_S:
            times.append(before.stamp)
            values.append([nan] * len(row))
        times.append(after.stamp)
        values.append(row)
    return np.array(times, np.float64), np.array(values, np.float64).reshape(len(times), -1)


def _shade(axes: Any, own: Sequence[Estimate]) -> None:
    """Grey where the model abstained."""
    for abstained, group in groupby(own, key=lambda estimate: estimate.abstained):
        if abstained:
            span = [estimate.stamp for estimate in group]
            axes.axvspan(span[0], span[-1], color=SHADE, linewidth=0.8, zorder=0)


def _span(estimates: Sequence[Estimate]) -> tuple[float, float]:
    first, last = estimates[0].stamp, estimates[-1].stamp
    return first, max(last, first + 0.1)
