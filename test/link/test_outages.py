import re
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.link.outages import OutagePlan, Pauses, Uptime

ONCE = OutagePlan(at=((10.0, 2.0), (30.0, 0.5)))
AGAIN = OutagePlan(at=((5.0, 1.0), (8.0, 2.0)), every_s=10.0)
RANDOM = OutagePlan(mean_up_s=4.0, mean_down_s=1.0)
BOTH = OutagePlan(at=((0.0, 1.0),), every_s=7.0, mean_up_s=4.0, mean_down_s=1.0)


def intervals(plan, seed=1):
    return lambda since: plan.intervals(seed, since)


def test_scheduled_outages_come_once():
    assert list(ONCE.intervals(1, 0.0)) == [(10.0, 12.0), (30.0, 30.5)]
    assert list(ONCE.intervals(1, 12.0)) == [(30.0, 30.5)]
    assert list(ONCE.intervals(1, 31.0)) == []


def test_a_schedule_repeats_and_outages_that_touch_are_one():
    plan = OutagePlan(at=((0.0, 1.0), (9.0, 1.0)), every_s=10.0)
    assert list(islice(plan.intervals(1, 0.0), 3)) == [(0.0, 1.0), (9.0, 11.0), (19.0, 21.0)]
    assert next(plan.intervals(1, 1e6 + 2)) == (1e6 + 9, 1e6 + 11)


@pytest.mark.parametrize("plan", [RANDOM, BOTH])
def test_outages_are_in_order_and_apart(plan):
    spans = list(islice(plan.intervals(3, 0.0), 3000))
    assert all(begin < end for begin, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))


def test_random_outages_have_their_means():
    spans = list(islice(RANDOM.intervals(2, 0.0), 5000))
    assert sum(end - begin for begin, end in spans) / 5000 == pytest.approx(1.0, rel=0.05)
    assert spans[-1][1] / 5000 == pytest.approx(5.0, rel=0.05)


def test_another_seed_has_other_outages_and_the_same_the_same():
    one, same, other = (list(islice(RANDOM.intervals(seed, 0.0), 9)) for seed in (1, 1, 2))
    assert one == same != other


@given(st.sampled_from([ONCE, AGAIN, RANDOM, BOTH]), st.floats(0, 20_000))
def test_looking_later_shows_the_same_outages(plan, since):
    every = plan.intervals(1, 0.0)
    expected = list(islice((span for span in every if span[1] > since), 3))
    found = list(islice(plan.intervals(1, since), 3))
    assert [end for _, end in found] == [end for _, end in expected]
    assert [begin for begin, _ in found[1:]] == [begin for begin, _ in expected[1:]]


def test_looking_from_the_edge_of_a_block_shows_the_same_outages():
    plan = OutagePlan(mean_up_s=0.5, mean_down_s=0.5)
    every, edges = list(islice(plan.intervals(1, 0.0), 12_000)), [1000.0 * k for k in range(1, 12)]
    for edge in edges:
        assert next(plan.intervals(1, edge)) in every


def test_a_clock_that_is_set_does_not_wait_for_every_outage_in_between():
    pauses, clock = Pauses(intervals(BOTH)), Uptime(intervals(BOTH))
    assert pauses.resume(1e15) >= 1e15
    assert clock.up(1.0) == 0.0
    assert clock.up(1e15) > 0.0


def test_a_pause_ends_with_its_outage():
    pauses = Pauses(intervals(ONCE))
    assert [pauses.resume(t) for t in (0.0, 10.0, 11.9, 12.0, 30.1, 40.0)] == [
        0.0,
        12.0,
        12.0,
        12.0,
        30.5,
        40.0,
    ]


def test_uptime_stands_still_in_an_outage():
    clock = Uptime(intervals(ONCE))
    assert clock.real(9.0) == 9.0
    assert clock.real(10.0) == 12.0  # what ends with the beginning of an outage ends with its end
    assert clock.real(27.9) == pytest.approx(29.9)
    assert [clock.up(t) for t in (4.0, 10.0, 11.0, 12.0, 13.0, 40.0)] == [4.0, 10.0, 10.0, 10.0, 11.0, 37.5]


@given(st.sampled_from([ONCE, AGAIN, RANDOM, BOTH]), st.lists(st.floats(0, 20), max_size=20))
def test_uptime_and_time_are_each_others_inverse(plan, gaps):
    clock, now = Uptime(intervals(plan)), 0.0
    for gap in gaps:
        now += gap
        up = clock.up(now)
        assert clock.real(up) >= now - 1e-9
        later = clock.real(up + gap)
        assert later - now >= gap - 1e-9
        assert clock.up(now) == up


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        pytest.param(OutagePlan(), "holds no outage", id="empty"),
        pytest.param(OutagePlan(mean_up_s=3.0), "need both", id="no mean_down_s"),
        pytest.param(OutagePlan(at=((1.0, 1.0),), mean_down_s=3.0), "need both", id="no mean_up_s"),
        pytest.param(OutagePlan(at=((1.0,),)), r"\[1\.0\] in `at`", id="no duration"),
        pytest.param(OutagePlan(at=((1.0, 2.0, 3.0),)), r"\[start, duration\]", id="three numbers"),
        pytest.param(OutagePlan(at=((1.0, 0.0),)), "duration above 0", id="of no length"),
        pytest.param(OutagePlan(at=((8.0, 4.0),), every_s=10.0), "ends at 12", id="longer than its period"),
        pytest.param(OutagePlan(at=((0.0, 6.0), (5.0, 5.0)), every_s=10.0), "all of its", id="always down"),
        pytest.param(
            OutagePlan(every_s=5.0, mean_up_s=1.0, mean_down_s=1.0), "no outage in", id="nothing to repeat"
        ),
    ],
)
def test_an_impossible_plan_says_what_is_wrong(plan, says):
    assert re.search(says, plan.problem())


@pytest.mark.parametrize("plan", [ONCE, AGAIN, RANDOM, BOTH])
def test_a_possible_plan_has_no_problem(plan):
    assert plan.problem() == ""
