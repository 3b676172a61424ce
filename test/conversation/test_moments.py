from math import isnan, nan

import pytest

from fer_ros.conversation.moments import AROUSAL, UNKNOWN_VARIANCE, VALENCE, ForgettingMean, mean_square
from fer_ros.emotions import VALENCE_AROUSAL


def filled(seconds, value, square, rate_hz=30):
    mean = ForgettingMean(0.8)
    for _ in range(round(seconds * rate_hz)):
        mean.add(value, square, 1 / rate_hz)
    return mean


def test_nothing_seen_is_not_known():
    assert all(map(isnan, ForgettingMean(0.8).after(0.0)))
    assert all(map(isnan, filled(3.0, nan, nan).after(0.0)))


def test_a_steady_value_is_its_mean_and_leaves_what_it_left_open():
    mean, sd = filled(10.0, 0.5, 0.5**2 + 0.04).after(0.0)
    assert mean == pytest.approx(0.5)
    assert sd == pytest.approx(0.2, abs=0.01)


def test_values_that_differ_are_less_certain_than_one_that_stays():
    moving = ForgettingMean(0.8)
    for index in range(300):
        value = 0.5 if index // 3 % 2 else -0.5
        moving.add(value, value**2, 1 / 30)
    assert moving.after(0.0)[1] > 0.4 > filled(10.0, 0.5, 0.25).after(0.0)[1]


def test_uncertainty_grows_while_nothing_is_seen_and_then_nothing_is_known():
    mean = filled(10.0, 0.5, 0.25)
    deviations = [mean.after(unseen_s)[1] for unseen_s in (0.0, 0.5, 1.0, 2.0)]
    assert deviations == sorted(deviations)
    assert deviations[-1] < UNKNOWN_VARIANCE**0.5
    assert mean.after(2.0)[0] == pytest.approx(0.5)
    assert isnan(mean.after(4.0)[0])


def test_the_mean_square_of_a_sure_label_is_that_of_its_place():
    labels = ("happy", "sad")
    assert mean_square(labels, (1.0, 0.0), VALENCE) == pytest.approx(VALENCE_AROUSAL["happy"][VALENCE] ** 2)
    assert mean_square(labels, (0.0, 1.0), AROUSAL) == pytest.approx(VALENCE_AROUSAL["sad"][AROUSAL] ** 2)


@pytest.mark.parametrize("labels", [("happy", "unknown"), ("happy", "grumpy")])
def test_a_label_without_a_place_leaves_everything_open(labels):
    assert mean_square(labels, (0.5, 0.5), VALENCE) == UNKNOWN_VARIANCE
