import pytest
import tiny_model
import yaml

from fer_ros.errors import ModelError
from fer_ros.estimators.card import load_card


@pytest.fixture
def card(tmp_path):
    return tiny_model.build(tmp_path / "tiny")


def rewrite(card, change):
    """Apply `change` to the card's YAML content, in place."""
    path = card.folder / "card.yaml"
    content = yaml.safe_load(path.read_text())
    change(content)
    path.write_text(yaml.safe_dump(content))


def test_a_saved_card_is_read_back_equal(card):
    assert load_card(card.folder) == card


def test_identity_is_name_at_version(card):
    assert card.identity == "tiny@1"


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"nowhere is not a folder: a model is a folder with model\.onnx"):
        load_card(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["model.onnx", "card.yaml"])
def test_a_missing_file_is_named(card, name):
    (card.folder / name).unlink()
    with pytest.raises(ModelError, match=f"holds no {name}"):
        load_card(card.folder)


@pytest.mark.parametrize("text", [b"{", b"\xff\xfe\x00", b"- a\n- b\n", b""])
def test_an_unreadable_card_is_named(card, text):
    (card.folder / "card.yaml").write_bytes(text)
    with pytest.raises(ModelError, match=r"card\.yaml"):
        load_card(card.folder)


def test_a_changed_network_does_not_pass_for_the_one_described(card):
    with card.network.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match=r"sha256 is .*, the card says"):
        load_card(card.folder)


@pytest.mark.parametrize(
    "key", ["name", "heads", "inputs", "states", "sha256", "training", "figures", "limits"]
)
def test_a_missing_key_is_named(card, key):
    rewrite(card, lambda content: content.pop(key))
    with pytest.raises(ModelError, match=f"key '{key}' is missing"):
        load_card(card.folder)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param(("heads",), [1], id="heads as a list"),
        pytest.param(("heads", "fer2013", "bands", 0, "temperature"), "warm", id="temperature as a word"),
        pytest.param(("inputs", 0, "range"), [0], id="half a range"),
        pytest.param(("parameters",), None, id="no parameter count"),
        pytest.param(("figures",), [{"accuracy": 1.0}], id="half a figure"),
    ],
)
def test_a_value_of_the_wrong_type_is_an_error_of_the_card(card, path, value):
    def change(content):
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = value

    rewrite(card, change)
    with pytest.raises(ModelError, match="wrong type"):
        load_card(card.folder)


def test_labels_in_another_order_are_refused(card):
    rewrite(card, lambda content: content["heads"]["fer2013"]["labels"].reverse())
    with pytest.raises(ModelError, match="labels of fer2013 are"):
        load_card(card.folder)


def test_an_unknown_label_space_is_refused(card):
    rewrite(card, lambda content: content["heads"].update(moods=content["heads"].pop("ferplus")))
    with pytest.raises(ModelError, match="'moods' is unknown; choose one of fer2013"):
        load_card(card.folder)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_that_cannot_be_divided_by_is_refused(card, temperature):
    rewrite(card, lambda content: content["heads"]["ferplus"]["bands"][0].update(temperature=temperature))
    with pytest.raises(ModelError, match="temperature of ferplus"):
        load_card(card.folder)


@pytest.mark.parametrize("starts", [(), (1,), (0, 0), (0, 24, 16)])
def test_bands_that_leave_a_face_size_out_are_refused(card, starts):
    bands = [{"from_px": start, "temperature": 1.0, "threshold": 0.1} for start in starts]
    rewrite(card, lambda content: content["heads"]["ferplus"].update(bands=bands))
    with pytest.raises(ModelError, match="rising values from 0"):
        load_card(card.folder)


def test_an_unknown_kind_of_input_is_refused(card):
    rewrite(card, lambda content: content["inputs"][0].update(kind="smell"))
    with pytest.raises(ModelError, match="'smell' is unknown; choose one of face_crop"):
        load_card(card.folder)
