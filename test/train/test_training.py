# ruff: noqa: E402 -- imports that need torch follow the check that it is there
from dataclasses import replace

import ferplus_tree
import numpy as np
import onnx
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")
pytest.importorskip("onnxscript", reason="onnxscript is not installed: export is optional")

from fer_ros.datasets import ferplus
from fer_ros.errors import ModelError, ParameterError
from fer_ros.estimators.card import load_card
from fer_ros.estimators.model import load_model
from fer_ros.train import export as export_module
from fer_ros.train.augment import Augment
from fer_ros.train.loop import fit, learning_rate, predict
from fer_ros.train.networks import looks, parameter_count
from fer_ros.train.recipes import RECIPES, Recipe
from fer_ros.train.run import build, hard_examples, labelled_examples, opinion, taught_examples, train

TINY = Recipe(
    "tiny", "for tests", (8, 8), (1, 1), epochs=2, batch=16, peak_lr=0.1, margins_px=(0,), average=0.9
)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return ferplus_tree.build(tmp_path_factory.mktemp("data"), count=64)


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    """The real entry point, with the robot's recipe cut to one small batch size and one epoch."""
    out = tmp_path_factory.mktemp("models") / "tiny"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(RECIPES, "tiny", TINY)
        train("tiny", data, out, epochs=1, threads=1)
    return out


def test_one_command_gives_a_folder_that_loads_and_has_validation_figures(trained):
    card = load_card(trained)
    assert card.identity == "tiny@1"
    assert card.training["command"] == "fer_ros train tiny --data FERPlus.zip --epochs 1 --threads 1"
    assert [figure.labels for figure in card.figures] == ["fer2013", "ferplus", "3class"]
    assert load_model(trained).predict(np.zeros((2, 48, 48), np.uint8), "ferplus").shape == (2, 8)


def test_calibration_comes_from_the_validation_split(trained):
    for head in load_card(trained).heads.values():
        assert head.temperature != 1.0
        assert 0 <= head.threshold < 1
    assert all(figure.coverage >= 0.9 for figure in load_card(trained).figures)


@pytest.mark.parametrize("margins_px", [(), (0,), (-2, 0, 2)])
def test_the_exported_network_says_what_torch_says(data, tmp_path, margins_px):
    torch.manual_seed(0)
    network = build(TINY).eval()
    faces = ferplus.load(data, "test").images
    export_module.export(network, tmp_path / "model.onnx", faces[:4], margins_px)
    expected = predict(network, torch.from_numpy(faces).unsqueeze(1), margins_px)
    session = export_module.onnxruntime.InferenceSession(tmp_path / "model.onnx")
    found = session.run(["fer2013", "ferplus"], {"face": faces.astype(np.float32)})
    for f, e in zip(found, expected, strict=True):
        np.testing.assert_allclose(f, e, atol=1e-4)


def test_norms_are_folded_into_convolutions(trained):
    kinds = {node.op_type for node in onnx.load(trained / "model.onnx").graph.node}
    assert "BatchNormalization" not in kinds


def test_an_export_that_differs_is_an_error(data, tmp_path, monkeypatch):
    monkeypatch.setattr(export_module, "TOLERANCE", -1.0)
    faces = ferplus.load(data, "test").images[:2]
    with pytest.raises(ModelError, match="logits differ from torch's by"):
        export_module.export(build(TINY), tmp_path / "model.onnx", faces, ())


def test_light_and_contrast_do_not_change_the_answer():
    torch.manual_seed(0)
    network = build(TINY)
    face = torch.randint(50, 150, (2, 1, 48, 48), dtype=torch.uint8)
    brighter = predict(network, face + 60, ())
    for f, e in zip(predict(network, face, ()), brighter, strict=True):
        np.testing.assert_allclose(f, e, atol=1e-3)


def test_training_learns_what_can_be_learned(data, tmp_path):
    torch.manual_seed(0)
    still = Augment(rotate_rad=0.0, scale=0.0, shift=0.0, shear=0.0, degrade=0.0, erase=0.0, mix=0.0)
    recipe = replace(TINY, epochs=20, dropout=0.0, augment=still)
    faces = ferplus.load(data, "train")
    examples = hard_examples(faces)
    network = fit(build(recipe), examples, None, examples, recipe, tmp_path / "c.pt", seed=0, resume=False)
    (seven, _) = predict(network, examples.faces, (0,))
    assert (seven.argmax(axis=1) == faces.fer2013).mean() > 0.5  # chance is one in seven


def test_a_run_in_two_parts_ends_where_one_run_ends(data, tmp_path):
    faces = ferplus.load(data, "train")
    examples, recipe = labelled_examples(faces, TINY), replace(TINY, dropout=0.0)

    def run(name: str, epochs: int, seen: int = 0):
        torch.manual_seed(0)
        part = replace(recipe, epochs=epochs, cool_down=0.01, warm_up=0.0)
        return fit(build(part), examples, None, examples, part, tmp_path / name, seed=0, resume=bool(seen))

    whole = run("whole.pt", 4)
    run("parts.pt", 2)
    parts = run("parts.pt", 4, seen=2)
    for a, b in zip(whole.parameters(), parts.parameters(), strict=True):
        torch.testing.assert_close(a, b, atol=0.05, rtol=0.05)


def test_a_teacher_fills_in_where_the_taggers_disagree(data, trained):
    faces = ferplus.load(data, "train")
    faces.votes[0] = 0
    labels = labelled_examples(faces, TINY)
    teacher = load_model(trained)
    taught = taught_examples(labels, TINY, teacher)
    expected = TINY.teacher_share * opinion(teacher, labels.faces[:1], "ferplus")
    np.testing.assert_allclose(taught.targets["ferplus"][:1].numpy(), expected, atol=1e-6)
    np.testing.assert_allclose(taught.targets["fer2013"].sum(1).numpy(), 1, atol=1e-5)


def test_the_rate_rises_stays_and_falls():
    recipe = replace(TINY, warm_up=0.1, cool_down=0.5, peak_lr=0.2)
    rates = [learning_rate(done, recipe) for done in (0.0, 0.05, 0.1, 0.5, 0.75, 1.0)]
    assert rates == pytest.approx([0.0, 0.1, 0.2, 0.2, 0.1, 0.0])


def test_an_unknown_recipe_is_named(data, tmp_path):
    with pytest.raises(ParameterError, match="recipe 'huge' is unknown; choose one of robot, cloud"):
        train("huge", data, tmp_path)


def test_the_robots_network_stays_small():
    assert parameter_count(build(RECIPES["robot"])) <= 300_000


def test_looks_are_the_face_wider_and_tighter_each_with_its_mirror_image():
    faces = torch.rand(2, 1, 48, 48, generator=torch.Generator().manual_seed(0))
    views = looks(faces, (0, -2))
    assert [view.shape for view in views] == [faces.shape] * 4
    assert torch.equal(views[0], faces)
    assert torch.equal(views[1], faces.flip(-1))
    assert views[2].std() != faces.std()
    assert looks(faces, ()) == [faces]
