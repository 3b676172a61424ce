import re
from itertools import pairwise
from math import isnan

import pytest
from cloud_world import World
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_ros.errors import ParameterError
from fer_ros.mode import Mode, ModeParams, ModeSwitch

MARGIN_S = 0.02  # a timer of 50 Hz may look so much later than the steps of this world do
ONLINE, OFFLINE, PROBING = Mode.ONLINE, Mode.OFFLINE, Mode.PROBING


def test_it_starts_offline_and_says_so():
    state = ModeSwitch(ModeParams()).state(5.0)
    assert (state.mode, state.forced, state.reason, state.at_s) == (OFFLINE, False, "automatic at start", 5.0)
    assert isnan(state.cloud_age_s)


def test_a_healthy_cloud_is_probed_then_used():
    world = World().run(2.0)
    assert world.modes == [PROBING, ONLINE]
    assert world.changes[0].reason == "the newest cloud result is 150 ms old; 1 s of fresh ones lead back"
    assert re.fullmatch(r"\d\d fresh cloud results in 1\.[01] s", world.changes[1].reason)
    assert world.changes[1].cloud_age_s == pytest.approx(0.15, abs=0.01)


@pytest.mark.parametrize(("rate_hz", "delay_s"), [(30, 0.1), (15, 0.2), (5, 0.12)])
def test_a_link_like_wifi_stays_online(rate_hz, delay_s):
    assert World().run(60.0, rate_hz, delay_s).modes == [PROBING, ONLINE]


@pytest.mark.parametrize("delay_s", [0.3, 1.2])
def test_a_slow_link_is_never_used(delay_s):
    assert World().run(30.0, 15.0, delay_s).modes == []


@pytest.mark.parametrize("delay_s", [0.02, 0.15])
def test_silence_ends_online_within_four_tenths_of_a_second(delay_s):
    world = World().run(5.0, delay_s=delay_s)
    cut_at = world.now
    world.run(3.0, rate_hz=0)
    assert world.modes[-1] is OFFLINE
    assert world.changes[-1].at_s - cut_at <= 0.4 - MARGIN_S
    assert "ms old" in world.changes[-1].reason


def test_results_that_grow_old_end_online_although_they_keep_coming():
    assert World().run(5.0).run(3.0, delay_s=0.5).modes == [PROBING, ONLINE, OFFLINE]


def test_between_the_thresholds_the_mode_stays():
    assert World().run(5.0).run(20.0, delay_s=0.27).modes == [PROBING, ONLINE]
    assert World(healthy_s=10.0).run(5.0).run(20.0, delay_s=0.27).modes == [PROBING, OFFLINE]


@pytest.mark.parametrize("cut_s", [0.21, 0.4, 1.0, 3.0, 60.0])
def test_a_single_cut_of_any_length_is_mended_within_three_seconds(cut_s):
    world = World().run(20.0).run(cut_s, rate_hz=0)
    mended_at = world.now
    world.run(5.0)
    assert world.modes[-1] is ONLINE
    assert world.changes[-1].at_s - mended_at <= 3.0 - MARGIN_S


def test_offline_lasts_for_the_dwell():
    world = World(dwell_s=2.0).run(20.0).run(0.4, rate_hz=0).run(5.0)
    offline, probing = world.changes[-3:-1]
    assert (offline.mode, probing.mode) == (OFFLINE, PROBING)
    assert probing.at_s - offline.at_s == pytest.approx(2.0, abs=0.02)


@pytest.mark.parametrize("broken_by", [{"rate_hz": 0}, {"delay_s": 0.3}], ids=["silence", "a stale result"])
def test_a_break_restarts_the_count_and_does_not_move_the_mode(broken_by):
    world = World(healthy_s=3.0).run(2.5).run(0.5, **broken_by)
    broken_until = world.now
    world.run(4.0)
    assert world.modes == [PROBING, ONLINE]
    assert world.changes[-1].at_s - broken_until >= 3.0


def test_long_silence_ends_probing():
    world = World(healthy_s=30.0).run(1.0).run(10.0, rate_hz=0)
    assert world.modes == [PROBING, OFFLINE]
    assert world.changes[-1].reason == "probing: no fresh cloud result for 6 s"
    assert world.changes[-1].at_s - world.changes[0].at_s == pytest.approx(1.0 + 6.0, abs=0.1)


def test_faces_of_one_image_are_one_probe():
    switch = ModeSwitch(ModeParams(healthy_s=0.0))
    for _ in range(20):
        switch.on_cloud(1.0, 1.1)
    assert switch.mode is PROBING


def test_few_results_are_not_enough_however_long_they_took():
    assert World(probes_needed=100).run(5.0).modes == [PROBING]


def test_losing_the_cloud_early_makes_the_next_return_later():
    world, waits = World().run(20.0), []
    for _ in range(4):
        world.run(1.0, rate_hz=0)
        mended_at = world.now
        world.run(4.0)
        waits.append(world.changes[-1].at_s - mended_at)
    assert waits == pytest.approx([1.0, 1.7, 1.7, 1.7], abs=0.1)


def test_a_link_that_was_lost_six_times_in_a_minute_must_be_good_for_ten_seconds():
    world = World().run(20.0)
    for _ in range(6):
        world.run(1.0, rate_hz=0).run(4.0)
    assert world.modes.count(OFFLINE) == 6
    assert world.changes[-1].mode is PROBING
    assert world.changes[-1].reason.endswith("10 s of fresh ones lead back after 6 losses in a minute")
    for _ in range(20):
        world.run(1.0, rate_hz=0).run(9.0)
    assert world.changes[-1].mode is PROBING
    world.run(10.5)
    assert world.changes[-1].mode is ONLINE


def test_a_return_that_lasts_resets_the_back_off():
    world = World().run(20.0)
    for _ in range(3):
        world.run(1.0, rate_hz=0).run(4.0)
    world.run(60.0).run(1.0, rate_hz=0)
    mended_at = world.now
    world.run(5.0)
    assert world.changes[-1].at_s - mended_at == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("healthy_share", [0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("hz", [0.1, 0.13, 0.2, 0.3, 0.5, 1.0, 2.0])
def test_an_oscillating_link_switches_at_most_once_in_five_seconds(hz, healthy_share):
    world = World().run(20.0)
    before, end = len(world.changes), world.now + 60.0
    while world.now < end:
        world.run((1 - healthy_share) / hz, rate_hz=0).run(healthy_share / hz)
    since = world.changes[before:]
    switches = [change for change in since if change.mode is not PROBING and change.at_s < end]
    assert len(switches) <= 60.0 / 5.0


def test_thresholds_that_overlap_are_refused():
    with pytest.raises(ParameterError, match=r"return_below_s is 0\.5"):
        ModeSwitch(ModeParams(return_below_s=0.5))


def test_a_result_from_the_future_does_not_count():
    world = World().run(3.0, delay_s=-5.0)
    assert world.modes == []
    assert isnan(world.switch.state(world.now).cloud_age_s)


def test_a_clock_that_begins_anew_begins_anew():
    world = World().run(5.0)
    world.now = 10.0
    world.run(4.0)
    assert world.modes == [PROBING, ONLINE, OFFLINE, PROBING, ONLINE]


outages = st.lists(
    st.tuples(st.floats(0.1, 4.0), st.floats(0.05, 0.6), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=40, deadline=None)
@given(outages)
def test_whatever_the_link_does_the_rules_hold(phases):
    world = World()
    for seconds, delay_s, alive in phases:
        world.run(seconds, 15.0 if alive else 0.0, delay_s)
    assert all(a is not b for a, b in pairwise([OFFLINE, *world.modes]))
    assert all(a is PROBING for a, b in pairwise(world.modes) if b is ONLINE)
    for before, after in pairwise(world.changes):
        if after.mode is OFFLINE and before.mode is ONLINE:
            assert after.cloud_age_s > 0.35
        if before.mode is OFFLINE:
            assert after.at_s - before.at_s >= 1.0 - 1e-6
