from math import isnan

import pytest

from fer_ros.freshness import BackOff, Freshness


def counted(*arrivals, forgiving=False):
    """After results that came at these times and ages."""
    cloud = Freshness(fresh_s=0.25, silent_s=0.35)
    for now, age_s in arrivals:
        cloud.count(now - age_s, now, forgiving=forgiving)
    return cloud


def test_before_the_first_result_nothing_is_fresh_and_everything_silent():
    cloud = counted()
    assert (cloud.results, cloud.stretch_s, cloud.is_fresh(0.0), cloud.silent(0.0)) == (0, 0.0, False, True)
    assert isnan(cloud.age_s(0.0))
    assert cloud.spoken(0.0) == "missing"


def test_a_stretch_is_as_long_as_results_came_not_as_time_passed():
    cloud = counted((1.0, 0.1), (1.2, 0.1), (1.4, 0.1))
    assert (cloud.results, cloud.stretch_s) == (3, pytest.approx(0.4))


@pytest.mark.parametrize(
    ("second", "results"),
    [
        pytest.param((1.2, 0.249), 2, id="just fresh"),
        pytest.param((1.2, 0.251), 0, id="not fresh"),
        pytest.param((1.24, 0.1), 2, id="just not silent"),
        pytest.param((1.26, 0.1), 1, id="silent before"),
        pytest.param((1.2, 0.3), 1, id="of the same image"),
        pytest.param((1.2, 0.5), 1, id="overtaken"),
        pytest.param((1.2, -0.6), 1, id="from the future"),
    ],
)
def test_what_breaks_a_stretch(second, results):
    assert counted((1.0, 0.1), second).results == results


def test_the_forgiving_neither_break_nor_lengthen_it():
    cloud = counted((1.0, 0.1), (1.1, 0.1), (1.3, 0.3), forgiving=True)
    assert (cloud.results, cloud.stretch_s) == (2, pytest.approx(0.1))


def back_off():
    return BackOff(first_s=1.0, factor=2.0, longest_s=3.0, stable_s=10.0, a_minute=4)


def after(*losses):
    """What it takes after losses at these times, each after a stretch of this length."""
    waits = back_off()
    wanted = []
    for now, stretch_s in losses:
        waits.lost(stretch_s, now)
        wanted.append(waits.wanted_s)
    return wanted


def test_early_losses_make_the_wait_longer_up_to_a_limit():
    assert after((0.0, 5.0), (20.0, 5.0), (40.0, 5.0), (100.0, 5.0)) == [1.0, 2.0, 3.0, 3.0]


def test_a_long_stretch_makes_it_short_again():
    assert after((0.0, 5.0), (20.0, 5.0), (40.0, 10.0), (60.0, 5.0)) == [1.0, 2.0, 1.0, 2.0]


def test_too_many_losses_within_a_minute_ask_for_a_long_stretch():
    assert after((0.0, 5.0), (5.0, 5.0), (10.0, 5.0), (59.9, 10.0)) == [1.0, 2.0, 3.0, 10.0]
    assert after((0.0, 5.0), (5.0, 5.0), (10.0, 5.0), (60.0, 10.0))[-1] == 1.0


def test_calm_forgets():
    waits = back_off()
    for now in (0.0, 1.0, 2.0, 3.0):
        waits.lost(1.0, now)
    waits.calm()
    assert (waits.wanted_s, waits.flapping) == (1.0, False)
