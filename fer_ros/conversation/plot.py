"""A dry run drawn over time: apparent valence and expression, turns, cues and reactions."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.conversation.manager import Cue
from fer_ros.conversation.replay import Event, Sample
from fer_ros.conversation.rules import STRONG
from fer_ros.conversation.situation import SILENT, SPEAKING
from fer_ros.errors import FerError
from fer_ros.evaluate.canvas import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    SKY,
    blank_figure,
    plain_frame,
    require_matplotlib,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("svg", "png")
REACTION_COLOURS = {"pleased": GREEN, "upset": RED, "surprised": ORANGE, "lost": GREY, "none": "#bbbbbb"}
LONGEST_S = 3600.0  # of what can be told apart on a page
DPI = 110


def draw(samples: Sequence[Sample], events: Sequence[Event], title: str) -> "Figure":
    """A figure with a lane for each of: expression, valence, turns, reactions, cues.

    Raises:
        FerError: matplotlib is not installed, or there is nothing to draw, or too much.
    """
    if not samples or samples[-1].at_s > LONGEST_S:
        span_s = samples[-1].at_s if samples else 0.0
        raise FerError(f"a plot of {span_s:.0f} s tells nothing; give a recording of up to {LONGEST_S:.0f} s")
    cues = [(event.at_s, event.output) for event in events if isinstance(event.output, Cue)]
    names = list(dict.fromkeys(cue.rule for _, cue in cues)) or ["(no cue)"]
    figure = blank_figure((10.0, 4.0 + 0.25 * len(names)), title)
    valence, talk, fired = figure.subplots(
        3, 1, sharex=True, height_ratios=(2.2, 0.7, 0.4 + 0.28 * len(names))
    )
    _draw_valence(valence, samples)
    _draw_talk(talk, samples, events)
    _draw_cues(fired, cues, names)
    fired.set_xlabel("s")
    fired.set_xlim(0.0, max(1.0, samples[-1].at_s))
    for axes in (valence, talk, fired):
        plain_frame(axes)
    return figure


def require(path: Path) -> None:
    """Raise FerError, with the remedy, unless a plot can be drawn into such a file."""
    if path.suffix[1:].lower() not in KINDS:
        raise FerError(f"{path} is no file for a plot; name one that ends in .{' or .'.join(KINDS)}")
    require_matplotlib()


def save(figure: "Figure", path: Path) -> None:
    """Write an SVG or PNG, the same bytes for the same figure; FerError where it cannot be written."""
    import matplotlib as mpl

    kind = path.suffix[1:].lower()
    metadata: dict[str, Any] = {"Date": None} if kind == "svg" else {"Software": None}
    try:
        with mpl.rc_context({"svg.hashsalt": "fer_ros", "svg.fonttype": "none"}):
            figure.savefig(path, format=kind, dpi=DPI, metadata=metadata)
    except OSError as error:
        raise FerError(f"{path} cannot be written ({error.strerror}); choose another folder") from error


def _draw_valence(axes: Any, samples: Sequence[Sample]) -> None:
    times = [sample.at_s for sample in samples]
    low, high = [s.valence_low for s in samples], [s.valence_high for s in samples]
    axes.fill_between(times, low, high, color=SKY, alpha=0.35, linewidth=0)
    axes.plot(times, [(a + b) / 2 for a, b in zip(low, high, strict=True)], color=BLUE, linewidth=1.2)
    for emotion, group in groupby(samples, key=lambda sample: sample.emotion):
        span = list(group)
        begin, end = span[0].at_s, span[-1].at_s
        axes.axvline(begin, color="#cccccc", linewidth=0.6)
        if end - begin > 0.03 * samples[-1].at_s:
            axes.text((begin + end) / 2, 1.02, emotion or "nobody", ha="center", va="bottom", fontsize=8)
    axes.set(ylim=(-1.0, 1.0), ylabel="valence ± sd")


def _draw_talk(axes: Any, samples: Sequence[Sample], events: Sequence[Event]) -> None:
    for (turn, topic), group in groupby(samples, key=lambda sample: (sample.turn, sample.topic)):
        span = list(group)
        begin, length = span[0].at_s, span[-1].at_s - span[0].at_s
        if turn != SILENT:
            colour = ORANGE if turn == SPEAKING else SKY
            axes.broken_barh([(begin, length)], (1.05, 0.6), color=colour, alpha=0.6)
            axes.text(begin, 1.35, f" {topic}" if turn == SPEAKING else "", va="center", fontsize=7)
    for event in events:
        if not isinstance(event.output, Cue):
            kind = event.output.reaction
            axes.text(
                event.at_s, 0.35, kind, ha="right", va="center", fontsize=8, color=REACTION_COLOURS[kind]
            )
            axes.plot(event.at_s, 0.35, ".", color=REACTION_COLOURS[kind])
    axes.set(ylim=(0.0, 1.8), yticks=(0.35, 1.35), yticklabels=("reaction", "turn"))


def _draw_cues(axes: Any, cues: Sequence[tuple[float, Cue]], names: Sequence[str]) -> None:
    for at_s, cue in cues:
        colour = RED if cue.cue in STRONG else BLUE
        row = names.index(cue.rule)
        axes.plot(at_s, row, "o", color=colour, markersize=5)
        axes.annotate(
            cue.cue, (at_s, row), xytext=(5, 0), textcoords="offset points", va="center", fontsize=7
        )
    axes.set(ylim=(len(names) - 0.5, -0.5), yticks=range(len(names)), yticklabels=names)
    axes.tick_params(axis="y", labelsize=8)
