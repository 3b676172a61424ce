"""The pace of real time: newest frames of a device, and recordings at their own rate."""

from threading import Event

import numpy as np
import pytest

from fer_ros.errors import SourceError
from fer_ros.sources.frame import Frame, Source
from fer_ros.sources.latest import LatestFrame, paced

DEADLINE_S = 5.0


class Handed(Source):
    """A source that gives the frames a test hands it, and ends when it is closed or told to fail."""

    name = "handed"

    def __init__(self, count, error=None):
        self._left = iter(range(count))
        self._error = error
        self.all_read = Event()
        self._closed = Event()

    def __next__(self):
        index = next(self._left, None)
        if index is not None:
            return frame(index)
        self.all_read.set()
        if self._error:
            raise self._error
        self._closed.wait(DEADLINE_S)
        raise StopIteration

    def close(self):
        self._closed.set()


def frame(index, stamp=0.0):
    return Frame(stamp, np.zeros((1, 1, 3), np.uint8), index)


def test_only_the_newest_frame_is_given_and_only_once():
    source = Handed(5)
    with LatestFrame(source) as latest:
        assert source.all_read.wait(DEADLINE_S)
        assert latest.take().index == 4
        assert latest.take() is None
        assert latest.dropped == 4


def test_the_iteration_ends_with_the_source():
    latest = LatestFrame(Handed(1))
    assert next(latest).index == 0
    latest.close()
    assert latest.ended
    assert list(latest) == []


def test_an_error_reaches_the_reader_after_the_last_frame():
    source = Handed(2, error=SourceError("the camera is gone"))
    with LatestFrame(source) as latest:
        assert source.all_read.wait(DEADLINE_S)
        assert next(latest).index == 1
        with pytest.raises(SourceError, match="the camera is gone"):
            next(latest)


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
