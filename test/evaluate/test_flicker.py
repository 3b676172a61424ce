from math import inf, isnan

import pytest

from fer_ros.evaluate.flicker import Delay, Flicker, delay, flicker


def stream(text):
    """One label a second: a letter, or `.` for none."""
    return list(range(len(text))), [None if letter == "." else letter for letter in text]


@pytest.mark.parametrize(
    ("text", "changes", "shown_s"),
    [
        pytest.param("aaaa", 0, 3, id="still"),
        pytest.param("abab", 3, 3, id="every image"),
        pytest.param("a..a", 0, 1, id="gap between equal labels"),
        pytest.param("a..b", 1, 1, id="gap between different ones"),
        pytest.param("....", 0, 0, id="nothing shown"),
        pytest.param("a", 0, 0, id="one image"),
        pytest.param("", 0, 0, id="no image"),
    ],
)
def test_changes_by_hand(text, changes, shown_s):
    assert flicker(*stream(text)) == Flicker(changes, shown_s)


def test_changes_per_minute():
    assert flicker([0, 10, 20, 30], ["a", "b", "b", "b"]).per_minute == 2
    assert isnan(flicker(*stream("...")).per_minute)


def test_clips_add_up():
    assert (Flicker(1, 10) + Flicker(3, 20)).per_minute == 8


def test_a_change_is_late_by_the_time_until_it_is_shown():
    assert delay(*stream("aaaabbbcc"), [(2.5, "b"), (7, "c")]) == Delay((1.5, 0))


def test_a_label_that_is_shown_already_is_not_late():
    assert delay(*stream("aabbbb"), [(3.5, "b")]) == Delay((0,))


def test_a_change_that_the_next_one_overtakes_is_missed():
    found = delay(*stream("aaaaacccb"), [(2, "b"), (5, "c")])
    assert found == Delay((inf, 0))
    assert found.missed == 1


def test_quantiles_are_observed_values_and_a_missed_change_is_the_latest():
    found = Delay((0.1, 0.4, 0.2, inf))
    assert (found.median_s, found.p95_s, found.within(0.2)) == (0.2, inf, 2)
    assert isnan(Delay(()).median_s)


@pytest.mark.parametrize("function", [flicker, lambda *stream: delay(*stream, [])])
def test_a_stream_that_is_none_is_refused(function):
    with pytest.raises(ValueError, match="2 stamps and 1 labels"):
        function([0, 1], ["a"])
    with pytest.raises(ValueError, match="backwards"):
        function([1, 0], ["a", "a"])
