"""estimator: a model that cannot be used ends the program with one line."""

import shutil
from hashlib import sha256

import pytest
import yaml

from fer_ros.resources import own_model

from .program import node


@pytest.fixture
def model(tmp_path):
    """A copy of the robot's model, to be broken."""
    return shutil.copytree(own_model("robot"), tmp_path / "model")


def edit_card(folder, change):
    path = folder / "card.yaml"
    card = yaml.safe_load(path.read_text())
    change(card)
    path.write_text(yaml.safe_dump(card))


def truncate(folder):
    network = folder / "model.onnx"
    network.write_bytes(network.read_bytes()[:1000])


def corrupt(folder):
    """Damage that the checksum does not show."""
    network = folder / "model.onnx"
    network.write_bytes(b"\x00no network" * 100)
    edit_card(folder, lambda card: card.update(sha256=sha256(network.read_bytes()).hexdigest()))


def rename_label(folder):
    edit_card(folder, lambda card: card["heads"]["ferplus"]["labels"].__setitem__(0, "furious"))


def change_size(folder):
    edit_card(folder, lambda card: card["inputs"][0].update(shape=[96, 96]))


def scribble(folder):
    (folder / "card.yaml").write_text("name: [unclosed")


BROKEN = [
    pytest.param(truncate, ["model.onnx: sha256 is", "the card says"], id="truncated network"),
    pytest.param(corrupt, ["model.onnx is not a network that can be loaded"], id="corrupt network"),
    pytest.param(rename_label, ["labels of ferplus are", "furious"], id="other labels"),
    pytest.param(change_size, ["inputs are", "the card says", "96"], id="other input"),
    pytest.param(scribble, ["card.yaml is not readable YAML"], id="card is no YAML"),
    pytest.param(lambda f: (f / "card.yaml").unlink(), ["holds no card.yaml"], id="no card"),
    pytest.param(lambda f: (f / "model.onnx").unlink(), ["holds no model.onnx"], id="no network"),
]


@pytest.mark.parametrize(("break_it", "says"), BROKEN)
def test_a_broken_model_ends_the_program_with_one_line(programs, tmp_path, model, break_it, says):
    break_it(model)
    ended = programs(node(tmp_path, "estimator", model=model)).end()
    assert ended.status == 1
    assert ended.complaint.startswith("estimator: ")
    assert "export it again with `fer_ros train`" in ended.complaint
    assert [text for text in says if text not in ended.complaint] == []


def test_a_model_that_is_not_there_ends_the_program_with_one_line(programs, tmp_path):
    ended = programs(node(tmp_path, "estimator", model="nobody")).end()
    assert ended.status == 1
    assert "nobody is not a folder: a model is a folder with model.onnx and card.yaml" in ended.complaint
