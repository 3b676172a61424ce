from math import isnan, nan

import pytest

from fer_ros.conversation.timeline import Timeline


def line(*values, start=100.0, keep_s=60.0):
    """A timeline with a value every tenth of a second."""
    timeline = Timeline(keep_s)
    for index, value in enumerate(values):
        timeline.add(start + 0.1 * index + 0.05, 0.1, value, value * value, 0.0)
    return timeline


def test_an_empty_window_tells_nothing():
    window = line(0.5, 0.5).window(50.0, 60.0)
    assert (window.present_s, window.known_s, window.surprise) == (0.0, 0.0, 0.0)
    assert isnan(window.mean)


def test_a_window_holds_what_lies_in_it():
    timeline = line(*[0.0] * 10, *[0.6] * 10)
    assert timeline.window(100.0, 101.0).mean == pytest.approx(0.0)
    assert timeline.window(101.0, 102.0).mean == pytest.approx(0.6)
    both = timeline.window(100.0, 102.0)
    assert both.mean == pytest.approx(0.3)
    assert both.variance == pytest.approx(0.09)
    assert both.known_s == pytest.approx(2.0)


def test_a_face_without_a_valence_is_present_but_tells_nothing():
    window = line(nan, nan, nan).window(100.0, 101.0)
    assert window.present_s == pytest.approx(0.3)
    assert window.known_s == 0.0
    assert isnan(window.mean)


def test_the_highest_surprise_counts():
    timeline = Timeline(10.0)
    for index, surprise in enumerate((0.0, 0.7, 0.2)):
        timeline.add(1.0 + 0.01 * index, 0.01, 0.0, 0.0, surprise)
    assert timeline.window(0.0, 2.0).surprise == 0.7


def test_no_more_is_kept_than_was_asked_for():
    timeline = line(*[0.1] * 500, keep_s=2.0)
    assert timeline.window(0.0, 1000.0).known_s == pytest.approx(2.0)
