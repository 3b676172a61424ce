# ruff: noqa: E402 -- imports that need torch follow the check that it is there
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")
pytest.importorskip("onnxscript", reason="onnxscript is not installed: export is optional")

from tiny_recipes import STILL, TINY, examples_of

from fer_ros.datasets import ferplus
from fer_ros.errors import FerError, ParameterError
from fer_ros.estimators.model import load_model
from fer_ros.train import loop
from fer_ros.train.loop import fit, predict
from fer_ros.train.run import build, train
from fer_ros.train.schedule import Trapezoid
from fer_ros.train.teacher import taught_examples


def test_training_learns_what_can_be_learned(data, tmp_path):
    torch.manual_seed(0)
    recipe = replace(TINY, epochs=20, augment=STILL)
    examples = examples_of(data)
    network = fit(build(recipe), examples, None, examples, recipe, tmp_path / "c.pt", 0, False)
    (seven, _) = predict(network, examples.rows(slice(None)))
    truth = examples.targets["fer2013"].argmax(1).numpy()
    assert (seven.argmax(axis=1) == truth).mean() > 0.5  # chance is one in seven


def test_a_run_in_two_parts_ends_exactly_where_one_run_ends(data, tmp_path):
    examples = examples_of(data)
    recipe = replace(TINY, options={**TINY.options, "dropout": 0.3}, epochs=4)
    flat = Trapezoid(warm_up=0.0, cool_down=0.01)

    def run(name, epochs, resume=False):
        torch.manual_seed(0)
        part = replace(recipe, epochs=epochs, schedule=flat)
        return fit(build(part), examples, None, examples, part, tmp_path / name, 0, resume)

    whole = run("whole.pt", 4)
    run("parts.pt", 2)
    parts = run("parts.pt", 4, resume=True)
    for a, b in zip(whole.parameters(), parts.parameters(), strict=True):
        torch.testing.assert_close(a, b, atol=1e-2, rtol=1e-2)


def test_a_checkpoint_of_another_network_is_named(data, trained):
    other = replace(TINY, options={"widths": [8, 16], "blocks": [1, 1]})
    with pytest.raises(ParameterError, match=r"checkpoint\.pt comes from network .*without --resume"):
        train(other, data, trained, trained / "kept", resume=True, threads=1)


def test_a_damaged_checkpoint_is_named(data, tmp_path):
    (tmp_path / "checkpoint.pt").write_bytes(b"half a file")
    with pytest.raises(ParameterError, match="no checkpoint that can be read"):
        train(TINY, data, tmp_path, tmp_path / "kept", resume=True, threads=1)


def test_a_full_disk_keeps_the_last_whole_checkpoint(data, tmp_path, monkeypatch):
    examples, path = examples_of(data), tmp_path / "c.pt"
    fit(build(TINY), examples, None, examples, TINY, path, 0, False)
    before = path.read_bytes()

    def fill(state, where):
        where.write_bytes(b"0" * 100)
        raise RuntimeError("PytorchStreamWriter failed writing file: No space left on device")

    monkeypatch.setattr(loop.torch, "save", fill)
    with pytest.raises(FerError, match=r"could not be saved .*No space left.*--resume"):
        fit(build(TINY), examples, None, examples, replace(TINY, epochs=2), path, 0, True)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["c.pt"]


def test_a_teacher_fills_in_where_the_taggers_disagree(data, trained, tmp_path):
    examples = examples_of(data)
    examples.targets["ferplus"][0] = 0
    teacher = load_model(trained)
    taught = taught_examples(examples, TINY, teacher, tmp_path)
    opinion = teacher.predict({"face": examples.inputs["face"][:1, 0].numpy()}, "ferplus")
    np.testing.assert_allclose(taught.targets["ferplus"][:1].numpy(), TINY.teacher_share * opinion, atol=1e-6)
    np.testing.assert_allclose(taught.targets["fer2013"].sum(1).numpy(), 1, atol=1e-5)


def test_a_head_that_the_teacher_lacks_keeps_its_labels(data, trained, tmp_path):
    recipe = replace(TINY, heads=("fer2013", "basic"))
    examples = examples_of(data, recipe)
    taught = taught_examples(examples, recipe, load_model(trained), tmp_path)
    assert torch.equal(taught.targets["basic"], examples.targets["basic"])
    assert not torch.equal(taught.targets["fer2013"], examples.targets["fer2013"])


def test_a_run_that_goes_on_asks_its_teacher_no_second_time(data, trained, tmp_path, monkeypatch):
    examples, teacher = examples_of(data), load_model(trained)
    first = taught_examples(examples, TINY, teacher, tmp_path)
    monkeypatch.setattr(teacher, "predict", None)
    again = taught_examples(examples, TINY, teacher, tmp_path)
    assert torch.equal(first.targets["ferplus"], again.targets["ferplus"])


def test_faces_that_ferplus_has_no_majority_for_do_not_count_in_validation(data):
    assert (examples_of(data, split="validation").targets["ferplus"].sum(1) == 1).all()
    assert ferplus.load(data, "validation").majority.min() >= 0
