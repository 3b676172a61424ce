# ruff: noqa: E402 -- imports that need torch follow the check that it is there
"""Models that answer together: the mean of what they say of a face and of its mirror image."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")
pytest.importorskip("onnxscript", reason="onnxscript is not installed: export is optional")

from tiny_recipes import SHAPED, STREAM, TINY

from fer_ros.cli.main import main
from fer_ros.errors import ModelError
from fer_ros.estimators.card import load_card
from fer_ros.estimators.model import load_model
from fer_ros.faces.blendshapes import MIRRORED
from fer_ros.train import combine as combine_module
from fer_ros.train.combine import combine
from fer_ros.train.run import train

HEADS = ("fer2013", "basic")


@pytest.fixture
def shaped(data, tmp_path, shapes):
    """Two models that read a face and blendshapes; one answers in one label space more."""
    one = replace(SHAPED, margins_px=(), options={**TINY.options, "shapes": 8})
    recipes = (one, replace(one, heads=HEADS))
    folders = [tmp_path / name for name in ("one", "two")]
    for seed, (recipe, folder) in enumerate(zip(recipes, folders, strict=True)):
        train(recipe, data, folder, tmp_path / "kept", threads=1, seed=seed)
    return folders


def test_the_answer_is_the_mean_over_members_and_mirror_images(shaped, tmp_path):
    combine(shaped, tmp_path / "both", "two")
    random = np.random.default_rng(1)
    looks = {
        "face": random.uniform(0, 255, (5, 48, 48)).astype(np.float32),
        "blendshapes": random.uniform(0, 1, (5, 52)).astype(np.float32),
    }
    turned = {"face": looks["face"][:, :, ::-1], "blendshapes": looks["blendshapes"][:, MIRRORED]}
    one, two, both = (load_model(folder) for folder in (*shaped, tmp_path / "both"))
    said = [model.logits(seen, "fer2013") for model in (one, two) for seen in (looks, turned)]
    np.testing.assert_allclose(both.logits(looks, "fer2013"), np.mean(said, axis=0), atol=1e-4)
    alone = [two.logits(seen, "basic") for seen in (looks, turned)]
    np.testing.assert_allclose(both.logits(looks, "basic"), np.mean(alone, axis=0), atol=1e-4)
    assert set(both.card.heads) == {"fer2013", "ferplus", "basic"}


def test_the_card_says_who_its_members_are(shaped, tmp_path):
    card = combine(shaped, tmp_path / "both", "two")
    first = load_card(shaped[0])
    assert card.identity == "both@3"
    assert card.training["member 1"] == f"{first.identity}, sha256 {first.sha256}"
    assert card.parameters == sum(load_card(folder).parameters for folder in shaped)
    assert load_card(tmp_path / "both").sha256 == card.sha256


def test_one_alone_is_not_combined(trained, tmp_path):
    with pytest.raises(ModelError, match="1 model to combine; name two or more"):
        combine([trained], tmp_path / "both", "")


def test_members_must_read_alike(trained, shaped, tmp_path):
    with pytest.raises(ModelError, match="tiny@3 reads other things than tiny@3"):
        combine([trained, shaped[0]], tmp_path / "both", "")


def test_a_model_with_a_memory_is_not_combined(data, trained, tmp_path, shapes):
    train(STREAM, data, tmp_path / "stream", tmp_path / "kept", threads=1)
    with pytest.raises(ModelError, match="reads more than one look at a face"):
        combine([tmp_path / "stream", trained], tmp_path / "both", "")


def test_a_file_that_says_something_else_is_an_error(trained, tmp_path, monkeypatch):
    monkeypatch.setattr(combine_module, "TOLERANCE", -1.0)
    with pytest.raises(ModelError, match="differs from its members' mean by"):
        combine([trained, trained], tmp_path / "both", "")


def test_the_command_writes_a_model_that_can_be_calibrated_and_asked(trained, data, tmp_path, capsys):
    assert main(["combine", "both", str(trained), str(trained), "--out", str(tmp_path / "both")]) == 0
    assert "not calibrated yet: fer_ros calibrate" in capsys.readouterr().out
    assert main(["calibrate", str(tmp_path / "both"), "--data", str(data)]) == 0
    assert all(band.temperature != 1.0 for band in load_card(tmp_path / "both").heads[TINY.heads[0]].bands)


def test_a_folder_that_is_no_model_is_named(trained, tmp_path, capsys):
    assert main(["combine", "both", str(trained), str(tmp_path / "none"), "--out", str(tmp_path / "o")]) == 1
    assert "none" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
