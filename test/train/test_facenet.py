# ruff: noqa: E402 -- imports that need torch follow the check that it is there
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from tiny_recipes import TINY

from fer_ros.faces.blendshapes import COUNT, MIRRORED
from fer_ros.train.loop import predict
from fer_ros.train.networks.facenet import Looking
from fer_ros.train.run import build


def test_light_and_contrast_do_not_change_the_answer():
    torch.manual_seed(0)
    network = build(TINY)
    face = torch.randint(50, 150, (2, 48, 48), dtype=torch.uint8)
    brighter = predict(network, {"face": face + 60})
    for f, e in zip(predict(network, {"face": face}), brighter, strict=True):
        np.testing.assert_allclose(f, e, atol=1e-3)


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
