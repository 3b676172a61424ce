from math import inf, isnan, nan

import numpy as np
import pytest

from fer_ros.evaluate.agreement import Agreement
from fer_ros.evaluate.flicker import Delay, Flicker
from fer_ros.evaluate.steadiness import compare, known_changes, total
from fer_ros.evaluate.watch import Watched

NAMES = ("a", "b", "c")


def rows(text):
    """One image a second; `.` is one without a face."""
    found = np.full((len(text), 3), nan, np.float32)
    for place, letter in enumerate(text):
        if letter != ".":
            found[place] = np.eye(3, dtype=np.float32)[NAMES.index(letter)]
    return found


def watched(streaming, single):
    return Watched(np.arange(len(single), dtype=float), NAMES, rows(streaming), rows(single))


def test_a_clip_by_hand():
    found = compare(watched("aaaabbbb.", "abababbb."), ((0, "a"), (3, "b")))
    assert (found.images, found.with_label) == (9, 8)
    assert (found.streaming.flicker, found.single.flicker) == (Flicker(1, 8), Flicker(5, 8))
    assert found.ratio == 5
    assert (found.streaming.delay, found.single.delay) == (Delay((1,)), Delay((0,)))
    assert found.streaming.right == Agreement(7, 9)  # late once, and no face once
    assert found.single.right == Agreement(6, 9)


def test_without_labels_by_hand_there_is_no_delay_and_no_accuracy():
    found = compare(watched("aabb", "abab")).streaming.as_dict()
    assert (found["known_changes"], found["labelled_images"]) == (0, 0)
    assert isnan(found["delay_median_s"])
    assert isnan(found["accuracy"])


@pytest.mark.parametrize(("streaming", "single", "ratio"), [("aaaa", "abab", inf), ("aaaa", "aaaa", nan)])
def test_a_stream_that_never_changes(streaming, single, ratio):
    assert compare(watched(streaming, single)).ratio == pytest.approx(ratio, nan_ok=True)


def test_clips_add_up():
    one, other = compare(watched("aabb", "abab")), compare(watched("bbbb", "bbab"))
    both = total([one, other])
    assert both.images == 8
    assert both.streaming.flicker == Flicker(1, 6)
    assert both.ratio == 5


@pytest.mark.parametrize(
    ("by_hand", "changes"),
    [
        pytest.param([(0, "a"), (3, "b")], [(0, ""), (3, "b")], id="the beginning is no change"),
        pytest.param([(2, "b")], [(2, "b")], id="a list that begins later begins with a change"),
        pytest.param([(0, "a"), (2, "a"), (3, "b")], [(0, ""), (3, "b")], id="the same again is none"),
        pytest.param(
            [(0, "a"), (2, ""), (5, "b")], [(0, ""), (2, ""), (5, "")], id="nor is what follows a gap"
        ),
        pytest.param([], [], id="none"),
    ],
)
def test_which_labels_by_hand_are_changes(by_hand, changes):
    assert known_changes(tuple(by_hand), 0.0) == tuple(changes)
