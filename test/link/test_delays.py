from math import inf, sqrt
from random import Random
from statistics import fmean, median, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.link.delays import SHAPES, delays


def sample(delay_s, jitter_s, shape, count=50_000):
    draw = delays(delay_s, jitter_s, shape, Random(5))
    return sorted(draw() for _ in range(count))


def test_without_jitter_there_is_nothing_to_draw():
    assert delays(0.1, 0.0, "normal", Random(1)) is None


@pytest.mark.parametrize(
    ("shape", "low", "high"),
    [("normal", -3.041, 3.041), ("uniform", -sqrt(3), sqrt(3)), ("pareto", -1 / sqrt(3), inf)],
)
def test_jitter_has_its_mean_and_its_reach(shape, low, high):
    taken = sample(0.100, 0.010, shape)
    assert fmean(taken) == pytest.approx(0.100, abs=0.0002)
    assert 0.100 + low * 0.010 - 1e-6 <= taken[0] <= 0.100 + (low + 0.1) * 0.010
    assert taken[-1] <= 0.100 + high * 0.010 + 1e-6


@pytest.mark.parametrize("shape", ["normal", "uniform"])
def test_jitter_has_its_standard_deviation(shape):
    assert pstdev(sample(0.100, 0.010, shape)) == pytest.approx(0.010, rel=0.01)


def test_a_pareto_tail_falls_with_the_third_power():
    taken = sample(0.100, 0.010, "pareto", 200_000)
    scale = 0.010 / sqrt(0.75)
    assert median(taken) == pytest.approx(0.100 + scale * (2 ** (1 / 3) - 1.5), abs=0.0002)
    beyond = [sum(at > 0.100 + scale * (x - 1.5) for at in taken) / 200_000 for x in (2.0, 4.0, 8.0)]
    assert beyond == pytest.approx([1 / 8, 1 / 64, 1 / 512], rel=0.1)


@given(st.sampled_from(SHAPES), st.floats(0, 1), st.floats(1e-6, 1))
def test_no_delay_is_negative(shape, delay_s, jitter_s):
    assert sample(delay_s, jitter_s, shape, 50)[0] >= 0.0
