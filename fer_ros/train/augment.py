"""Random changes of a training batch: pose, light, distance and link, occlusion, mixing.

Faces are (B, C, S, S) float32, grey 0..255; C counts the frames of a clip, which all change alike.
All draw from the generator they are given, a CPU's, so that a seed fixes them wherever the faces are; the
numbers drawn go to the faces' device.
"""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from fer_ros.faces.blendshapes import MIRRORED


@dataclass(frozen=True)
class Augment:
    """How far a training image may move from the one in the dataset."""

    mirror: float = 0.5  # share of a batch: faces are nearly symmetric
    rotate_rad: float = 0.26  # 15 degrees: heads tilt, and crops are not always levelled
    scale: float = 0.15  # a detector's box is that loose
    shift: float = 0.08  # of the side, about 4 px, as loose
    shear: float = 0.1  # a small turn of the head
    gamma: float = 0.4  # in log space; linear changes of light are undone by the network itself
    degrade: float = 0.2  # share of a batch that goes through a small size and noise, like a weak link
    smallest_px: int = 12  # a face at 7 m before a 720p camera, or at 144p
    noise: float = 6.0  # grey levels, what JPEG at low quality leaves
    erase: float = 0.25  # share of images with one rectangle hidden: hands, masks, hair
    erase_px: tuple[int, int] = (8, 20)
    mix: float = 0.0  # Beta(mix, mix); off: runs this short underfit rather than overfit
    weak: float = 0.25  # share of examples taken as a weak link leaves them, where the data has such
    shape_noise: float = 0.02  # of a blendshape, what MediaPipe's differ by from frame to frame
    forget: float = 0.2  # share of blendshapes that were not read


def augment(inputs: dict[str, Tensor], how: Augment, random: Generator) -> dict[str, Tensor]:
    """One random view of every example.

    Args:
        inputs: any of `face` (B, S, S) or `clip` (B, C, S, S), grey, and `blendshapes` (B, 52) or
            (B, T, 52), rows of 0 where none were read; others stay as they are.
        how: how far to go.
        random: where chance comes from.

    Returns:
        The same names, shapes as given, float32.
    """
    first = next(iter(inputs.values()))
    mirrored = (torch.rand(len(first), generator=random) < how.mirror).to(first.device)
    changed = dict(inputs)
    if "face" in inputs:
        changed["face"] = change_faces(inputs["face"].float().unsqueeze(1), mirrored, how, random).squeeze(1)
    if "clip" in inputs:
        changed["clip"] = change_faces(inputs["clip"].float(), mirrored, how, random)
    if "blendshapes" in inputs:
        changed["blendshapes"] = change_blendshapes(inputs["blendshapes"], mirrored, how, random)
    return changed


def change_faces(faces: Tensor, mirrored: Tensor, how: Augment, random: Generator) -> Tensor:
    """Another pose, size, light and occlusion of every face. (B, C, S, S) both ways."""
    faces = warp(faces, mirrored, how, random)
    faces = degrade(faces, how, random)
    faces = gamma(faces, how, random)
    return erase(faces, how, random)


def change_blendshapes(shapes: Tensor, mirrored: Tensor, how: Augment, random: Generator) -> Tensor:
    """Mirror, disturb and sometimes forget blendshapes. (B, 52) or (B, T, 52) both ways."""
    rows = [len(shapes)] + [1] * (shapes.ndim - 1)
    turned = torch.where(mirrored.view(rows), shapes[..., torch.from_numpy(MIRRORED)], shapes)
    noise = how.shape_noise * torch.randn(shapes.shape, generator=random).to(shapes.device)
    read = shapes.amax(dim=-1, keepdim=True) > 0
    kept = (torch.rand(rows, generator=random) >= how.forget).to(shapes.device)
    return torch.where(read & kept, (turned + noise).clamp(0, 1), 0.0)


def warp(faces: Tensor, mirrored: Tensor, how: Augment, random: Generator) -> Tensor:
    """Mirror some of the faces; rotate, scale, shear and shift all, repeating edge pixels."""
    angle, shear = _spread(faces, how.rotate_rad, random), _spread(faces, how.shear, random)
    scale = torch.exp(_spread(faces, how.scale, random))
    mirror = 1.0 - 2.0 * mirrored.float()
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    # Coordinates run from -1 to 1, so a shift of the whole side is 2.
    x_shift, y_shift = _spread(faces, 2 * how.shift, random), _spread(faces, 2 * how.shift, random)
    rows = [mirror * cos, shear - sin, x_shift, mirror * sin, cos, y_shift]
    matrices = torch.stack(rows, dim=1).view(len(faces), 2, 3)
    grid = F.affine_grid(matrices, list(faces.shape), align_corners=False)
    return F.grid_sample(faces, grid, padding_mode="border", align_corners=False)


def degrade(faces: Tensor, how: Augment, random: Generator) -> Tensor:
    """Shrink the first share of the batch to one random size, add noise, and enlarge it again."""
    share, side = int(len(faces) * how.degrade), faces.shape[-1]
    if share == 0:
        return faces
    small_px = int(torch.randint(how.smallest_px, side, (), generator=random))
    small = F.interpolate(faces[:share], size=small_px, mode="area")
    strength = how.noise * torch.rand((), generator=random)
    noisy = small + (strength * torch.randn(small.shape, generator=random)).to(small.device)
    large = F.interpolate(noisy, size=side, mode="bilinear", align_corners=False).clamp(0, 255)
    return torch.cat([large, faces[share:]])


def gamma(faces: Tensor, how: Augment, random: Generator) -> Tensor:
    """Raise grey levels to a random power per face."""
    power = torch.exp(_spread(faces, how.gamma, random)).view(-1, 1, 1, 1)
    return 255 * (faces / 255).clamp(1e-4, 1) ** power


def erase(faces: Tensor, how: Augment, random: Generator) -> Tensor:
    """Fill one rectangle of some faces with their mean."""
    count, side = len(faces), faces.shape[-1]
    places = torch.arange(side)
    hidden = torch.rand(count, generator=random) < how.erase
    inside = hidden.view(-1, 1, 1)
    for axis in (1, 2):
        length = torch.randint(how.erase_px[0], how.erase_px[1] + 1, (count, 1), generator=random)
        centre = torch.randint(0, side, (count, 1), generator=random)
        inside = inside & ((places - centre).abs() * 2 < length).unsqueeze(3 - axis)
    return torch.where(inside.unsqueeze(1).to(faces.device), faces.mean(dim=(2, 3), keepdim=True), faces)


def mix(
    inputs: dict[str, Tensor], targets: list[Tensor], how: Augment, random: Generator
) -> tuple[dict[str, Tensor], list[Tensor]]:
    """Blend every example and its targets with another one of the batch, all by the same share."""
    if how.mix <= 0:
        return inputs, targets
    share = _beta(how.mix, random)
    order = torch.randperm(len(targets[0]), generator=random)

    def blend(values: Tensor) -> Tensor:
        return share * values + (1 - share) * values[order]

    return {name: blend(values) for name, values in inputs.items()}, [blend(t) for t in targets]


def _spread(faces: Tensor, limit: float, random: Generator) -> Tensor:
    """A number for each of B faces, (B,) float32, uniform in -limit..limit, where the faces are."""
    return ((torch.rand(len(faces), generator=random) * 2 - 1) * limit).to(faces.device)


def _beta(strength: float, random: Generator) -> float:
    """One draw of Beta(strength, strength)."""
    a, b = torch._standard_gamma(torch.full((2,), strength), generator=random).clamp_min(1e-8).tolist()
    return float(a / (a + b))
