"""The harness of `make bench-switch`, on a few faults."""

import json

import pytest

from benchmarks import switch
from benchmarks.switch_faults import Fault
from benchmarks.switch_watch import Switching, Watch
from benchmarks.switch_world import SteadySender, World, profiles
from fer_ros.mode import Mode, ModeChange

TWENTY_S = 20.0


@pytest.fixture(scope="module")
def figures():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(switch, "FREQUENCIES_HZ", (0.15, 0.5, 2.0))
        patch.setattr(switch, "HEALTHY_SHARES", (0.5, 0.9))
        return switch.simulated(25, 7, lambda *_: None)


@pytest.mark.parametrize("figure", switch.TARGETS)
def test_a_few_faults_meet_every_target(figures, figure):
    assert figures[figure] <= switch.TARGETS[figure]


def test_the_faults_were_felt(figures):
    assert figures["losses"] >= 10
    assert figures["max_detect_ms"] > 100
    assert figures["max_return_s"] > 1
    assert figures["estimates"]["both"] > figures["estimates"]["robot"] > 1000


def test_the_last_line_is_one_json_object_and_the_status_says_whether_targets_were_met(capsys, monkeypatch):
    monkeypatch.setattr(switch, "FREQUENCIES_HZ", (1.0,))
    monkeypatch.setattr(switch, "HEALTHY_SHARES", (0.5,))
    assert switch.main(["--faults", "3", "--seed", "2"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["faults"] == 3
    monkeypatch.setitem(switch.TARGETS, "max_gap_ms", 1.0)
    assert switch.main(["--faults", "3", "--seed", "2"]) == 1
    assert "max_gap_ms is" in capsys.readouterr().err


def test_the_same_seed_gives_the_same_run():
    def run():
        watch = Watch()
        world = World(3, profiles()["wifi"], watch, SteadySender())
        world.run(TWENTY_S)
        return watch.stream.figures()

    assert run() == run()


def change(mode, at_s):
    return ModeChange(mode, False, "", at_s, 0.0)


def online_since(at_s):
    switching = Switching()
    switching.change(Mode.PROBING, change(Mode.ONLINE, at_s))
    return switching


CUT = Fault("cut", 0.0, 2.0, None)


def test_a_loss_that_nobody_noticed_counts_as_late_as_the_fault_was_long():
    switching = online_since(0.0)
    switching.begin(CUT, 10.0)
    switching.end(CUT, 12.0)
    assert switching.max_detect_s == 2.0


def test_a_return_that_never_came_counts_until_the_next_fault():
    switching = online_since(0.0)
    switching.begin(CUT, 10.0)
    switching.change(Mode.ONLINE, change(Mode.OFFLINE, 10.3))
    switching.end(CUT, 12.0)
    switching.begin(CUT, 20.0)
    assert (switching.max_detect_s, switching.max_return_s) == (pytest.approx(0.3), 8.0)


def test_the_sixth_loss_of_a_minute_is_one_of_a_flapping_link():
    switching = online_since(0.0)
    for number in range(7):
        at_s = 5.0 * number
        switching.begin(CUT, at_s)
        switching.change(Mode.ONLINE, change(Mode.OFFLINE, at_s + 0.3))
        switching.end(CUT, at_s + 1.0)
        switching.change(Mode.PROBING, change(Mode.ONLINE, at_s + (2.0 if number < 5 else 4.0)))
    assert (switching.max_return_s, switching.max_return_flapping_s) == (1.0, 3.0)
    assert switching.most_in_window == 3
