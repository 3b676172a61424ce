from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_model

from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import ImageError, ModelError
from fer_ros.estimators.calibration import softmax
from fer_ros.estimators.card import Input, load_card, save_card
from fer_ros.estimators.head import Band
from fer_ros.estimators.model import load_model

COMMITTED = Path(__file__).parents[2] / "models"
FACES = {"face": np.random.default_rng(0).integers(0, 256, (3, 48, 48), np.uint8)}


@pytest.fixture
def card(tmp_path):
    return tiny_model.build(tmp_path / "tiny")


@pytest.mark.parametrize("labels", ["fer2013", "ferplus"])
def test_probabilities_are_the_logits_at_the_cards_temperature(card, labels):
    model = load_model(card.folder)
    probabilities = model.predict(FACES, labels)
    assert probabilities.shape == (3, len(LABEL_SPACES[labels]))
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities, softmax(model.logits(FACES, labels), 2.0))


def test_no_faces_give_no_probabilities(card):
    assert load_model(card.folder).predict({"face": FACES["face"][:0]}, "ferplus").shape == (0, 8)


def test_many_faces_at_once_say_what_each_says_alone(card):
    model = load_model(card.folder)
    crops = np.tile(FACES["face"], (40, 1, 1))
    alone = np.concatenate([model.predict({"face": crop[None]}, "fer2013") for crop in FACES["face"]])
    np.testing.assert_allclose(model.predict({"face": crops}, "fer2013"), np.tile(alone, (40, 1)), atol=1e-6)


@pytest.mark.parametrize(
    "inputs",
    [
        pytest.param({"face": FACES["face"][0]}, id="one face without a batch"),
        pytest.param({"face": FACES["face"][:, :47]}, id="not square"),
        pytest.param({"face": FACES["face"][..., None].repeat(3, -1)}, id="colour"),
        pytest.param({"mouth": FACES["face"]}, id="another name"),
        pytest.param({}, id="nothing"),
    ],
)
def test_inputs_of_another_kind_are_refused(card, inputs):
    with pytest.raises(ImageError, match=r"takes \(N, 48, 48\), face_crop"):
        load_model(card.folder).predict(inputs, "fer2013")


def test_small_faces_have_a_calibration_of_their_own(card):
    bands = (Band(0, 4.0, 0.0), Band(24, 2.0, 0.2))
    heads = {name: replace(head, bands=bands) for name, head in card.heads.items()}
    save_card(replace(card, heads=heads))
    model = load_model(card.folder)
    sizes = np.array([12, 24, np.nan], np.float32)
    found = model.predict(FACES, "fer2013", sizes)
    logits = model.logits(FACES, "fer2013")
    np.testing.assert_allclose(found[:1], softmax(logits[:1], 4.0), atol=1e-6)
    np.testing.assert_allclose(found[1:], softmax(logits[1:], 2.0), atol=1e-6)
    assert model.card.heads["fer2013"].sets(found, sizes)[0].all()  # nothing is ruled out at 12 px


def test_labels_without_a_head_are_refused(card):
    with pytest.raises(ModelError, match="tiny@1 has no labels 'ravdess'; choose one of fer2013, ferplus"):
        load_model(card.folder).predict(FACES, "ravdess")


@pytest.mark.parametrize(
    "content",
    [pytest.param(b"not a network", id="not a network"), pytest.param(b"", id="empty")],
)
def test_a_corrupt_network_is_named(card, content):
    card.network.write_bytes(content)
    tiny_model.refresh_checksum(card)
    with pytest.raises(ModelError, match=r"model\.onnx.*export it again"):
        load_model(card.folder)


def test_half_a_network_is_named(card):
    card.network.write_bytes(card.network.read_bytes()[:300])
    tiny_model.refresh_checksum(card)
    with pytest.raises(ModelError, match=r"model\.onnx"):
        load_model(card.folder)


@pytest.mark.parametrize("heads", [{"fer2013": 6, "ferplus": 8}, {"fer2013": 7}])
def test_outputs_that_differ_from_the_card_are_refused(tmp_path, heads):
    card = tiny_model.build(tmp_path, tiny_model.network(heads=heads))
    with pytest.raises(ModelError, match=r"labels, the network has outputs"):
        load_model(card.folder)


def test_an_input_that_differs_from_the_card_is_refused(card):
    save_card(replace(card, inputs=(Input("face", "face_crop", (64, 64), (0, 255)),)))
    with pytest.raises(ModelError, match=r"inputs are .*48.*the card says .*64"):
        load_model(card.folder)


@pytest.mark.parametrize(
    ("name", "most_parameters"),
    [("robot", 1_000_000), ("cloud", 2_500_000)],
)
def test_a_committed_model_loads_and_is_what_its_card_says(name, most_parameters):
    card = load_card(COMMITTED / name)
    assert card.name == name
    assert card.parameters <= most_parameters
    assert card.network.stat().st_size < 10_000_000
    assert {(f.split, f.labels) for f in card.figures} >= {
        (split, labels) for split in ("validation", "test") for labels in ("fer2013", "ferplus", "3class")
    }
    assert load_model(card.folder).predict(FACES, "fer2013").sum() == pytest.approx(3, abs=1e-5)
