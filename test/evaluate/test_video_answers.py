from pathlib import Path

import acted
import cv2
import numpy as np
import pytest
import tiny_model

from fer_ros.emotions import BASIC, FERPLUS
from fer_ros.errors import DatasetError, ModelError
from fer_ros.estimators.model import load_model
from fer_ros.estimators.params import EstimatorParams
from fer_ros.evaluate.clip_network import ClipNetwork
from fer_ros.evaluate.samples import Samples
from fer_ros.evaluate.video import ask_clips, from_videos
from fer_ros.evaluate.watch import Watcher
from fer_ros.faces.open import open_tracker


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """Twelve images at 30 a second."""
    return acted.clip(tmp_path_factory.mktemp("clips") / "face.mp4")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return load_model(tiny_model.build(tmp_path_factory.mktemp("models") / "tiny").folder)


@pytest.fixture(scope="module")
def ravdess(tmp_path_factory):
    """The names of two actors' clips; nothing is in them."""
    root = tmp_path_factory.mktemp("RAVDESS")
    for actor in (1, 2):
        for code in range(1, 9):
            path = root / f"Actor_{actor:02}" / f"01-01-{code:02}-01-01-01-{actor:02}.mp4"
            path.parent.mkdir(exist_ok=True)
            path.touch()
    return root


def samples(*paths, labels="ferplus", truth=None):
    answers = np.zeros(len(paths), np.int64) if truth is None else np.array(truth)
    return Samples("made up", "test", labels, {"video": np.array([str(path) for path in paths])}, answers)


def asked(model, found, warnings=None, rates=(30.0, 15.0, 5.0), **params):
    tracker = open_tracker(acted.FACES, (), lambda _: None)
    warn = (warnings if warnings is not None else []).append
    return ask_clips(model, found, tracker, EstimatorParams(**params), warn, lambda *_: None, rates)


def frames(path):
    capture = cv2.VideoCapture(str(path))
    return [(capture.read()[1], place / acted.FPS) for place in range(12)]


@pytest.mark.parametrize(
    ("rate", "places"),
    [
        pytest.param(30.0, range(12), id="all"),
        pytest.param(15.0, range(0, 12, 2), id="every other"),
        pytest.param(5.0, (0, 6), id="two"),
    ],
)
def test_a_clip_s_answer_is_the_mean_of_the_streaming_estimates_of_the_images_that_remain(
    model, clip, rate, places
):
    outcome = asked(model, samples(clip))[rate]
    every = frames(clip)
    seen = acted.watcher(model.card.folder).watch([every[place] for place in places])["tiny"]
    np.testing.assert_allclose(outcome.probabilities[0], seen.streaming.mean(axis=0), atol=1e-4)
    assert outcome.detected.tolist() == [True]


def test_memory_is_as_long_as_the_parameters_say(model, clip):
    short, long = (asked(model, samples(clip), smoothing_s=s)[30.0].probabilities for s in (0.0, 5.0))
    assert np.abs(short - long).max() > 1e-5


def test_prediction_sets_are_those_of_the_size_that_the_face_was_seen_at(model, clip):
    outcome = asked(model, samples(clip))[30.0]
    expected = model.card.heads["ferplus"].sets(outcome.probabilities, np.array([90.0], np.float32))
    assert (outcome.sets == expected).all()


def test_a_wall_and_a_broken_file_are_not_answered(model, clip, tmp_path):
    wall, broken = acted.clip(tmp_path / "wall.mp4", face=False), tmp_path / "broken.mp4"
    broken.write_text("once upon a time")
    warnings = []
    for outcome in asked(model, samples(clip, wall, broken), warnings).values():
        assert outcome.detected.tolist() == [True, False, False]
        assert not outcome.right[1:].any()
    (said,) = warnings
    assert "not answered" in said
    assert "broken.mp4" in said


def test_only_broken_files_are_an_error(model, tmp_path):
    (tmp_path / "broken.mp4").write_text("once upon a time")
    with pytest.raises(DatasetError, match="none of the 1 clips can be read"):
        asked(model, samples(tmp_path / "broken.mp4"))


def test_answers_are_made_of_another_head_s_as_with_images(model, clip):
    three, seven = (asked(model, samples(clip, labels=s), rates=(5.0,))[5.0] for s in ("3class", "fer2013"))
    assert three.probabilities[0, 0] == pytest.approx(seven.probabilities[0, 3], abs=1e-5)  # happy
    with pytest.raises(ModelError, match="tiny@1 has no ravdess labels"):
        asked(model, samples(clip, labels="ravdess"))


def test_a_clip_network_answers_by_its_windows(clip, tmp_path):
    lstm = load_model(tiny_model.build_clip(tmp_path / "lstm", length=3).folder)
    found = asked(lstm, samples(clip, labels="ravdess"))
    viewer = ClipNetwork(lstm, "ravdess", "ravdess")
    watcher = Watcher(open_tracker(acted.FACES, (), lambda _: None), {"lstm": viewer})
    for rate, kept in ((30.0, frames(clip)), (5.0, frames(clip)[::6])):
        watched = watcher.watch(kept)["lstm"]
        np.testing.assert_allclose(found[rate].probabilities[0], watched.answer, atol=1e-5)
        assert found[rate].detected.tolist() == [True]


def test_ravdess_is_read_by_its_names_with_calm_as_neutral(ravdess):
    found = from_videos("ravdess", ravdess, "ferplus", "test")
    names = [FERPLUS[index] for index in found.truth]
    assert (len(found), names.count("neutral"), names.count("happy")) == (16, 4, 2)
    assert Path(found.inputs["video"][0]).is_file()
    assert found.title.startswith("RAVDESS")


def test_clips_whose_label_has_no_place_are_left_out(ravdess):
    found = from_videos("ravdess", ravdess, "basic", "test")
    assert {BASIC[index] for index in found.truth} == set(BASIC)
    assert len(found) == 12  # neither neutral nor calm


def test_what_nobody_divided_is_all_test(ravdess):
    with pytest.raises(DatasetError, match=r"no clip of the validation split .*splits with: test"):
        from_videos("ravdess", ravdess, "ferplus", "validation")


def test_a_table_names_clips_of_one_s_own(clip, tmp_path):
    table = tmp_path / "labels.csv"
    table.write_text("clip,label\nface.mp4,happy\nface.mp4,contempt\n")
    found = from_videos(str(table), clip.parent, "fer2013", "test")
    assert (len(found), found.truth.tolist()) == (1, [3])
    assert found.title == f"{clip.parent.name}, labels.csv"
    table.write_text("clip,label\nface.mp4,merry\n")
    with pytest.raises(DatasetError, match="'merry' is not in fer2013"):
        from_videos(str(table), clip.parent, "fer2013", "test")
