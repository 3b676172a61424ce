import pytest
from cloud_world import World

from fer_ros.errors import ParameterError
from fer_ros.mode import FORCED, Mode, ModeParams, ModeSwitch, parse_mode

ONLINE, OFFLINE, PROBING = Mode.ONLINE, Mode.OFFLINE, Mode.PROBING


def test_forced_offline_ignores_a_healthy_cloud():
    world = World().run(5.0)
    change = world.switch.force(OFFLINE, world.now)
    assert (change.mode, change.forced, change.reason) == (OFFLINE, True, "forced offline")
    assert world.run(5.0).modes == [PROBING, ONLINE]


def test_forced_online_stays_with_a_dead_cloud_and_says_what_that_means():
    world = World().run(1.0, rate_hz=0)
    change = world.switch.force(ONLINE, world.now)
    assert (change.mode, change.forced) == (ONLINE, True)
    assert (
        change.reason == "forced online: the robot's own estimates pass, the newest cloud result is missing"
    )
    world.run(2.0, rate_hz=0).run(1.0).run(1.0, rate_hz=0)
    assert [(c.mode, c.forced, "own" in c.reason) for c in world.changes] == [
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
