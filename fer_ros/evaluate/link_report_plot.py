"""A plot of a link report: every sender on every link."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fer_ros.evaluate.canvas import BLUE, GREY, ORANGE, blank_axes
from fer_ros.link.sender import AUTO

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW_INCH = 0.28


def link_report_plot(links: Mapping[str, Mapping[str, Any]], title: str) -> "Figure":
    """One row a link: a dot for every fixed rung, a diamond for the sender that chooses.

    Args:
        links: "links" of report.json.
        title: says the clips.
    """
    rows = sorted(links, key=lambda name: (links[name]["changing"], name), reverse=True)
    figure, axes = blank_axes((8.0, 1.6 + ROW_INCH * len(rows)), title)
    for row, name in enumerate(rows):
        senders = links[name]["senders"]
        fixed = [figures["fresh"] for rung, figures in senders.items() if rung != AUTO]
        axes.plot(fixed, [row] * len(fixed), "o", color=GREY, markersize=3, alpha=0.5)
        axes.plot(max(fixed, default=0.0), row, "o", color=ORANGE, markersize=6)
        axes.plot(senders[AUTO]["fresh"], row, "D", color=BLUE, markersize=5)
    axes.set(
        yticks=range(len(rows)),
        yticklabels=rows,
        xlim=(-0.02, 1.02),
        xlabel="share of images, fresh and right",
    )
    for mark, colour, label in (
        ("D", BLUE, AUTO),
        ("o", ORANGE, "best fixed rung"),
        ("o", GREY, "fixed rungs"),
    ):
        axes.plot([], [], mark, color=colour, label=label)
    axes.legend(loc="lower right", frameon=False)
    return figure
