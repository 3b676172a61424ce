import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.link.worth import FRESH_S, STALE_WORTH, worth_of_ages


def test_a_result_that_is_fresh_until_the_next_one_comes_is_worth_everything():
    assert worth_of_ages(0.1, FRESH_S - 0.1) == pytest.approx(1.0)


def test_half_the_time_fresh_is_worth_more_than_half():
    assert 0.5 < worth_of_ages(FRESH_S - 0.05, 0.1) < 0.5 + STALE_WORTH / 2


def test_a_result_that_never_is_fresh_is_worth_little_but_something():
    assert 0.0 < worth_of_ages(1.0, 0.1) < STALE_WORTH


@given(st.floats(0, 5), st.floats(0.001, 2), st.floats(0, 1))
def test_older_and_rarer_is_never_worth_more(from_s, span_s, more_s):
    worth = worth_of_ages(from_s, span_s)
    assert 0.0 <= worth <= 1.0 + 1e-9
    assert worth_of_ages(from_s + more_s, span_s) <= worth + 1e-9
    assert worth_of_ages(from_s, span_s + more_s) <= worth + 1e-9
