"""The pace of real time: recordings at their own rate."""

import numpy as np
import pytest

from fer_ros.sources.frame import Frame
from fer_ros.sources.paced import DUE_S, paced


def frame(index, stamp=0.0):
    return Frame(stamp, np.zeros((1, 1, 3), np.uint8), index)


class FakeTime:
    def __init__(self):
        self.now = 50.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def test_a_recording_plays_at_its_own_rate_with_stamps_of_now():
    time = FakeTime()
    recorded = [frame(i, stamp=1000 + s) for i, s in enumerate((0.0, 0.1, 0.4))]
    played = list(paced(iter(recorded), time, time.sleep))
    assert [f.stamp for f in played] == pytest.approx([50.0, 50.1, 50.4])
    assert [f.index for f in played] == [0, 1, 2]


def test_a_stalled_reader_gets_no_burst():
    time = FakeTime()
    stamps = []
    for given in paced((frame(i, stamp=i / 10) for i in range(5)), time, time.sleep):
        stamps.append(given.stamp)
        if given.index == 1:
            time.now += 3.0
    assert np.diff(stamps) == pytest.approx([0.1, 3.0, 0.1, 0.1])


def test_a_clock_that_is_slow_or_stands_holds_the_recording():
    """Simulated time: it goes at a tenth of the pace of sleep, and then stands still for a while."""
    time, slept = FakeTime(), []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) > 20:
            time.now += seconds / 10

    (_, second) = paced((frame(i, stamp=i / 10) for i in range(2)), time, sleep)
    assert second.stamp == pytest.approx(50.1, abs=DUE_S)
    assert sum(slept) > 1.0


def test_a_clock_that_begins_anew_does_not_hold_the_recording():
    time = FakeTime()
    played = []
    for given in paced((frame(i, stamp=i / 10) for i in range(4)), time, time.sleep):
        played.append(given.stamp)
        if given.index == 1:
            time.now = 0.0
    assert played == pytest.approx([50.0, 50.1, 0.0, 0.1])


def test_a_recording_that_is_told_to_stop_stops_in_the_middle_of_waiting():
    assert len(list(paced((frame(i, stamp=i / 10) for i in range(2)), FakeTime(), lambda _: True))) == 1
