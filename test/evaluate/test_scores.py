import numpy as np
import pytest

from fer_ros.evaluate.scores import confusion, correlations


def test_counts_by_hand():
    truth, predicted = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 1, 0])
    assert confusion(truth, predicted, 3).tolist() == [[2, 1, 0], [0, 2, 0], [1, 0, 0]]


def test_correlation_is_one_for_a_line_minus_one_for_its_mirror_and_unknown_for_a_constant():
    truth = np.linspace(0, 1, 10, dtype=np.float32)[:, None].repeat(3, axis=1)
    truth[:, 2] = 0.5
    found = truth * np.array([0.3, -2.0, 1.0], np.float32) + 1
    assert correlations(found, truth) == pytest.approx([1, -1, np.nan], nan_ok=True)
