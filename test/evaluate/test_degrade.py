import numpy as np
import pytest

from fer_ros.errors import ImageError
from fer_ros.evaluate.degrade import SEQUENCE, degraded, sequence, thinned


def times(seconds, fps):
    return [k / fps for k in range(round(seconds * fps))]


@pytest.mark.parametrize(("rate", "count"), [(60, 60), (30, 60), (15, 30), (5, 10)])
def test_thinning_leaves_the_rate(rate, count):
    kept = thinned(times(2, 30), rate)
    assert len(kept) == count
    assert len(set(np.diff(kept))) == 1


def test_a_longer_clip_gives_its_middle():
    found = sequence(times(10, 30), 30)
    assert [place for place, _ in found] == list(range(135, 165))
    assert [stamp for _, stamp in found] == pytest.approx([k / 30 for k in range(135, 165)])


def test_a_short_clip_is_repeated_and_time_goes_on():
    found = sequence(times(2, 30), 5)
    assert len(found) == SEQUENCE
    assert [place for place, _ in found] == 3 * [0, 6, 12, 18, 24, 30, 36, 42, 48, 54]
    assert np.diff([stamp for _, stamp in found]) == pytest.approx(np.full(29, 0.2))


def test_a_single_image_is_a_sequence():
    assert [place for place, _ in sequence([0.0], 15)] == [0] * SEQUENCE


def test_no_images_are_refused():
    with pytest.raises(ImageError, match="without images"):
        sequence([], 30)


@pytest.mark.parametrize(("size", "expected"), [((256, 144), (144, 256)), ((1280, 720), (360, 640))])
def test_an_image_is_shrunk_and_never_enlarged(size, expected):
    assert degraded(np.zeros((360, 640, 3), np.uint8), size, None).shape == (*expected, 3)


def test_jpeg_leaves_its_traces():
    noise = np.random.default_rng(0).integers(0, 255, (72, 128, 3)).astype(np.uint8)
    fine, coarse = (np.abs(degraded(noise, (256, 144), q).astype(int) - noise).mean() for q in (95, 20))
    assert 0 < fine < coarse
    assert np.array_equal(degraded(noise, (256, 144), None), noise)
