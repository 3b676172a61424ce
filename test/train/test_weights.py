# ruff: noqa: E402 -- imports that need torch follow the check that it is there
import pickle
from collections import OrderedDict

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.errors import ModelError
from fer_ros.train import networks
from fer_ros.train.augment import Augment
from fer_ros.train.backbones.resnet import ResNet50
from fer_ros.train.examples import Examples
from fer_ros.train.loop import fit
from fer_ros.train.recipe import Optimizer, Recipe
from fer_ros.train.weights import load_into

SMALL = {"width": 8, "blocks": [1, 1]}
HEADS = {"fer2013": 7}


class Evil:
    def __reduce__(self):
        return print, ("run by a pickle",)


@pytest.fixture
def published():
    """Weights as published: those of a ResNet, with a last layer that is not ours."""
    torch.manual_seed(1)
    return {**ResNet50(caffe=True, **SMALL).state_dict(), "fc.weight": torch.zeros(8631, 64)}


@pytest.fixture
def write(tmp_path):
    def written(content, name="weights.pth"):
        path = tmp_path / name
        if path.suffix == ".pkl":
            path.write_bytes(pickle.dumps(content, protocol=2))
        else:
            torch.save(content, path)
        return path

    return written


def same(network, weights):
    state = network.state_dict()
    return all(torch.equal(state[name], weights[name]) for name in state if "num_batches" not in name)


@pytest.mark.parametrize("name", ["weights.pth", "weights.pkl"])
@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda w: w, id="alone"),
        pytest.param(lambda w: {"epoch": 3, "state_dict": w}, id="in a checkpoint"),
        pytest.param(lambda w: OrderedDict((f"module.{n}", v) for n, v in w.items()), id="of several GPUs"),
    ],
)
def test_published_weights_are_read(published, write, name, wrap):
    weights = {n: v.numpy() for n, v in published.items()} if name.endswith("pkl") else published
    network = ResNet50(caffe=True, **SMALL)
    load_into(network, write(wrap(weights), name))
    assert same(network, published)


def without_a_layer(weights):
    return {name: value for name, value in weights.items() if "layer2.0.conv2" not in name}


def of_another_width(weights):
    return {**weights, "conv1.weight": weights["conv1.weight"][:4]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(without_a_layer, "1 of .* missing: layer2.0.conv2.weight", id="a layer is missing"),
        pytest.param(of_another_width, r"conv1.weight \(4, 3, 7, 7\) instead of \(8, 3", id="another width"),
        pytest.param(lambda w: {}, "it has none", id="empty"),
        pytest.param(lambda w: list(w.values()), "list, not weights by name", id="no names"),
    ],
)
def test_wrong_weights_change_nothing_and_say_what_is_wrong(published, write, change, said):
    network = ResNet50(caffe=True, **SMALL)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with pytest.raises(ModelError, match=said):
        load_into(network, write(change(published)))
    assert same(network, before)


def test_weights_that_are_absent_or_no_weights_are_named(tmp_path):
    network = ResNet50(caffe=True, **SMALL)
    with pytest.raises(ModelError, match="is not there"):
        load_into(network, tmp_path / "absent.pth")
    (tmp_path / "page.pth").write_text("<html>404</html>")
    with pytest.raises(ModelError, match="download it again"):
        load_into(network, tmp_path / "page.pth")


def test_a_pickle_runs_no_code(write, capsys):
    with pytest.raises(ModelError, match="print is no array"):
        load_into(ResNet50(caffe=True, **SMALL), write({"conv1.weight": Evil()}, "evil.pkl"))
    assert capsys.readouterr().out == ""


def test_a_pickle_of_python_2_is_read(tmp_path):
    # As Python 2 and numpy 1 wrote it: numpy's old module name, and bytes as text.
    modern = pickle.dumps({"bias": np.arange(3, dtype=np.float32)}, protocol=2)
    old = modern.replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    assert old != modern
    (tmp_path / "old.pkl").write_bytes(old)
    layer = torch.nn.Linear(2, 3)
    del layer.weight
    load_into(layer, tmp_path / "old.pkl")
    assert layer.bias.tolist() == [0, 1, 2]


def recipe(network, options, data, epochs, frozen):
    still = Augment(rotate_rad=0.0, scale=0.0, shift=0.0, shear=0.0, degrade=0.0, erase=0.0)
    return Recipe(
        name="tiny",
        summary="for tests",
        network=network,
        options=options,
        data=data,
        heads=("fer2013",),
        epochs=epochs,
        batch=4,
        frozen_epochs=frozen,
        optimizer=Optimizer(rate=0.01),
        augment=still,
    )


def trained(network, name, shape, how, tmp_path):
    torch.manual_seed(0)
    values = torch.randint(0, 256, (8, 1, *shape), dtype=torch.uint8)
    examples = Examples({name: values}, {"fer2013": torch.eye(7)[torch.arange(8) % 7]})
    return fit(network, examples, None, examples, how, tmp_path / "checkpoint.pt", 0, resume=False)


def test_a_frozen_backbone_stays_as_it_was_loaded_and_then_learns(published, write, tmp_path):
    options = {**SMALL, "weights": str(write(published))}
    for frozen, stays in ((1, True), (0, False)):
        network = networks.build("maclean_image", HEADS, options)
        top = network.top[0].weight.clone()
        how = recipe("maclean_image", options, "ferplus", 1, frozen)
        result = trained(network, "face", (16, 16), how, tmp_path)
        assert same(result.body.network, published) == stays
        assert not torch.equal(result.top[0].weight, top)


def test_without_weights_nothing_is_frozen():
    assert networks.build("maclean_image", HEADS, SMALL).backbone is None
    assert networks.build("jain_irnn", HEADS, {}).backbone is None


@pytest.mark.parametrize(
    ("first", "second", "options", "more"),
    [
        pytest.param("maclean_image", "maclean_lstm", SMALL, {"units": 8}, id="Maclean"),
        pytest.param("jain_cnn", "jain_irnn", {}, {"units": 8}, id="Jain"),
    ],
)
def test_a_video_network_starts_from_the_image_network_s_checkpoint(first, second, options, more, tmp_path):
    image = networks.build(first, HEADS, options)
    trained(image, "face", (32, 32), recipe(first, options, "ferplus", 1, 0), tmp_path)
    weights = {"weights": str(tmp_path / "checkpoint.pt")}
    video = networks.build(second, HEADS, {**options, **more, **weights})
    assert same(video.backbone, image.body.state_dict())
