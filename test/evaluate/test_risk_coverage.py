import numpy as np
import pytest

from fer_ros.evaluate.risk_coverage import risk_coverage


def curve(confidence, right):
    return risk_coverage(np.array(confidence, float), np.array(right, bool))


def test_a_curve_by_hand():
    found = curve([0.9, 0.5, 0.8, 0.6], [1, 0, 1, 0])
    assert found.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert found.risk == pytest.approx([0, 0, 1 / 3, 1 / 2])
    assert found.area == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)
    assert found.accuracy_at(0.5) == 1.0
    assert found.accuracy_at(1.0) == 0.5


def test_coverage_is_never_less_than_asked_for_and_is_not_hurt_by_rounding():
    right = [1] * 7 + [0] * 3
    found = curve(np.linspace(1, 0.1, 10), right)
    assert found.accuracy_at(0.7) == 1.0
    assert found.accuracy_at(0.71) == pytest.approx(7 / 8)


@pytest.mark.parametrize("right", [[1, 0, 1, 0], [0, 0, 1, 1]])
def test_the_order_of_equally_sure_cases_does_not_matter(right):
    assert curve([0.5] * 4, right).risk == pytest.approx([0.5] * 4)


def test_what_was_not_answered_comes_last():
    assert curve([-1, 0.2], [0, 1]).risk.tolist() == [0.0, 0.5]


@pytest.mark.parametrize("coverage", [0, -0.1, 1.1, float("nan")])
def test_a_coverage_that_is_no_share_is_refused(coverage):
    with pytest.raises(ValueError, match="takes a share above 0"):
        curve([1], [1]).accuracy_at(coverage)


def test_no_cases_are_refused():
    with pytest.raises(ValueError, match="no cases"):
        curve([], [])
