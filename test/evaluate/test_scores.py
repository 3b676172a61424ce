import numpy as np
import pytest

from fer_ros.evaluate.scores import accuracy, confusion, macro_f1, recalls

TRUTH = np.array([0, 0, 0, 1, 1, 2])
PREDICTED = np.array([0, 0, 1, 1, 1, 0])


def test_figures_by_hand():
    counts = confusion(TRUTH, PREDICTED, 3)
    assert counts.tolist() == [[2, 1, 0], [0, 2, 0], [1, 0, 0]]
    assert accuracy(counts) == pytest.approx(4 / 6)
    assert recalls(counts, "abc") == {"a": pytest.approx(2 / 3), "b": 1.0, "c": 0.0}
    assert macro_f1(counts) == pytest.approx((2 / 3 + 4 / 5 + 0) / 3)


def test_a_label_nobody_shows_or_says_does_not_count():
    counts = confusion(TRUTH, PREDICTED, 4)
    assert macro_f1(counts) == macro_f1(confusion(TRUTH, PREDICTED, 3))
    assert "d" not in recalls(counts, "abcd")


def test_attrahs_published_figures_follow_from_their_confusion():
    counts = np.array([[251, 35, 5], [110, 850, 150], [21, 140, 84]])
    assert accuracy(counts) == pytest.approx(0.7199, abs=5e-5)
    assert macro_f1(counts) == pytest.approx(0.6298, abs=5e-5)
