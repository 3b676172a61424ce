# ruff: noqa: E402 -- imports that need torch follow the check that it is there
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

import elsewhere
from tiny_recipes import TINY, examples_of

from fer_ros.cli.main import main
from fer_ros.errors import ParameterError
from fer_ros.train import networks
from fer_ros.train.augment import Augment, warp
from fer_ros.train.device import device_named
from fer_ros.train.examples import Examples
from fer_ros.train.loop import fit, predict
from fer_ros.train.recipe import Optimizer
from fer_ros.train.run import build

SGD = replace(TINY, options={**TINY.options, "dropout": 0.3}, class_weights=1.0, augment=Augment(mix=0.5))
ADAM = Optimizer("adam", rate=0.01, clip=1.0)
SHAPED = replace(SGD, options={**SGD.options, "shapes": 8, "members": 2}, optimizer=ADAM, average=0.0)
CLIP = replace(SGD, network="timeconvnet", options={"backbone": "resnet20"}, batch=8)


@pytest.fixture
def without_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


def drawn(recipe, count=32):
    """Examples in two versions, of noise."""
    chance = torch.Generator().manual_seed(1)

    def grey(*shape):
        return torch.randint(0, 256, shape, dtype=torch.uint8, generator=chance)

    inputs = {"face": grey(count, 2, 48, 48)}
    if recipe.network == "timeconvnet":
        inputs = {"clip": grey(count, 1, 5, 32, 32)}
    if "shapes" in recipe.options:
        inputs["blendshapes"] = torch.rand(count, 2, 52, generator=chance)
    targets = {
        head: torch.eye(labels)[torch.arange(count) % labels] for head, labels in recipe.outputs.items()
    }
    return Examples(inputs, targets)


def trained(recipe, path, device, examples=None, *, resume=False):
    torch.manual_seed(0)
    known = examples or drawn(recipe)
    network = networks.build(recipe.network, recipe.outputs, recipe.options)
    return fit(network, known, None, known, recipe, path, 0, resume, device=device)


def same(first, second):
    pairs = zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    return all(torch.equal(elsewhere.inside(a), elsewhere.inside(b)) for a, b in pairs)


@pytest.mark.usefixtures("without_gpu")
def test_without_a_gpu_auto_is_the_cpu():
    assert device_named("auto") == device_named("cpu") == torch.device("cpu")


def test_with_a_gpu_auto_is_the_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device_named("auto") == device_named("cuda") == torch.device("cuda")
    assert device_named("cpu") == torch.device("cpu")


@pytest.mark.usefixtures("without_gpu")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("cuda", "device is 'cuda', but torch .*--device cpu, or install", id="absent"),
        pytest.param("gpu", "device is 'gpu'; choose one of auto, cpu, cuda", id="unknown"),
    ],
)
def test_a_device_that_is_not_there_is_named_with_the_remedy(name, says, data, tmp_path, capsys):
    with pytest.raises(ParameterError, match=says):
        device_named(name)
    out = tmp_path / "out"
    assert main(["train", "robot", "--data", str(data), "--out", str(out), "--device", name]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"device is {name!r}" in line
    assert not out.exists()


def test_the_cpu_by_name_is_what_is_trained_on_where_nothing_is_said(data, tmp_path):
    examples = examples_of(data)
    torch.manual_seed(0)
    default = fit(build(TINY), examples, None, examples, TINY, tmp_path / "default.pt", 0, False)
    torch.manual_seed(0)
    named = fit(build(TINY), examples, None, examples, TINY, tmp_path / "named.pt", 0, False, device="cpu")
    assert same(default, named)


@pytest.mark.parametrize(
    "recipe",
    [
        pytest.param(SGD, id="faces"),
        pytest.param(SHAPED, id="faces and blendshapes, two members, Adam"),
        pytest.param(CLIP, id="clips"),
    ],
)
def test_a_seed_gives_the_same_weights_on_another_device(recipe, tmp_path, monkeypatch):
    here = trained(recipe, tmp_path / "here.pt", "cpu")
    with elsewhere.a_second_device(monkeypatch) as device:
        there = trained(recipe, tmp_path / "there.pt", device)
    assert same(here, there)
    assert {weight.device.type for weight in there.parameters()} == {"cpu"}  # for export


def test_the_second_device_of_these_tests_refuses_what_a_gpu_refuses(monkeypatch):
    faces = torch.rand(4, 1, 8, 8)
    with (
        elsewhere.a_second_device(monkeypatch) as device,
        pytest.raises(RuntimeError, match="on two devices"),
    ):
        warp(faces.to(device), torch.zeros(4, dtype=torch.bool), Augment(), torch.Generator())


def test_a_checkpoint_from_a_gpu_goes_on_without_one(tmp_path):
    path = tmp_path / "c.pt"
    trained(SGD, path, "cpu")
    state = torch.load(path, weights_only=True)
    torch.save({**state, "cuda_random": torch.zeros(16, dtype=torch.uint8)}, path)
    longer = replace(SGD, epochs=2)
    network = trained(longer, path, "cpu", resume=True)
    assert torch.load(path, weights_only=True)["epoch"] == 2
    assert predict(network, drawn(SGD).rows(slice(2)))[0].shape == (2, 7)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no GPU")
def test_on_a_gpu_a_run_in_two_parts_is_close_to_one_on_the_cpu(tmp_path):
    plain = replace(SGD, options=TINY.options, epochs=2)  # dropout draws where the network is
    here = trained(plain, tmp_path / "here.pt", "cpu")
    trained(replace(plain, epochs=1), tmp_path / "there.pt", "cuda")
    there = trained(plain, tmp_path / "there.pt", "cuda", resume=True)
    for a, b in zip(here.parameters(), there.parameters(), strict=True):
        torch.testing.assert_close(a, b, atol=0.05, rtol=0.05)
