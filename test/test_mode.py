from itertools import pairwise
from math import isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_ros.errors import ParameterError
from fer_ros.mode import FORCED, Mode, ModeParams, ModeSwitch, parse_mode

ONLINE, OFFLINE, PROBING = Mode.ONLINE, Mode.OFFLINE, Mode.PROBING


class World:
    """A cloud that answers `rate_hz` times a second with results `delay_s` old, and a robot that ticks."""

    def __init__(self, **params):
        self.switch = ModeSwitch(ModeParams(**params))
        self.now = 1_700_000_000.0
        self.start = self.now
        self.changes = []

    def run(self, seconds, rate_hz=15.0, delay_s=0.15):
        """Let time pass in steps of 10 ms; rate_hz 0 is a silent cloud."""
        until, next_result = self.now + seconds, self.now
        while self.now < until:
            self.now += 0.01
            self._note(self.switch.tick(self.now))
            if rate_hz and self.now >= next_result:
                next_result += 1 / rate_hz
                self._note(self.switch.on_cloud(self.now - delay_s, self.now))
        return self

    def _note(self, change):
        if change is not None:
            self.changes.append(change)

    @property
    def modes(self):
        return [change.mode for change in self.changes]


def test_it_starts_offline_and_says_so():
    state = ModeSwitch(ModeParams()).state(5.0)
    assert (state.mode, state.forced, state.reason, state.at_s) == (OFFLINE, False, "automatic at start", 5.0)
    assert isnan(state.cloud_age_s)


def test_a_healthy_cloud_is_probed_then_used():
    world = World().run(1.0)
    assert world.modes == [PROBING, ONLINE]
    assert world.changes[1].reason == "5 fresh cloud results in a row"
    assert world.changes[1].cloud_age_s == pytest.approx(0.15, abs=0.01)


@pytest.mark.parametrize(("rate_hz", "delay_s"), [(30, 0.1), (15, 0.2), (5, 0.17)])
def test_a_link_like_wifi_stays_online(rate_hz, delay_s):
    assert World().run(60.0, rate_hz, delay_s).modes == [PROBING, ONLINE]


@pytest.mark.parametrize("delay_s", [0.3, 1.2])
def test_a_slow_link_is_never_used(delay_s):
    assert World().run(30.0, 15.0, delay_s).modes == []


def test_silence_ends_online_within_the_threshold():
    world = World().run(5.0)
    cut_at = world.now
    world.run(3.0, rate_hz=0)
    assert world.modes[-1] is OFFLINE
    assert world.changes[-1].at_s - cut_at <= 0.4
    assert "ms old" in world.changes[-1].reason


def test_results_that_grow_old_end_online_although_they_keep_coming():
    assert World().run(5.0).run(3.0, delay_s=0.5).modes == [PROBING, ONLINE, OFFLINE]


def test_between_the_thresholds_the_mode_stays():
    assert World().run(5.0).run(20.0, delay_s=0.3).modes == [PROBING, ONLINE]


def test_return_waits_for_the_dwell_and_comes_within_three_seconds():
    world = World().run(20.0).run(0.5, rate_hz=0)
    left_at = world.changes[-1].at_s
    world.run(5.0)
    assert world.modes[-2:] == [PROBING, ONLINE]
    assert 2.0 <= world.changes[-1].at_s - left_at <= 3.0


def test_a_stale_probe_ends_probing():
    world = World(probes_needed=1000).run(1.0).run(1.0, delay_s=0.3)
    assert world.modes == [PROBING, OFFLINE]
    assert world.changes[-1].reason.startswith("probing: a cloud result came")


def test_silence_ends_probing():
    world = World(probes_needed=1000).run(1.0).run(1.0, rate_hz=0)
    assert world.modes == [PROBING, OFFLINE]


def test_faces_of_one_image_are_one_probe():
    switch = ModeSwitch(ModeParams())
    for _ in range(20):
        switch.on_cloud(1.0, 1.1)
    assert switch.mode is PROBING


def test_returns_that_do_not_last_come_less_and_less_often():
    world = World()
    for _ in range(60):
        world.run(1.0).run(1.0, rate_hz=0)
    returns = [change.at_s for change in world.changes if change.mode is ONLINE]
    gaps = [b - a for a, b in pairwise(returns)]
    assert gaps == sorted(gaps)
    assert gaps[-1] >= 15.0
    assert len(returns) <= 8


def test_a_return_that_lasts_resets_the_back_off():
    world = World()
    for _ in range(20):
        world.run(1.0).run(1.0, rate_hz=0)
    world.run(60.0).run(0.5, rate_hz=0)
    left_at = world.changes[-1].at_s
    world.run(5.0)
    assert world.changes[-1].mode is ONLINE
    assert world.changes[-1].at_s - left_at <= 3.0


def test_forced_offline_ignores_a_healthy_cloud():
    world = World().run(5.0)
    change = world.switch.force(OFFLINE, world.now)
    assert (change.mode, change.forced, change.reason) == (OFFLINE, True, "forced offline")
    assert world.run(5.0).modes == [PROBING, ONLINE]


def test_forced_online_stays_with_a_dead_cloud_and_says_what_that_means():
    world = World().run(1.0, rate_hz=0)
    change = world.switch.force(ONLINE, world.now)
    assert (change.mode, change.forced) == (ONLINE, True)
    assert "nothing is published, the newest cloud result is missing" in change.reason
    world.run(2.0, rate_hz=0).run(1.0).run(1.0, rate_hz=0)
    assert [(c.mode, c.forced, "nothing" in c.reason) for c in world.changes] == [
        (ONLINE, True, False),
        (ONLINE, True, True),
    ]


@pytest.mark.parametrize(("cloud_hz", "mode"), [(15.0, ONLINE), (0.0, OFFLINE)])
def test_given_back_the_switch_judges_at_once(cloud_hz, mode):
    world = World()
    world.switch.force(ONLINE, world.now)
    world.run(2.0, rate_hz=cloud_hz)
    change = world.switch.force(None, world.now)
    assert (change.mode, change.forced) == (mode, False)


@pytest.mark.parametrize(("name", "mode"), [("automatic", OFFLINE), ("offline", OFFLINE), ("online", ONLINE)])
def test_the_mode_at_start_is_a_parameter(name, mode):
    state = ModeSwitch(ModeParams(mode=name)).state(0.0)
    assert (state.mode, state.forced, state.reason) == (mode, name != "automatic", f"{name} at start")


def test_mode_names_are_those_of_the_service():
    assert {name: parse_mode(name) for name in FORCED} == FORCED
    with pytest.raises(ParameterError, match="'cloudy'; choose one of online, offline, automatic"):
        parse_mode("cloudy")
    with pytest.raises(ParameterError, match="cannot be forced"):
        ModeSwitch(ModeParams()).force(PROBING, 0.0)


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
    world.run(3.0)
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
            assert after.cloud_age_s > 0.4
        if before.mode is OFFLINE:
            assert after.at_s - before.at_s >= 2.0 - 1e-6
