from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_model

from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import ImageError, ModelError
from fer_ros.estimators.calibration import softmax
from fer_ros.estimators.card import Input, load_card, save_card
from fer_ros.estimators.model import load_model

COMMITTED = Path(__file__).parents[2] / "models"
CROPS = np.random.default_rng(0).integers(0, 256, (3, 48, 48), np.uint8)


@pytest.fixture
def card(tmp_path):
    return tiny_model.build(tmp_path / "tiny")


@pytest.mark.parametrize("labels", ["fer2013", "ferplus"])
def test_probabilities_are_the_logits_at_the_cards_temperature(card, labels):
    model = load_model(card.folder)
    probabilities = model.predict(CROPS, labels)
    assert probabilities.shape == (3, len(LABEL_SPACES[labels]))
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities, softmax(model.logits(CROPS, labels), 2.0))


def test_no_faces_give_no_probabilities(card):
    assert load_model(card.folder).predict(CROPS[:0], "ferplus").shape == (0, 8)


def test_many_faces_at_once_say_what_each_says_alone(card):
    model = load_model(card.folder)
    crops = np.tile(CROPS, (40, 1, 1))
    alone = np.concatenate([model.predict(crop[None], "fer2013") for crop in CROPS])
    np.testing.assert_allclose(model.predict(crops, "fer2013"), np.tile(alone, (40, 1)), atol=1e-6)


@pytest.mark.parametrize(
    "crops",
    [
        pytest.param(CROPS[0], id="one face without a batch"),
        pytest.param(CROPS[:, :47], id="not square"),
        pytest.param(CROPS[..., None].repeat(3, -1), id="colour"),
        pytest.param(CROPS.astype(np.float32), id="float"),
    ],
)
def test_crops_of_another_kind_are_refused(card, crops):
    with pytest.raises(ImageError, match=r"takes \(N, 48, 48\) uint8, grey"):
        load_model(card.folder).predict(crops, "fer2013")


def test_labels_without_a_head_are_refused(card):
    with pytest.raises(ModelError, match="tiny@1 has no labels 'ravdess'; choose one of fer2013, ferplus"):
        load_model(card.folder).predict(CROPS, "ravdess")


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
    save_card(replace(card, input=Input("face_crop", 64, "grey", (0, 255))))
    with pytest.raises(ModelError, match=r"inputs are .*48.*the card says .*64"):
        load_model(card.folder)


@pytest.mark.parametrize(
    ("name", "most_parameters"),
    [("robot", 300_000), ("cloud", 2_500_000)],
)
def test_a_committed_model_loads_and_is_what_its_card_says(name, most_parameters):
    card = load_card(COMMITTED / name)
    assert card.name == name
    assert card.parameters <= most_parameters
    assert card.network.stat().st_size < 10_000_000
    assert {(f.split, f.labels) for f in card.figures} >= {
        (split, labels) for split in ("validation", "test") for labels in ("fer2013", "ferplus", "3class")
    }
    assert load_model(card.folder).predict(CROPS, "fer2013").sum() == pytest.approx(3, abs=1e-5)
