from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.errors import ImageError, ParameterError
from fer_ros.link.throttle import RESOLUTIONS, Throttle, parse_resolution, shrink


def camera(rate_hz, count, jitter_s=0.0, start=1_700_000_000.0):
    """Stamps of a camera whose frames come up to jitter_s early or late."""
    random = Random(4)
    return [start + index / rate_hz + random.uniform(-jitter_s, jitter_s) for index in range(count)]


def kept(throttle, stamps):
    return [stamp for stamp in stamps if throttle.accept(stamp)]


@pytest.mark.parametrize(("rate_hz", "step"), [(30.0, 1), (15.0, 2), (5.0, 6)])
@pytest.mark.parametrize("jitter_s", [0.0, 0.004, 0.009])
def test_a_jittering_30_fps_camera_is_thinned_evenly(rate_hz, step, jitter_s):
    stamps = camera(30.0, 300, jitter_s)
    chosen = [stamps.index(stamp) for stamp in kept(Throttle(rate_hz), stamps)]
    assert len(chosen) == pytest.approx(300 / step, abs=1)
    assert sum(b - a == step for a, b in pairwise(chosen)) >= 0.97 * (len(chosen) - 1)


def test_a_rate_that_does_not_divide_the_cameras_is_kept_on_average():
    stamps = camera(25.0, 1000)
    assert len(kept(Throttle(15.0), stamps)) == pytest.approx(600, abs=3)


@pytest.mark.parametrize("camera_hz", [5.0, 14.9, 29.97, 30.0])
def test_a_slower_camera_is_sent_whole(camera_hz):
    stamps = camera(camera_hz, 200)
    assert kept(Throttle(30.0), stamps) == stamps


def test_no_burst_follows_a_pause():
    throttle = Throttle(5.0)
    kept(throttle, camera(30.0, 30, start=0.0))
    after = kept(throttle, camera(30.0, 30, start=20.0))
    assert min(b - a for a, b in pairwise(after)) > 0.09
    assert len(after) <= 6


def test_the_same_stamp_is_sent_once():
    throttle = Throttle(30.0)
    assert [throttle.accept(1.0), throttle.accept(1.0)] == [True, False]


def test_time_that_goes_backwards_begins_anew():
    throttle = Throttle(5.0)
    stamps = camera(30.0, 60, start=0.0)
    assert kept(throttle, stamps) == kept(throttle, stamps)


def test_a_new_rate_begins_with_the_next_frame():
    throttle = Throttle(5.0)
    throttle.accept(1.0)
    throttle.change(30.0)
    assert throttle.accept(1.03)


@pytest.mark.parametrize("rate_hz", [0.0, -5.0, float("nan")])
def test_a_rate_that_sends_nothing_is_refused(rate_hz):
    with pytest.raises(ParameterError, match="rate_hz is"):
        Throttle(rate_hz)


@given(st.lists(st.floats(0.001, 0.5), min_size=2, max_size=80), st.floats(1.0, 60.0))
def test_never_more_than_the_rate_and_two(gaps, rate_hz):
    stamps = np.cumsum(gaps).tolist()
    sent = kept(Throttle(rate_hz), stamps)
    assert len(sent) <= (stamps[-1] - stamps[0] + max(gaps) / 2) * rate_hz + 2


def test_resolutions_are_read_as_width_and_height():
    assert [parse_resolution(text) for text in RESOLUTIONS] == [(1280, 720), (640, 360), (256, 144)]


@pytest.mark.parametrize("text", ["", "720p", "640x480", "640x360x3", "-640x360", "640X360"])
def test_another_resolution_is_refused_with_the_choices(text):
    with pytest.raises(ParameterError, match="choose one of 1280x720, 640x360, 256x144"):
        parse_resolution(text)


@pytest.mark.parametrize(
    ("size", "resolution", "expected"),
    [
        pytest.param((720, 1280), (640, 360), (360, 640), id="same shape"),
        pytest.param((480, 640), (256, 144), (144, 192), id="4 to 3"),
        pytest.param((1280, 720), (256, 144), (144, 81), id="upright"),
        pytest.param((100, 100), (640, 360), (100, 100), id="smaller stays"),
        pytest.param((360, 640), (640, 360), (360, 640), id="equal stays"),
        pytest.param((1, 1), (256, 144), (1, 1), id="one pixel"),
        pytest.param((1, 9000), (256, 144), (1, 256), id="a line"),
    ],
)
def test_images_shrink_to_fit_and_never_grow(size, resolution, expected):
    assert shrink(np.zeros((*size, 3), np.uint8), resolution).shape == (*expected, 3)


def test_shrinking_averages_areas():
    checkerboard = np.indices((288, 512)).sum(axis=0) % 2 * 255
    small = shrink(np.repeat(checkerboard[..., None], 3, axis=2).astype(np.uint8), (256, 144))
    assert np.all(np.abs(small.astype(int) - 127) <= 1)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.uint16),
    ],
)
def test_what_is_not_bgr8_is_refused(image):
    with pytest.raises(ImageError, match="convert it to bgr8"):
        shrink(image, (256, 144))
