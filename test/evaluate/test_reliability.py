import numpy as np
import pytest

from fer_ros.estimators.calibration import softmax
from fer_ros.evaluate.reliability import reliability


def test_bins_by_hand():
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [1.0, 0.0]], np.float32)
    found = reliability(np.array([0, 1, 1, 0]), probabilities, bins=2)
    assert found.count.tolist() == [0, 4]
    assert found.confidence[1] == pytest.approx((0.9 + 0.8 + 0.6 + 1.0) / 4)
    assert found.accuracy[1] == pytest.approx(3 / 4)
    assert np.isnan([found.confidence[0], found.accuracy[0]]).all()


def test_full_confidence_is_in_the_last_bin():
    assert reliability(np.array([0]), np.array([[1.0, 0.0]], np.float32), bins=10).count[-1] == 1


def test_calibration_error_is_small_for_true_probabilities_and_large_for_sharpened_ones():
    random = np.random.default_rng(1)
    logits = random.normal(0, 2, (20_000, 4)).astype(np.float32)
    truth = (random.random((20_000, 1)) > softmax(logits).cumsum(axis=1)[:, :-1]).sum(axis=1)
    assert reliability(truth, softmax(logits)).ece < 0.02
    assert reliability(truth, softmax(logits, 0.25)).ece > 0.1


def test_calibration_error_by_hand():
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.4, 0.6]], np.float32)
    found = reliability(np.array([0, 1, 1, 1]), probabilities)
    assert found.ece == pytest.approx((2 * 0.4 + 2 * 0.4) / 4, abs=1e-6)


def test_no_answers_are_refused():
    with pytest.raises(ValueError, match="no answers"):
        reliability(np.empty(0, np.int64), np.empty((0, 3), np.float32))
