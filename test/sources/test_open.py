"""One door: what each kind needs, what is missing, and that every kind gives the same sort of frame."""

import cv2
import numpy as np
import pytest

from fer_ros.errors import ParameterError, SourceError
from fer_ros.params import build
from fer_ros.sources.open import open_source
from fer_ros.sources.params import KINDS, CameraParams

from .recordings import image_message, index_of, shade, write_bag, write_video


@pytest.fixture
def inputs(tmp_path):
    images = tmp_path / "images"
    images.mkdir()
    for i in range(3):
        cv2.imwrite(str(images / f"{i}.png"), shade(i))
    bag = write_bag(
        tmp_path / "bag", "mcap", {"/image_raw": [image_message(i, 1 + i / 10) for i in range(3)]}
    )
    video = write_video(tmp_path / "clip.mp4", count=3)
    return {"video": str(video), "folder": str(images), "bag": str(bag)}


def opened(kind, input="", warn=print, **options):
    return open_source(kind, input, clock=lambda: 0.0, warn=warn, **options)


def test_an_unknown_kind_lists_the_known_ones():
    with pytest.raises(ParameterError, match="source is 'webcam'; choose one of builtin, device"):
        opened("webcam")


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "builtin"])
def test_a_kind_without_its_input_says_what_it_needs(kind):
    with pytest.raises(ParameterError, match=f"source {kind} needs an input: "):
        opened(kind)


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "builtin"])
def test_an_input_that_is_not_there_is_named(kind, tmp_path):
    with pytest.raises(SourceError, match="absent"):
        opened(kind, str(tmp_path / "absent"))


@pytest.mark.parametrize("kind", ["builtin", "video", "folder", "bag"])
def test_every_kind_gives_bgr_frames_in_order(kind, inputs):
    with opened(kind, inputs.get(kind, ""), width=64, height=48) as source:
        frames = [next(source) for _ in range(3)]
    assert [f.index for f in frames] == [0, 1, 2]
    assert all(f.image.shape == (48, 64, 3) and f.image.dtype == np.uint8 for f in frames)
    assert (np.diff([f.stamp for f in frames]) > 0).all()


@pytest.mark.parametrize("kind", ["video", "folder", "bag"])
def test_every_recording_can_loop(kind, inputs):
    with opened(kind, inputs[kind], loop=True) as source:
        frames = [next(source) for _ in range(7)]
    assert [index_of(f.image) for f in frames] == [0, 1, 2, 0, 1, 2, 0]
    assert (np.diff([f.stamp for f in frames]) > 0).all()


@pytest.mark.parametrize("kind", ["builtin", "video", "folder", "bag"])
def test_closing_twice_is_harmless(kind, inputs):
    source = opened(kind, inputs.get(kind, ""), width=64, height=48)
    source.close()
    source.close()


def test_parameters_are_checked_where_they_come_in():
    assert build(CameraParams, {"source": "video", "width": 640}, "camera").width == 640
    with pytest.raises(ParameterError, match=r"camera\.rate_hz is 0"):
        build(CameraParams, {"rate_hz": 0.0}, "camera")
