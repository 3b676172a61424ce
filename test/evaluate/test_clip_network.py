from dataclasses import replace

import acted
import cv2
import numpy as np
import pytest
import tiny_model

from fer_ros.emotions import FERPLUS, RAVDESS, THREE
from fer_ros.errors import ModelError
from fer_ros.estimators.card import load_card
from fer_ros.estimators.model import load_model
from fer_ros.evaluate.clip_network import ClipNetwork, data_of, windows
from fer_ros.faces.crop import inner_square
from fer_ros.faces.face import Detection, Face


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_model.build_clip(tmp_path_factory.mktemp("models") / "lstm").folder


def face(grey, px=60.0):
    crop = np.full((112, 112, 3), grey, np.uint8)
    return Face("face_1", Detection((0.0, 0.0, px, px), 1.0), crop)


def played(network, greys, distinct=None):
    kept = [network.see([] if grey is None else [face(grey)], (64, 64), 0.0, 1) for grey in greys]
    return network.watched(list(range(len(greys))), kept, len(greys) if distinct is None else distinct)


@pytest.mark.parametrize(
    ("count", "length", "spread", "chosen"),
    [
        pytest.param(0, 3, False, [], id="no face"),
        pytest.param(1, 3, False, [[0, 0, 0]], id="one face"),
        pytest.param(2, 4, False, [[0, 0, 1, 1]], id="too few, each in its place"),
        pytest.param(3, 3, False, [[0, 1, 2]], id="as many"),
        pytest.param(5, 3, False, [[0, 1, 2], [1, 2, 3], [2, 3, 4]], id="every window"),
        pytest.param(6, 3, True, [[0, 2, 4]], id="spread over the clip"),
    ],
)
def test_which_faces_are_read_together(count, length, spread, chosen):
    found = windows(count, length, spread=spread)
    assert found.tolist() == chosen
    assert found.shape[1] == length


def test_a_face_is_in_five_long_windows_at_most():
    found = windows(120, 30, spread=False)
    assert np.bincount(found.ravel()).max() == 5
    assert found[0, 0] == 0
    assert found[-1, -1] == 119


def test_the_answer_is_the_network_s_own_on_the_same_faces(folder):
    greys = [40, 60, 80, 100, 120, 140, 160]
    found = played(ClipNetwork(load_model(folder), "ravdess", "ravdess"), greys)
    clips = np.stack(
        [np.full((5, 48, 48), 1.0) * np.array(greys[i : i + 5])[:, None, None] for i in range(3)]
    )
    expected = load_model(folder).predict({"clip": clips}, "ravdess")
    np.testing.assert_allclose(found.windows, expected, atol=1e-5)
    np.testing.assert_allclose(found.answer, expected.mean(axis=0), atol=1e-5)
    assert found.ends.tolist() == [4, 5, 6]
    assert found.face_px == 60.0


def test_images_without_a_face_are_left_out_of_the_windows(folder):
    network = ClipNetwork(load_model(folder), "ravdess", "ravdess")
    gaps = played(network, [None, 40, 60, None, 80, 100, 120])
    np.testing.assert_array_equal(gaps.windows, played(network, [40, 60, 80, 100, 120]).windows)
    assert (gaps.ends.tolist(), gaps.seen.tolist()) == ([6], [False, True, True, False, True, True, True])


def test_images_that_are_shown_again_are_not_read_again(folder):
    network = ClipNetwork(load_model(folder), "ravdess", "ravdess")
    again = played(network, [40, 60, 40, 60, 40, 60], distinct=2)
    np.testing.assert_array_equal(again.windows, played(network, [40, 60]).windows)


def test_a_clip_without_a_face_has_no_window(folder):
    found = played(ClipNetwork(load_model(folder), "ravdess", "ferplus"), [None, None])
    assert found.windows.shape == (0, 8)
    assert np.isnan(found.answer).all()
    assert found.shown == [None, None]


def test_answers_move_to_another_label_space(folder):
    model = load_model(folder)
    (eight,), (plus,), (three,) = (
        played(ClipNetwork(model, "ravdess", space), [40, 90, 140, 190, 240]).windows
        for space in ("ravdess", "ferplus", "3class")
    )
    own = dict(zip(RAVDESS, eight.tolist(), strict=True))
    assert plus[FERPLUS.index("neutral")] == pytest.approx(own["neutral"] + own["calm"], abs=1e-5)
    assert plus[FERPLUS.index("contempt")] == 0
    assert three[THREE.index("happy")] == pytest.approx(own["happy"], abs=1e-5)
    assert (plus.sum(), three.sum()) == (pytest.approx(1), pytest.approx(1))


@pytest.mark.parametrize(
    ("data", "same"), [pytest.param("windows", False, id="wide"), pytest.param("sequences", True, id="tight")]
)
def test_faces_are_cut_as_the_recipe_s_data_are(tmp_path, data, same):
    network = ClipNetwork(
        load_model(tiny_model.build_clip(tmp_path / "lstm", data=data).folder), "ravdess", "ravdess"
    )
    crop = np.random.default_rng(0).integers(0, 256, (112, 112, 3), np.uint8)
    cut, _ = network.see([Face("face_1", Detection((0, 0, 60, 60), 1.0), crop)], (64, 64), 0.0, 1)
    grey = cv2.cvtColor(inner_square(crop) if same else crop, cv2.COLOR_BGR2GRAY)
    np.testing.assert_array_equal(cut, cv2.resize(grey, (48, 48), interpolation=cv2.INTER_AREA))


def test_clips_are_played_to_it_as_to_other_models(folder, tmp_path):
    path = acted.clip(tmp_path / "face.mp4", 12)
    capture = cv2.VideoCapture(str(path))
    frames = [(capture.read()[1], place / 30) for place in range(12)]
    found = acted.watcher(folder).watch(frames)["lstm"]
    assert found.windows.shape == (8, 8)
    assert len(found.shown) == 12


@pytest.mark.parametrize("training", [{}, {"recipe": "{"}, {"recipe": "{}"}, {"recipe": "[]"}])
def test_a_card_without_a_recipe_says_nothing_of_its_data(folder, training):
    assert data_of(load_card(folder)) == "windows"
    assert data_of(replace(load_card(folder), training=training)) == ""


def test_what_cannot_watch_clips_is_named(folder, tmp_path):
    single = load_model(tiny_model.build(tmp_path / "tiny").folder)
    with pytest.raises(ModelError, match=r"tiny@1 gives no ferplus of a clip"):
        ClipNetwork(single, "ferplus", "ferplus")
    with pytest.raises(ModelError, match=r"lstm@1 gives no basic of a clip.*heads: ravdess"):
        ClipNetwork(load_model(folder), "basic", "basic")
