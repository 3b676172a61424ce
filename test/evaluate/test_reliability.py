import numpy as np
import pytest

from fer_ros.estimators.calibration import ece
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


def test_its_calibration_error_is_the_one_that_calibration_minimises():
    random = np.random.default_rng(0)
    probabilities = random.dirichlet(np.ones(4), 500).astype(np.float32)
    truth = random.integers(0, 4, 500)
    assert reliability(truth, probabilities).ece == pytest.approx(ece(probabilities, truth))


def test_no_answers_are_refused():
    with pytest.raises(ValueError, match="no answers"):
        reliability(np.empty(0, np.int64), np.empty((0, 3), np.float32))
