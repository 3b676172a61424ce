import acted
import numpy as np
import pytest
import tiny_model

from fer_ros.errors import ModelError
from fer_ros.evaluate.watch import Pair, Watcher
from fer_ros.sources.builtin import BuiltinSource, Scene


@pytest.fixture(scope="module")
def frames():
    source = BuiltinSource(Scene(640, 360, distance_m=0.8, noise_sigma=4.0))
    return [(source.frame(place).image, place / 30) for place in range(8)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_model.build(tmp_path_factory.mktemp("models") / "tiny").folder


def test_every_image_has_an_estimate_with_memory_and_one_without(frames, folder):
    found = acted.watcher(folder).watch(frames)["tiny"]
    assert found.stamps.tolist() == [stamp for _, stamp in frames]
    assert found.streaming.shape == found.single.shape == (8, 8)
    assert found.streaming.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert found.shown[0] == found.labels[int(found.streaming[0].argmax())]


def test_the_first_image_is_the_same_with_and_without_memory_and_later_ones_are_smoothed(frames, folder):
    found = acted.watcher(folder).watch(frames)["tiny"]
    assert found.streaming[0] == pytest.approx(found.single[0], abs=1e-6)
    assert found.streaming.std(axis=0).max() < found.single.std(axis=0).max()


def test_without_memory_an_image_says_the_same_wherever_it_stands(frames, folder):
    watcher = acted.watcher(folder)
    whole, again = (watcher.watch([frames[0], frames[1]])["tiny"] for _ in range(2))
    assert np.array_equal(whole.single, again.single)
    assert np.array_equal(whole.streaming, again.streaming)  # nothing is carried between clips either


def test_smoothing_of_zero_is_frame_by_frame(frames, folder):
    found = acted.watcher(folder, smoothing_s=0.0).watch(frames)["tiny"]
    assert found.streaming == pytest.approx(found.single, abs=1e-6)


def test_images_without_a_face_have_no_label(frames, folder):
    wall = [(np.full_like(image, 90), stamp) for image, stamp in frames]
    found = acted.watcher(folder).watch(wall)["tiny"]
    assert found.shown == found.shown_singly == [None] * 8


def test_a_clip_without_images_is_empty(folder):
    found = acted.watcher(folder).watch([])["tiny"]
    assert (found.shown, found.streaming.shape) == ([], (0, 8))


def test_models_of_another_label_space_are_refused(frames, folder):
    one = acted.watcher(folder)
    pair = one._viewers["tiny"]
    wrong = Watcher(one._tracker, {"tiny": Pair(pair.streaming, pair.single, ("happy", "sad"))})
    with pytest.raises(ModelError, match=r"check --estimator\.labels"):
        wrong.watch(frames)
