# ruff: noqa: E402 -- imports that need torch follow the check that it is there
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")
pytest.importorskip("onnxscript", reason="onnxscript is not installed: export is optional")

from tiny_recipes import SHAPED, TINY, examples_of

from fer_ros.cli.main import main
from fer_ros.errors import ModelError
from fer_ros.estimators.card import load_card
from fer_ros.estimators.model import load_model
from fer_ros.train import export as export_module
from fer_ros.train.loop import predict
from fer_ros.train.networks.facenet import Looking
from fer_ros.train.origin import data_hash
from fer_ros.train.run import build
from fer_ros.train.samples import recipe_of, recipe_samples


def test_one_command_gives_a_folder_that_loads_and_has_validation_figures(trained):
    card = load_card(trained)
    assert card.identity == "tiny@3"
    assert card.training["command"] == "fer_ros train tiny --data DATA --threads 1"
    assert [figure.labels for figure in card.figures] == ["fer2013", "ferplus"]
    faces = {"face": np.zeros((2, 48, 48), np.uint8)}
    assert load_model(trained).predict(faces, "ferplus").shape == (2, 8)


def test_the_card_and_the_checkpoint_say_where_the_weights_come_from(trained, data):
    card = load_card(trained)
    assert card.training["data"] == data_hash(data)
    assert '"epochs": 1' in card.training["recipe"]
    assert card.training["seed"] == "0"
    assert len(card.training["revision"]) >= 7
    origin = torch.load(trained / "checkpoint.pt", weights_only=True)["origin"]
    assert origin.items() <= dict(card.training).items()


def test_calibration_comes_from_the_validation_split_at_every_face_size(trained):
    for head in load_card(trained).heads.values():
        assert [band.from_px for band in head.bands] == [0, 13.9, 19.6, 27.7, 39.2]
        assert all(band.temperature != 1.0 and 0 <= band.threshold < 1 for band in head.bands)
    assert all(figure.coverage >= 0.9 for figure in load_card(trained).figures)


@pytest.mark.parametrize(
    ("recipe", "margins_px"),
    [
        pytest.param(TINY, (), id="face"),
        pytest.param(SHAPED, (-2, 0), id="committee with blendshapes, several looks"),
    ],
)
def test_the_exported_network_says_what_torch_says(data, tmp_path, shapes, recipe, margins_px):
    torch.manual_seed(0)
    looking = Looking(build(recipe), margins_px)
    inputs = examples_of(data, recipe, "validation").rows(slice(None))
    path = tmp_path / "model.onnx"
    export_module.export(looking, path, {k: v[:4] for k, v in inputs.items()}, recipe.heads)
    session = export_module.onnxruntime.InferenceSession(path)
    found = session.run(["fer2013", "ferplus"], {k: v.float().numpy() for k, v in inputs.items()})
    for f, e in zip(found, predict(looking, inputs), strict=True):
        np.testing.assert_allclose(f, e, atol=1e-4)


def test_the_file_says_nothing_of_the_machine_it_was_made_on(trained):
    content = (trained / "model.onnx").read_bytes()
    assert str(Path(__file__).parents[2]).encode() not in content
    assert b"site-packages" not in content


@pytest.mark.parametrize("tolerance", [-1.0, float("nan")])
def test_an_export_that_differs_is_an_error(data, tmp_path, monkeypatch, tolerance):
    monkeypatch.setattr(export_module, "TOLERANCE", tolerance)
    sample = examples_of(data).rows(slice(2))
    with pytest.raises(ModelError, match="outputs differ from torch's by"):
        export_module.export(build(TINY), tmp_path / "model.onnx", sample, TINY.heads)


def test_a_model_is_evaluated_on_the_data_of_its_own_recipe(trained, data, capsys):
    options = ["--dataset", "recipe", "--data", str(data), "--labels", "fer2013", "--split", "test", "--json"]
    assert main(["evaluate", str(trained), *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], found["labels"], found["split"]) == (64, "fer2013", "test")


def test_a_card_without_a_recipe_is_named(trained, data):
    card = load_card(trained)
    with pytest.raises(ModelError, match="its card keeps no recipe"):
        recipe_of(replace(card, training={}))
    with pytest.raises(ModelError, match="was trained on fer2013, ferplus, not on ravdess"):
        recipe_samples(card, data, "ravdess", "test", data / "kept")
