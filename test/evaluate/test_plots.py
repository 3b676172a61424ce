import subprocess
import sys
from math import nan

import numpy as np
import pytest

from fer_ros.evaluate import canvas, plots
from fer_ros.evaluate.risk_coverage import risk_coverage

TITLE = "model on data\nn = 6"


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_a_confusion_matrix_has_shares_of_rows_and_counts():
    figure = plots.confusion_plot(np.array([[3, 1], [0, 0]]), ("a", "b"), TITLE)
    assert texts(figure) == ["0.75\n3", "0.25\n1", "0.00\n0", "0.00\n0"]
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()] == ["a", "b"]


def test_the_column_without_an_answer_is_named():
    figure = plots.confusion_plot(np.array([[3, 1, 2], [0, 1, 0]]), ("a", "b"), TITLE)
    assert [tick.get_text() for tick in figure.axes[0].get_xticklabels()] == ["a", "b", "no face"]


def test_places_ascend_and_values_follow_them():
    figure = plots.lines_plot([48, 12, 24], {"all images": [0.9, 0.5, nan]}, "face size, px", TITLE)
    axes = figure.axes[0]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["12", "24", "48"]
    assert axes.lines[0].get_ydata().tolist() == pytest.approx([0.5, nan, 0.9], nan_ok=True)
    assert texts(figure) == ["0.500", "0.900"]


def test_accuracy_at_80_percent_is_in_the_legend():
    curve = risk_coverage(np.linspace(1, 0, 10), np.array([1] * 8 + [0] * 2, bool))
    legend = plots.risk_coverage_plot({"all images": curve}, TITLE).axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["all images: 1.000 at 80%"]


def test_a_timeline_lasts_until_the_end_of_the_longest_stream():
    streams = {"streaming": ([0, 1, 2], ["a", None, "b"]), "by hand": ([0], ["b"])}
    first, second = plots.timeline_plot(streams, ("a", "b"), TITLE).axes
    assert first.lines[0].get_ydata().tolist() == pytest.approx([0, nan, 1, 1], nan_ok=True)
    assert (second.lines[0].get_xdata().tolist(), second.lines[0].get_ydata().tolist()) == ([0, 2], [1, 1])


def test_a_heat_map_says_where_there_is_nothing():
    table = np.array([[0.5, nan], [0.25, 1.0]])
    figure = plots.heat_plot({"mean": table}, ("big", "small"), ("30", "5"), TITLE, "accuracy")
    assert texts(figure) == ["0.500", "-", "0.250", "1.000"]


def test_more_heat_maps_than_fit_on_a_line_go_on_the_next():
    tables = {str(place): np.full((2, 2), place / 8) for place in range(6)}
    figure = plots.heat_plot(tables, ("big", "small"), ("30", "5"), TITLE, "accuracy")
    maps = [axes for axes in figure.axes if axes.get_title()]
    assert [axes.get_title() for axes in maps] == list("012345")
    lines = [axes.get_subplotspec().rowspan.start for axes in maps]
    assert lines == [0] * plots.TABLES_PER_LINE + [1] * (6 - plots.TABLES_PER_LINE)
    assert len(figure.axes) == 7  # no empty ones, and the colours' scale


@pytest.mark.parametrize("shares", [[0.995, 1.0], [0.0, 0.001], [nan], [0.2, 0.9]])
def test_small_differences_do_not_look_large(shares):
    low, high = canvas.shown_span(np.array(shares))
    assert high - low >= canvas.LEAST_SPAN - 1e-9
    assert low >= -1e-9
    assert high <= 1 + 1e-9


def test_the_title_says_what_it_was_given_on_short_lines():
    title = plots.lines_plot(
        [1], {"all": [1.0]}, "x", "a model on a long title of a dataset " * 3
    ).get_suptitle()
    assert max(map(len, title.splitlines())) <= canvas.TITLE_PER_INCH * 6
    assert title.replace("\n", " ") == ("a model on a long title of a dataset " * 3).strip()


def test_evaluation_does_not_load_matplotlib_until_something_is_drawn():
    code = "import sys, fer_ros.evaluate.report, fer_ros.cli.main; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
