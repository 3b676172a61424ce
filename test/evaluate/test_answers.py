from math import nan

import numpy as np
import pytest

from fer_ros.evaluate.answers import MEAN, MODE, NETWORK, SINGLE, STREAMING, answers, streams
from fer_ros.evaluate.clip_network import WatchedClip
from fer_ros.evaluate.watch import Watched

NAMES = ("a", "b")


def watched(single, streaming=None):
    single = np.array(single, np.float32)
    last = single if streaming is None else np.array(streaming, np.float32)
    return Watched(np.arange(len(single), dtype=float), NAMES, last, single)


def clip(windows, ends, seen):
    rows = np.array(windows, np.float32).reshape(-1, 2)
    return WatchedClip(
        np.arange(len(seen), dtype=float), NAMES, np.array(seen, bool), rows, np.array(ends, np.int64), 50.0
    )


def test_the_three_methods_by_hand():
    scores = [[0.6, 0.4], [0.6, 0.4], [0.0, 1.0], [nan, nan]]
    held = [[0.5, 0.5], [0.7, 0.3], [0.2, 0.8], [nan, nan]]
    assert answers(watched(scores, held)) == {MEAN: "b", MODE: "a", STREAMING: "b"}


def test_equally_frequent_classes_are_told_apart_by_their_scores():
    assert answers(watched([[0.9, 0.1], [0.4, 0.6]]))[MODE] == "a"


def test_a_clip_without_a_face_has_no_answer():
    assert answers(watched([[nan, nan]])) == {MEAN: None, MODE: None, STREAMING: None}
    assert answers(clip([], [], [False])) == {NETWORK: None}
    assert streams(clip([], [], [False])) == {NETWORK: [None]}


def test_several_windows_answer_by_the_mean_of_their_probabilities():
    assert answers(clip([[0.6, 0.4], [0.6, 0.4], [0.1, 0.9]], [4, 5, 6], [True] * 7)) == {NETWORK: "b"}


@pytest.mark.parametrize(
    ("seen", "labels"),
    [
        pytest.param([True] * 6, ["a", "a", "a", "a", "b", "b"], id="the first also before its end"),
        pytest.param([True, False] * 3, ["a", None, "a", None, "b", None], id="no face, no label"),
    ],
)
def test_a_window_is_shown_until_the_next_one_ends(seen, labels):
    assert streams(clip([[0.9, 0.1], [0.1, 0.9]], [2, 4], seen)) == {NETWORK: labels}


def test_images_are_shown_with_memory_and_without():
    assert streams(watched([[0.9, 0.1], [nan, nan]], [[0.9, 0.1], [0.4, 0.6]])) == {
        SINGLE: ["a", None],
        STREAMING: ["a", "b"],
    }
