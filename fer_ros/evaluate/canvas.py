"""What every plot is drawn on: matplotlib's objects, no window, no global state.

Colours are Okabe and Ito's (2008, "Color universal design"), which people with any colour vision tell
apart; lines differ in their markers too.
"""

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import FerError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, RED, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9"
MARKERS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (RED, "D"), (SKY, "v"))
GREY = "#666666"
DPI = 130
TITLE_PT, TITLE_PER_INCH = 10, 12  # letters of this size that fit into an inch
LEAST_SPAN = 0.2  # of a colour scale, so that small differences do not look large
REMEDY = "pip install -r requirements/evaluate.txt, or leave the plots out"


def save(figure: "Figure", path: Path) -> None:
    """Write a PNG, the same bytes for the same figure.

    Raises:
        FerError: the file cannot be written.
    """
    try:
        figure.savefig(path, format="png", dpi=DPI, metadata={"Software": None})
    except OSError as error:
        raise FerError(f"{path} cannot be written ({error.strerror}); choose another folder") from error


def require_matplotlib() -> None:
    """Raise FerError, with the remedy, unless plots can be drawn."""
    blank_figure((1, 1), "")


def blank_figure(size_inch: tuple[float, float], title: str) -> "Figure":
    """A figure with nothing but its title, on as many lines as it needs.

    Args:
        size_inch: width and height.
        title: says the dataset and n.

    Raises:
        FerError: matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise FerError(f"plots need matplotlib ({error}); {REMEDY}") from error
    figure = Figure(figsize=size_inch, layout="constrained")
    FigureCanvasAgg(figure)
    width = round(TITLE_PER_INCH * size_inch[0])
    lines = [line for part in title.splitlines() for line in wrap(part, width)]
    figure.suptitle("\n".join(lines), fontsize=TITLE_PT)
    return figure


def blank_axes(size_inch: tuple[float, float], title: str) -> tuple["Figure", "Axes"]:
    """A figure with one pair of axes; arguments and errors as `blank_figure`."""
    figure = blank_figure(size_inch, title)
    return figure, figure.subplots()


def write_cell(axes: Any, row: int, column: int, text: str, *, light: bool) -> None:
    """Write into a cell of a matrix, in white where `light`."""
    axes.text(column, row, text, ha="center", va="center", fontsize=8, color="white" if light else "black")


def number_points(axes: Any, values: NDArray[np.float64], *, above: bool) -> None:
    """Write the (P,) float64 values of a line beside its points; NaN is left out."""
    for place, value in enumerate(values):
        if np.isfinite(value):
            where = {"xytext": (0, 8 if above else -15), "textcoords": "offset points", "ha": "center"}
            axes.annotate(f"{value:.3f}", (place, value), fontsize=8, **where)


def plain_frame(axes: Any) -> None:
    """No frame above and to the right, and a light line at each step of y."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)


def shown_span(shares: NDArray[np.float64]) -> tuple[float, float]:
    """Least and largest of some shares, at least LEAST_SPAN apart."""
    finite = shares[np.isfinite(shares)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    middle = min(max((low + high) / 2, LEAST_SPAN / 2), 1 - LEAST_SPAN / 2)
    return min(low, middle - LEAST_SPAN / 2), max(high, middle + LEAST_SPAN / 2)
