# ruff: noqa: E402 -- imports that need torch follow the check that it is there
import json
from dataclasses import replace
from pathlib import Path

import ferplus_tree
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")
pytest.importorskip("onnxscript", reason="onnxscript is not installed: export is optional")

from fer_ros.cli.main import main
from fer_ros.datasets import ferplus
from fer_ros.errors import FerError, ModelError, ParameterError
from fer_ros.estimators.card import load_card
from fer_ros.estimators.model import load_model
from fer_ros.faces.blendshapes import COUNT, MIRRORED
from fer_ros.faces.student import Student
from fer_ros.train import data as train_data
from fer_ros.train import export as export_module
from fer_ros.train import loop
from fer_ros.train.augment import Augment
from fer_ros.train.data import blendshape_sequences, ferplus_shapes, student
from fer_ros.train.loop import fit, predict
from fer_ros.train.networks.facenet import Looking
from fer_ros.train.origin import data_hash
from fer_ros.train.recipe import Optimizer, Recipe
from fer_ros.train.run import build, taught_examples, train
from fer_ros.train.samples import recipe_of, recipe_samples
from fer_ros.train.schedule import Trapezoid

TINY = Recipe(
    name="tiny",
    summary="for tests",
    network="facenet",
    options={"widths": [8, 8], "blocks": [1, 1]},
    data="ferplus",
    heads=("fer2013", "ferplus"),
    epochs=1,
    batch=16,
    optimizer=Optimizer(rate=0.1, weight_decay=5e-4),
    margins_px=(0,),
    average=0.9,
)
SHAPED = replace(TINY, data="ferplus_shapes", options={**TINY.options, "shapes": 8, "members": 2})
STREAM = replace(
    TINY,
    network="blendshape_stream",
    options={"features": 8, "hidden": 8},
    data="blendshape_sequences",
    heads=("fer2013", "3class"),
    margins_px=(),
    optimizer=Optimizer("adam", rate=0.01, clip=1.0),
)
PUPIL = replace(TINY, data="student", heads=("blendshapes",), loss="unexplained", margins_px=())
STILL = Augment(rotate_rad=0.0, scale=0.0, shift=0.0, shear=0.0, degrade=0.0, erase=0.0, forget=0.0)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return ferplus_tree.build(tmp_path_factory.mktemp("data"), count=64)


@pytest.fixture
def shapes(monkeypatch):
    """Blendshapes of drawn faces, which MediaPipe does not see: numbers made of their pixels; one miss."""

    def read(images, kept, what):
        found = images.reshape(len(images), -1)[:, : COUNT * 40 : 40].astype(np.float32) / 255
        found[0] = np.nan
        return found

    for module in (ferplus_shapes, student, blendshape_sequences):
        monkeypatch.setattr(module, "read_shapes", read)
    monkeypatch.setattr("fer_ros.train.run.read_shapes", read)


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    """The real entry point, for one epoch of a tiny network."""
    out = tmp_path_factory.mktemp("models") / "tiny"
    train(TINY, data, out, out / "kept", threads=1)
    return out


def examples_of(data, recipe=TINY, split="train"):
    return train_data.load(recipe, data, split, data / "kept")


def test_one_command_gives_a_folder_that_loads_and_has_validation_figures(trained):
    card = load_card(trained)
    assert card.identity == "tiny@2"
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


def test_light_and_contrast_do_not_change_the_answer():
    torch.manual_seed(0)
    network = build(TINY)
    face = torch.randint(50, 150, (2, 48, 48), dtype=torch.uint8)
    brighter = predict(network, {"face": face + 60})
    for f, e in zip(predict(network, {"face": face}), brighter, strict=True):
        np.testing.assert_allclose(f, e, atol=1e-3)


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


def test_a_teacher_fills_in_where_the_taggers_disagree(data, trained):
    examples = examples_of(data)
    examples.targets["ferplus"][0] = 0
    teacher = load_model(trained)
    taught = taught_examples(examples, TINY, teacher)
    opinion = teacher.predict({"face": examples.inputs["face"][:1, 0].numpy()}, "ferplus")
    np.testing.assert_allclose(taught.targets["ferplus"][:1].numpy(), TINY.teacher_share * opinion, atol=1e-6)
    np.testing.assert_allclose(taught.targets["fer2013"].sum(1).numpy(), 1, atol=1e-5)


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


def test_looks_are_the_face_wider_and_tighter_each_with_its_mirror_image():
    asked = []

    class Recording(torch.nn.Module):
        def forward(self, face, blendshapes):
            asked.append((face, blendshapes))
            return (face.mean((1, 2))[:, None],)

    face, shapes = torch.rand(2, 48, 48), torch.rand(2, COUNT)
    Looking(Recording(), (0, -2))(face, shapes)
    assert torch.equal(asked[0][0], face)
    assert torch.equal(asked[1][0], face.flip(-1))
    assert torch.equal(asked[1][1], shapes[:, torch.from_numpy(MIRRORED)])
    assert [view.shape for view, _ in asked] == [face.shape] * 4
    assert asked[2][0].std() != face.std()


def test_the_mirror_of_the_mirror_is_the_face_again():
    assert (MIRRORED[MIRRORED] == np.arange(COUNT)).all()


def test_faces_that_ferplus_has_no_majority_for_do_not_count_in_validation(data):
    assert (examples_of(data, split="validation").targets["ferplus"].sum(1) == 1).all()
    assert ferplus.load(data, "validation").majority.min() >= 0


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
