"""Cameras: absent, losing their images, coming back, and closed while they are awaited."""

from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from fer_ros.errors import SourceError
from fer_ros.sources.backoff import Backoff
from fer_ros.sources.device import DeviceSource, open_v4l2


class FakeTime:
    """A clock that only waiting moves."""

    def __init__(self):
        self.now = 100.0
        self.waits = []

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.waits.append(seconds)
        self.now += seconds


class FakeCamera:
    """Stands in for cv2.VideoCapture: gives images while `script` says so, one entry a grab."""

    def __init__(self, script):
        self.script = script
        self.released = False

    def isOpened(self):
        return bool(self.script)

    def grab(self):
        return bool(self.script) and self.script.pop(0) != "gone"

    def retrieve(self):
        return True, np.zeros((2, 2, 3), np.uint8)

    def get(self, prop):
        return 30.0

    def release(self):
        self.released = True


def opening(*scripts):
    """An opener that gives one fake camera after the other, and keeps them."""
    cameras = [FakeCamera(list(script)) for script in scripts]
    waiting = list(cameras)
    return (lambda: waiting.pop(0)), cameras


def test_a_missing_device_is_named_with_those_present_and_the_remedy(warnings):
    with pytest.raises(
        SourceError, match=r"/dev/video97 cannot be opened \(devices present: .*use the source builtin"
    ):
        DeviceSource("97", FakeTime(), warnings, opener=lambda: open_v4l2("97", 640, 480, 30.0))


def test_a_device_that_opens_and_gives_nothing_is_refused_and_released(warnings):
    opener, (camera,) = opening(["gone"])
    with pytest.raises(SourceError, match="cannot be opened"):
        DeviceSource("0", FakeTime(), warnings, opener=opener)
    assert camera.released


def test_a_path_that_exists_is_busy_or_forbidden(tmp_path, warnings):
    path = tmp_path / "video0"
    path.touch()
    with pytest.raises(SourceError, match="close the program that uses it, add this user"):
        DeviceSource(str(path), FakeTime(), warnings, opener=opening([])[0])


def test_frames_are_stamped_when_they_arrive(warnings):
    time = FakeTime()
    source = DeviceSource("0", time, warnings, opener=opening(["opens", "a", "b"])[0])
    first = next(source)
    time.now += 0.5
    assert [(f.index, f.stamp) for f in (first, next(source))] == [(0, 100.0), (1, 100.5)]
    assert source.fps == 30.0


def test_a_device_that_disappears_is_reported_and_reopened_with_growing_pauses(warnings):
    time = FakeTime()
    opener, cameras = opening(["opens", "a", "gone"], [], ["gone"], [], ["opens", "b"])
    source = DeviceSource("0", time, warnings, opener=opener, pause=time.wait)
    assert [next(source).index, next(source).index] == [0, 1]
    assert time.waits == [0.25, 0.5, 1.0, 2.0]
    assert warnings.heard == [
        "camera 0 gives no images; it is reopened as soon as it is back",
        "camera 0 is back",
    ]
    assert [c.released for c in cameras] == [True, True, True, True, False]


def test_pauses_begin_short_again_after_a_success(warnings):
    time = FakeTime()
    opener, _ = opening(["opens", "gone"], ["opens", "a", "gone"], ["opens", "b"])
    source = DeviceSource("0", time, warnings, opener=opener, pause=time.wait)
    next(source), next(source)
    assert time.waits == [0.25, 0.25]


def test_pauses_stop_growing():
    backoff = Backoff(first_s=1.0, longest_s=5.0)
    assert [backoff.next_s() for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]
    assert [backoff.next_s() for _ in range(5000)][-1] == 5.0


def test_closing_ends_the_wait_for_a_lost_device(warnings):
    opener, _ = opening(["opens", "gone"])
    source = DeviceSource(
        "0", FakeTime(), warnings, opener=opener, backoff=Backoff(first_s=600.0, longest_s=600.0)
    )
    ended = []
    reader = Thread(target=lambda: ended.append(next(source, "ended")))
    reader.start()
    source.close()
    reader.join(timeout=5)
    assert ended == ["ended"]


@pytest.mark.skipif(not list(Path("/dev").glob("video*")), reason="this machine has no camera")
def test_a_real_camera_gives_frames(warnings):
    device = str(sorted(Path("/dev").glob("video*"))[0])
    try:
        source = DeviceSource(device, FakeTime(), warnings, opener=lambda: open_v4l2(device, 640, 480, 30.0))
    except SourceError as error:
        pytest.skip(str(error))
    with source:
        assert next(source).image.ndim == 3
