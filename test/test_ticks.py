"""Times of decisions: a grid that does not depend on when one looks, and an order that times tell."""

from hypothesis import given
from hypothesis import strategies as st

from fer_ros.mode import ModeParams, ModeSwitch
from fer_ros.selection import Selector
from fer_ros.ticks import JUMP_NS, NS, RESTART_NS, Moments, Ticks, to_seconds

RATE_HZ = 50
PERIOD_NS = NS // RATE_HZ
BEGIN_NS = 1_700_000_000 * NS
times = st.integers(0, 20 * NS)
looks = st.lists(times, max_size=200).map(sorted)
rates = st.floats(1.0, 200.0)


def all_due(ticks, moments_ns):
    return [tick for moment in moments_ns for tick in ticks.due(moment)]


@given(rates, looks, looks)
def test_what_is_due_does_not_depend_on_when_one_looks(rate_hz, some, others):
    end = BEGIN_NS + 21 * NS
    found = [
        all_due(Ticks(rate_hz), [BEGIN_NS, *(BEGIN_NS + at for at in moments), end])
        for moments in (some, others)
    ]
    assert found[0] == found[1]
    period = round(NS / rate_hz)
    assert all(tick % period == 0 for tick in found[0])
    assert all(after - before == period for before, after in zip(found[0], found[0][1:], strict=False))
    assert BEGIN_NS - period < found[0][0] <= BEGIN_NS


@given(st.lists(st.tuples(times, st.booleans()), max_size=60), looks, looks)
def test_decisions_do_not_depend_on_when_ticks_are_woken(estimates, some, others):
    """Of the switch and the selection, between the same estimates at the same times."""

    def decisions(wakes):
        selector, ticks = Selector(ModeSwitch(ModeParams(healthy_s=0.0, dwell_s=0.0))), Ticks(RATE_HZ)
        said = []
        events = sorted([(at, 1, cloud) for at, cloud in estimates] + [(at, 0, False) for at in (0, *wakes)])
        for at, is_estimate, cloud in [*events, (21 * NS, 0, False)]:
            said += [selector.tick(to_seconds(tick)) for tick in ticks.due(BEGIN_NS + at)]
            now = to_seconds(BEGIN_NS + at)
            if is_estimate and cloud:
                said.append(selector.on_cloud(now - 0.1, "face_1", at, now))
            elif is_estimate:
                said.append(selector.on_robot(now - 0.02, "face_1", at, now))
        return said

    assert decisions(some) == decisions(others)


def test_the_first_look_finds_the_newest_time_alone():
    assert list(Ticks(RATE_HZ).due(BEGIN_NS + 7)) == [BEGIN_NS]


def test_what_was_missed_is_made_up_in_order():
    ticks = Ticks(RATE_HZ)
    ticks.due(BEGIN_NS)
    assert list(ticks.due(BEGIN_NS + 3 * PERIOD_NS)) == [BEGIN_NS + k * PERIOD_NS for k in (1, 2, 3)]
    assert list(ticks.due(BEGIN_NS + 4 * PERIOD_NS - 1)) == []


def test_a_long_pause_is_not_lived_through():
    ticks = Ticks(RATE_HZ)
    ticks.due(BEGIN_NS)
    assert list(ticks.due(BEGIN_NS + 2 * JUMP_NS)) == [BEGIN_NS + 2 * JUMP_NS]


def test_a_clock_that_goes_back_begins_anew_and_one_that_shakes_does_not():
    ticks = Ticks(RATE_HZ)
    ticks.due(BEGIN_NS)
    assert list(ticks.due(BEGIN_NS - RESTART_NS // 2)) == []
    assert list(ticks.due(BEGIN_NS - 2 * RESTART_NS)) == [BEGIN_NS - 2 * RESTART_NS]
    assert list(ticks.due(BEGIN_NS - 2 * RESTART_NS + PERIOD_NS)) == [BEGIN_NS - 2 * RESTART_NS + PERIOD_NS]


@given(st.lists(st.integers(0, NS // 2000), min_size=1))
def test_every_moment_is_later_than_the_one_before_where_the_clock_stands_still(steps_back):
    moments = Moments()
    told = [moments.at(BEGIN_NS), *(moments.at(BEGIN_NS - back) for back in steps_back)]
    assert told == [BEGIN_NS + k for k in range(len(told))]


def test_a_clock_that_moves_is_believed_in_both_directions():
    moments = Moments()
    clock = [BEGIN_NS, BEGIN_NS + 5, BEGIN_NS - NS, BEGIN_NS - NS + 1]
    assert [moments.at(now) for now in clock] == clock
