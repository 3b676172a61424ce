from math import isnan
from random import Random

import pytest

from fer_ros.link.answers import Answered, Sent
from fer_ros.link.capacity import MOST_BPS, Capacity


def pair(capacity, number, at_s, rate_bps, size=6000, apart_s=0.0, jitter_s=0.0, random=None):
    """A small payload and another right behind it, over a link of this rate."""
    first = Answered(Sent(2 * number, 500, at_s), at_s + 0.1, at_s + 0.05, 0.05, 0.1)
    noise = random.gauss(0, jitter_s) if random else 0.0
    received = at_s + 0.05 + apart_s + 8 * size / rate_bps + noise
    second = Answered(Sent(2 * number + 1, size, at_s + apart_s), received + 0.05, received, 0.05, 0.1)
    capacity.answered(first)
    capacity.answered(second)
    return received + 0.05


def test_nothing_is_known_before_three_pairs():
    capacity = Capacity()
    for i in range(2):
        assert isnan(capacity.bps(pair(capacity, i, i, 1e6)))
    assert capacity.bps(pair(capacity, 2, 2.0, 1e6)) == pytest.approx(1e6)


@pytest.mark.parametrize("rate_bps", [20e3, 750e3, 30e6])
def test_pairs_tell_the_rate_of_the_slowest_hop(rate_bps):
    capacity = Capacity()
    for i in range(6):
        now = pair(capacity, i, float(i), rate_bps)
    assert capacity.bps(now) == pytest.approx(rate_bps, rel=1e-6)


def test_with_jitter_the_estimate_errs_on_the_cautious_side():
    random, found = Random(1), []
    for _ in range(200):
        capacity = Capacity()
        for i in range(6):
            now = pair(capacity, i, float(i), 1e6, size=12_000, jitter_s=0.02, random=random)
        found.append(capacity.bps(now, jitter_s=0.02))
    assert sum(f > 1.25e6 for f in found) < 10
    assert sorted(found)[100] == pytest.approx(1e6, rel=0.35)


def test_pairs_that_arrive_at_once_say_at_least_a_lot():
    capacity = Capacity()
    for i in range(3):
        now = pair(capacity, i, float(i), float("inf"))
    assert capacity.bps(now) == MOST_BPS


def test_payloads_that_left_apart_tell_nothing():
    capacity = Capacity()
    for i in range(6):
        now = pair(capacity, i, float(i), 1e6, apart_s=0.033)
    assert isnan(capacity.bps(now))


def test_a_gap_in_the_sequence_is_no_pair():
    capacity = Capacity()
    for i in range(6):
        at_s = float(i)
        capacity.answered(Answered(Sent(3 * i, 500, at_s), at_s, at_s, 0.0, 0.0))
        capacity.answered(Answered(Sent(3 * i + 2, 9000, at_s), at_s + 0.1, at_s + 0.1, 0.0, 0.0))
    assert isnan(capacity.bps(6.0))


def test_a_full_link_overrules_older_pairs():
    capacity = Capacity()
    for i in range(4):
        now = pair(capacity, i, float(i), 1e7)
    capacity.full(2e5)
    assert capacity.bps(now) == 2e5


def test_a_much_better_link_is_noticed_within_three_pairs():
    capacity = Capacity()
    for i in range(6):
        pair(capacity, i, float(i), 1e5)
    for i in range(6, 9):
        now = pair(capacity, i, float(i), 1e7)
    assert capacity.bps(now) == pytest.approx(1e7, rel=0.01)


def test_old_pairs_are_forgotten():
    capacity = Capacity()
    for i in range(3):
        pair(capacity, i, float(i), 1e6)
    assert isnan(capacity.bps(100.0))
