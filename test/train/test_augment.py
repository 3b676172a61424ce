# ruff: noqa: E402 -- imports that need torch follow the check that it is there
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training is optional")

from fer_ros.faces.blendshapes import MIRRORED
from fer_ros.train.augment import Augment, augment, change_blendshapes, degrade, erase, gamma, mix, warp

FACES = torch.rand(32, 1, 48, 48, generator=torch.Generator().manual_seed(0)) * 255
BOTH = torch.arange(32) % 2 == 0
STILL = Augment(
    forget=0,
    shape_noise=0,
    rotate_rad=0,
    scale=0,
    shift=0,
    shear=0,
    gamma=0,
    degrade=0,
    noise=0,
    erase=0,
    mix=0,
)


def seeded():
    return torch.Generator().manual_seed(0)


def test_a_seed_fixes_the_views():
    inputs = {"face": FACES[:, 0], "blendshapes": torch.full((32, 52), 0.5)}
    first, second = (augment(inputs, Augment(), seeded()) for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in inputs)
    assert first["face"].shape == (32, 48, 48)


def test_all_frames_of_a_clip_change_alike():
    clip = FACES.expand(-1, 5, -1, -1)
    changed = augment({"clip": clip}, replace(Augment(), degrade=0.0), seeded())["clip"]
    assert torch.equal(changed[:, :1].expand_as(changed), changed)
    assert not torch.equal(changed, clip)


def test_a_mirrored_face_has_mirrored_blendshapes():
    shapes = torch.rand(32, 52, generator=seeded()) + 0.01
    changed = change_blendshapes(shapes, BOTH, STILL, seeded())
    torch.testing.assert_close(changed[~BOTH], shapes[~BOTH].clamp(max=1))
    torch.testing.assert_close(changed[BOTH], shapes[BOTH][:, torch.from_numpy(MIRRORED)].clamp(max=1))


def test_blendshapes_that_were_not_read_stay_so_and_some_more_are_forgotten():
    shapes = torch.full((1000, 52), 0.5)
    shapes[:500] = 0
    changed = change_blendshapes(shapes, torch.zeros(1000, dtype=torch.bool), Augment(forget=0.3), seeded())
    assert (changed[:500] == 0).all()
    assert (changed[500:].amax(1) == 0).float().mean() == pytest.approx(0.3, abs=0.07)


def turned(faces, how, random):
    return warp(faces, BOTH, how, random)


@pytest.mark.parametrize("change", [turned, degrade, gamma, erase])
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
    warped = warp(FACES, BOTH, STILL, seeded())
    same = (warped - FACES).abs().amax(dim=(1, 2, 3)) < 0.1
    mirrored = (warped - FACES.flip(-1)).abs().amax(dim=(1, 2, 3)) < 0.1
    assert torch.equal(same, ~BOTH)
    assert torch.equal(mirrored, BOTH)


def test_an_erased_rectangle_is_flat_and_within_its_size():
    how = replace(STILL, erase=1.0)
    changed = (erase(FACES, how, seeded()) != FACES).flatten(1).sum(1)
    assert (changed > 0).all()
    assert (changed <= (how.erase_px[1] + 1) ** 2).all()


def test_mixing_blends_examples_and_targets_by_the_same_share():
    inputs, (mixed,) = mix({"face": FACES}, [torch.eye(32)], replace(STILL, mix=1.0), seeded())
    torch.testing.assert_close(inputs["face"].flatten(1), mixed @ FACES.flatten(1), atol=1e-2, rtol=1e-4)
    torch.testing.assert_close(mixed.sum(1), torch.ones(32))
