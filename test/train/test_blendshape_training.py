# ruff: noqa: E402 -- imports that need torch follow the check that it is there
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")
pytest.importorskip("onnxscript", reason="onnxscript is not installed: export is optional")

from tiny_recipes import PUPIL, STREAM, examples_of

from fer_ros.errors import ModelError
from fer_ros.estimators.model import load_model
from fer_ros.faces.blendshapes import COUNT, MIRRORED
from fer_ros.faces.student import Student
from fer_ros.train.data import blendshape_sequences
from fer_ros.train.run import train


def test_a_streaming_network_is_trained_exported_and_carries_its_state(data, tmp_path, shapes):
    train(STREAM, data, tmp_path, tmp_path / "kept", threads=1)
    model = load_model(tmp_path)
    random = np.random.default_rng(0)
    inputs = {"blendshapes": random.random((3, COUNT), np.float32), "interval_s": np.full((3, 1), 0.1)}
    first, states = model.step(inputs, model.blank_states(3), "3class")
    second, _ = model.step(inputs, states, "3class")
    assert np.abs(second - first).max() > 1e-4
    np.testing.assert_allclose(model.logits({"blendshapes": inputs["blendshapes"]}, "3class").shape, (3, 3))


def test_an_image_without_blendshapes_only_lets_time_pass(data, tmp_path, shapes):
    train(STREAM, data, tmp_path, tmp_path / "kept", threads=1)
    model = load_model(tmp_path)
    some = {"blendshapes": np.full((1, COUNT), 0.3, np.float32), "interval_s": np.zeros((1, 1))}
    _, states = model.step(some, model.blank_states(1), "3class")
    none = {"blendshapes": np.zeros((1, COUNT), np.float32)}
    _, soon = model.step({**none, "interval_s": np.zeros((1, 1))}, states, "3class")
    _, late = model.step({**none, "interval_s": np.full((1, 1), 50.0)}, states, "3class")
    np.testing.assert_allclose(soon["hidden"], states["hidden"], atol=1e-6)
    np.testing.assert_allclose(late["hidden"], 0, atol=1e-6)


def test_the_student_gives_scores_of_a_crop(data, tmp_path, shapes):
    train(PUPIL, data, tmp_path, tmp_path / "kept", threads=1)
    found = Student(tmp_path).read(np.random.default_rng(0).integers(0, 256, (112, 112, 3), np.uint8))
    assert found.shape == (COUNT,)
    assert ((found >= 0) & (found <= 1)).all()
    with pytest.raises(ModelError, match="estimates no expression"):
        load_model(tmp_path)


def test_the_student_learns_mirror_images_with_mirrored_blendshapes(data, shapes):
    examples = examples_of(data, PUPIL)
    half = len(examples) // 2
    faces, targets = examples.inputs["face"][:, 0], examples.targets["blendshapes"]
    assert len(examples) == 2 * 63  # the one that was not read is left out
    assert torch.equal(faces[half:], faces[:half].flip(-1))
    assert torch.equal(targets[half:], targets[:half, torch.from_numpy(MIRRORED)])


def test_sequences_have_real_time_gaps_and_labels_between_neutral_and_apex(data, shapes):
    examples = examples_of(data, STREAM)
    shapes_in, since = examples.inputs["blendshapes"][:, 0], examples.inputs["interval_s"][:, 0]
    assert shapes_in.shape[2] == COUNT
    assert since[:, 0].abs().max() == 0
    assert since[:, 1:].min() >= 1 / 30 - 1e-6
    assert (shapes_in.amax(-1) == 0).float().mean() == pytest.approx(blendshape_sequences.UNREAD, abs=0.02)
    for target in examples.targets.values():
        torch.testing.assert_close(target.sum(-1), torch.ones(target.shape[:2]), atol=1e-4, rtol=0)
    assert torch.equal(examples_of(data, STREAM).inputs["blendshapes"][:, 0], shapes_in)  # a seed fixes them
