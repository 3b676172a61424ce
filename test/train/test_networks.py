# ruff: noqa: E402 -- imports that need torch follow the check that it is there
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import ParameterError
from fer_ros.evaluate.released import Lstm
from fer_ros.faces.blendshapes import COUNT
from fer_ros.train import networks
from fer_ros.train.backbones import mini_xception, mobilenetv2, resnet20
from fer_ros.train.export import export
from fer_ros.train.layers import stored_count
from fer_ros.train.losses import cross_entropy
from fer_ros.train.networks import attrah_lstm, nano, resnet18
from fer_ros.train.networks.jain_irnn import IdentityRecurrence

HEADS = {"fer2013": 7, "3class": 3}
SMALL_50 = {"width": 8, "blocks": [1, 1]}
# network, options, input and its shape: small ones of every architecture
CASES = [
    pytest.param(*case, id="-".join([case[0], *(str(v) for v in case[1].values() if isinstance(v, str))]))
    for case in [
        ("maclean_image", {**SMALL_50, "start": "imagenet", "side": 24}, "face", (16, 16)),
        ("maclean_lstm", {**SMALL_50, "units": 8, "dense": 8}, "clip", (3, 16, 16)),
        ("jain_cnn", {"dropout": 0.0}, "face", (48, 48)),
        ("jain_irnn", {"dropout": 0.0, "units": 12, "layers": 2}, "clip", (2, 32, 32)),
        ("timeconvnet", {"backbone": "mini_xception"}, "clip", (5, 32, 32)),
        ("timeconvnet", {"backbone": "resnet20"}, "clip", (5, 16, 16)),
        ("timeconvnet", {"backbone": "mobilenetv2"}, "clip", (5, 32, 32)),
        ("conv2d", {}, "clip", (5, 32, 32)),
        ("conv2plus1d", {}, "clip", (5, 16, 16)),
        ("conv3d", {}, "clip", (5, 16, 16)),
        ("nano", {"variant": "a"}, "face", (16, 16)),
        ("attrah_lstm", {}, "blendshapes", (COUNT,)),
        ("attrah_dense", {"hidden": [8]}, "blendshapes", (COUNT,)),
        ("mini_xception", {}, "face", (32, 32)),
        ("vgg13", {"size": 16}, "face", (12, 12)),
        ("resnet18", {}, "face", (16, 16)),
    ]
]


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)
    torch.manual_seed(0)


@pytest.fixture
def shallow(monkeypatch):
    """The same architectures with fewer repetitions, so that a test takes a second, not half a minute."""
    monkeypatch.setattr(mini_xception, "WIDTHS", (8, 128))
    monkeypatch.setattr(resnet20, "BLOCKS", 1)
    monkeypatch.setattr(resnet20, "WIDTHS", (16, 64))
    monkeypatch.setattr(resnet18, "BLOCKS", 1)
    monkeypatch.setattr(resnet18, "WIDTHS", (8, 16))
    monkeypatch.setattr(mobilenetv2, "STAGES", ((1, 16, 1, 1), (6, 24, 2, 2)))
    monkeypatch.setattr(nano, "STAGES", {"a": ((4, (3, 2)), (6, (5, 4)))})
    monkeypatch.setattr(attrah_lstm, "COLUMNS", {COUNT: (1, 2, 25)})


def some(name, shape, count=3):
    values = torch.rand(count, *shape)
    return {name: values if name == "blendshapes" else 255 * values}


@pytest.mark.parametrize(
    ("network", "options", "labels", "published"),
    [
        pytest.param("timeconvnet", {"backbone": "mini_xception"}, 7, 58_711, id="Lee table 3.2"),
        pytest.param("timeconvnet", {"backbone": "resnet20"}, 7, 274_535, id="Lee table 3.2, ResNet20"),
        pytest.param("timeconvnet", {"backbone": "mobilenetv2"}, 7, 2_267_527, id="Lee table 3.2, MobileNet"),
        pytest.param("conv2d", {}, 7, 58_423, id="Lee table 3.2, 2D"),
        pytest.param("conv2plus1d", {}, 7, 523_357, id="Lee table 3.2, (2+1)D"),
        pytest.param("conv3d", {}, 7, 808_775, id="Lee table 3.2, 3D"),
        pytest.param("nano", {"variant": "a"}, 7, 232_000, id="Lee table 4.1, A"),
        pytest.param("nano", {"variant": "b"}, 7, 136_000, id="Lee table 4.1, B"),
        pytest.param("maclean_lstm", {"units": 128}, 8, 24_693_320, id="Maclean section 5"),
        pytest.param("attrah_lstm", {}, 3, 44_631, id="Attrah"),
        pytest.param("mini_xception", {}, 7, 58_423, id="Arriaga"),
        pytest.param("vgg13", {}, 8, 8_757_704, id="Barsoum"),
    ],
)
def test_a_network_is_as_large_as_published(network, options, labels, published):
    built = networks.build(network, {"labels": labels}, options)
    assert stored_count(built) == pytest.approx(published, rel=0.02)


@pytest.mark.parametrize(("network", "options", "name", "shape"), CASES)
@pytest.mark.usefixtures("shallow")
def test_a_network_answers_in_every_head_and_learns(network, options, name, shape):
    built = networks.build(network, HEADS, options)
    inputs = some(name, shape, count=6)
    assert [tuple(x.shape) for x in built.eval()(**inputs)] == [(6, 7), (6, 3)]
    target = torch.eye(7)[torch.arange(6)]
    optimizer = torch.optim.Adam(built.train().parameters(), lr=1e-3)
    losses = []
    for _ in range(8):
        torch.manual_seed(0)  # the same units are dropped every time: only the weights differ
        loss = cross_entropy(built(**inputs)[0], target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0]


@pytest.mark.parametrize(("network", "options", "name", "shape"), CASES)
@pytest.mark.usefixtures("shallow")
def test_onnx_says_the_same_for_one_and_for_three(network, options, name, shape, tmp_path):
    pytest.importorskip("onnxscript", reason="onnxscript is not installed: export is optional")
    built = networks.build(network, HEADS, options)
    export(built, tmp_path / "network.onnx", some(name, shape), tuple(HEADS))  # raises beyond 1e-4


def test_an_irnn_starts_by_copying_its_state():
    recurrence = IdentityRecurrence(inputs=4, units=6, identity=1.0)
    assert torch.equal(recurrence.recurrent.weight, torch.eye(6))
    with torch.no_grad():
        recurrence.input.weight.zero_()
        recurrence.input.bias.copy_(torch.arange(6.0))
        states = recurrence(torch.zeros(1, 3, 4))
    assert torch.equal(states[0], torch.arange(6.0) * torch.tensor([[1.0], [2.0], [3.0]]))


def test_stacked_layers_in_step_are_layers_one_after_another():
    built = networks.build("attrah_lstm", {"3class": 3}, {}).eval()
    shapes = torch.rand(3, COUNT)
    x = shapes.numpy()[:, :, None]
    for layer in built.lstm.layers:
        weights = (layer.input.T, layer.recurrent.T, layer.bias)
        x = Lstm(*(w.detach().numpy() for w in weights)).run(x)
    with torch.no_grad():
        assert np.allclose(built.lstm(shapes[:, :, None]).numpy(), x[:, -1], atol=1e-5)


def test_27_blendshapes_are_those_the_paper_kept():
    built = networks.build("attrah_lstm", {"3class": 3}, {"blendshapes": 27}).eval()
    shapes = torch.rand(2, COUNT)
    other = shapes.clone()
    other[:, [0, 8, 30, 36, 51]] = 1 - other[:, [0, 8, 30, 36, 51]]  # cheekSquint, mouthFrown, noseSneer
    with torch.no_grad():
        assert torch.equal(built(shapes)[0], built(other)[0])


def test_the_2d_comparison_sees_the_last_frame_only():
    built = networks.build("conv2d", {"bigfacex": 7}, {}).eval()
    clip = 255 * torch.rand(2, 5, 32, 32)
    other = clip.clone()
    other[:, :-1] = 0
    with torch.no_grad():
        assert torch.equal(built(clip)[0], built(other)[0])


@pytest.mark.parametrize(
    ("network", "options", "said"),
    [
        pytest.param("timeconvnet", {"backbone": "vit"}, "mini_xception, resnet20", id="backbone"),
        pytest.param("nano", {"variant": "c"}, "choose one of a, b", id="variant"),
        pytest.param("attrah_lstm", {"blendshapes": 51}, "52 or 27", id="blendshapes"),
        pytest.param("maclean_image", {"start": "places"}, "imagenet, vggface2", id="start"),
        pytest.param("conv3d", {"frames": 5}, "do not fit", id="an option it does not take"),
    ],
)
def test_a_wrong_option_is_named_with_what_there_is(network, options, said):
    with pytest.raises(ParameterError, match=said):
        networks.build(network, {"fer2013": len(LABEL_SPACES["fer2013"])}, options)
