# ruff: noqa: E402 -- imports that need torch follow the check that it is there
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.train.augment import Augment, augment, degrade, erase, gamma, mix, warp

FACES = torch.rand(32, 1, 48, 48, generator=torch.Generator().manual_seed(0)) * 255
STILL = Augment(rotate_rad=0, scale=0, shift=0, shear=0, gamma=0, degrade=0, noise=0, erase=0, mix=0)


def seeded():
    return torch.Generator().manual_seed(0)


def test_a_seed_fixes_the_views():
    assert torch.equal(augment(FACES, Augment(), seeded()), augment(FACES, Augment(), seeded()))


@pytest.mark.parametrize("change", [warp, degrade, gamma, erase, augment])
def test_every_change_keeps_shape_and_grey_levels(change):
    changed = change(FACES, replace(Augment(), degrade=1.0, erase=1.0), seeded())
    assert changed.shape == FACES.shape
    assert changed.min() >= -1e-3
    assert changed.max() <= 255 + 1e-3
    assert not torch.equal(changed, FACES)


@pytest.mark.parametrize("change", [degrade, erase])
def test_a_change_that_is_off_does_nothing(change):
    torch.testing.assert_close(change(FACES, STILL, seeded()), FACES)


def test_without_a_pose_a_face_is_itself_or_its_mirror_image():
    warped = warp(FACES, STILL, seeded())
    same = (warped - FACES).abs().amax(dim=(1, 2, 3)) < 0.1
    mirrored = (warped - FACES.flip(-1)).abs().amax(dim=(1, 2, 3)) < 0.1
    assert (same ^ mirrored).all()
    assert same.any()
    assert mirrored.any()


def test_an_erased_rectangle_is_flat_and_within_its_size():
    how = replace(STILL, erase=1.0)
    changed = (erase(FACES, how, seeded()) != FACES).flatten(1).sum(1)
    assert (changed > 0).all()
    assert (changed <= (how.erase_px[1] + 1) ** 2).all()


def test_mixing_blends_faces_and_targets_by_the_same_share():
    targets = [torch.eye(32)]
    faces, (mixed,) = mix(FACES, targets, replace(STILL, mix=1.0), seeded())
    torch.testing.assert_close(faces.flatten(1), mixed @ FACES.flatten(1), atol=1e-2, rtol=1e-4)
    torch.testing.assert_close(mixed.sum(1), torch.ones(32))
