"""A compact residual network for 48x48 grey faces, with one output head per label space."""

from collections import OrderedDict
from copy import deepcopy
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

STEM_STRIDE = 2  # 48 px in, 24 px through the first stage, at a quarter of the time

FOLDS = (("stem", "norm"), ("conv", "norm"), ("conv1", "norm1"), ("conv2", "norm2"))


class Block(nn.Module):
    """Two 3x3 convolutions and a shortcut; (B, C, H, W) to (B, C', H/stride, W/stride)."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = _shortcut(inputs, outputs, stride)
        nn.init.zeros_(self.norm2.weight)  # every block starts as its shortcut: a stable first epoch

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) float in, (B, C', H/stride, W/stride) out."""
        out = F.relu(self.norm1(self.conv1(x)))
        out = self.norm2(self.conv2(out))
        return F.relu(out + self.shortcut(x))


class PlacePool(nn.Module):
    """A weighted sum over places, learned per channel: a mouth's corner is not an eyebrow's."""

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((1, channels, side, side), 1.0 / side**2))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, side, side) in, (B, C) out."""
        return (x * self.weight).sum(dim=(2, 3))


class FaceNet(nn.Module):
    """Stem, residual stages, a pool over places, dropout, and a linear head per label space.

    Args:
        widths: channels of each stage; every stage but the first halves the side.
        blocks: residual blocks of each stage.
        heads: label space → number of labels.
        dropout: probability of dropping a pooled feature.
        size: side of the input, px.
    """

    def __init__(
        self,
        widths: tuple[int, ...],
        blocks: tuple[int, ...],
        heads: dict[str, int],
        dropout: float,
        size: int = 48,
    ) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, widths[0], 5, STEM_STRIDE, 2, bias=False)
        self.norm = nn.BatchNorm2d(widths[0])
        self.stages = nn.Sequential(*_stages(widths, blocks))
        self.pool = PlacePool(widths[-1], size // (STEM_STRIDE * 2 ** (len(widths) - 1)))
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({name: nn.Linear(widths[-1], count) for name, count in heads.items()})
        self.head_names = tuple(heads)

    def forward(self, faces: Tensor) -> tuple[Tensor, ...]:
        """(B, 1, size, size) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        x = F.relu(self.norm(self.stem(standardise(faces))))
        features = self.dropout(self.pool(self.stages(x)))
        return tuple(self.heads[name](features) for name in self.head_names)


def looks(faces: Tensor, margins_px: tuple[int, ...]) -> list[Tensor]:
    """The crops a network's logits are averaged over.

    Args:
        faces: (B, 1, S, S) float32.
        margins_px: pixels of each look to add on every side, repeating the edge, or to cut where
            negative; every look comes with its mirror image.

    Returns:
        Tensors as `faces`, two a margin; the faces alone where there are no margins.
    """
    framed = [faces if margin == 0 else _reframed(faces, margin) for margin in margins_px]
    return [view for x in framed for view in (x, x.flip(-1))] or [faces]


def averaged(network: FaceNet, faces: Tensor, margins_px: tuple[int, ...]) -> tuple[Tensor, ...]:
    """Mean logits over the `looks` at each face; shapes as `FaceNet.forward`."""
    answers = [network(look) for look in looks(faces, margins_px)]
    return tuple(torch.stack(head).mean(dim=0) for head in zip(*answers, strict=True))


def folded(network: FaceNet) -> FaceNet:
    """A copy for inference in which every norm is part of the convolution before it."""
    copy = deepcopy(network).eval()
    for module in copy.modules():
        for convolution, norm in FOLDS:
            if isinstance(getattr(module, norm, None), nn.BatchNorm2d):
                _fold(module, convolution, norm)
    return copy


def standardise(faces: Tensor) -> Tensor:
    """Mean 0 and deviation 1 per image, so that light and contrast do not matter. (B, 1, H, W) both ways."""
    centred = faces - faces.mean(dim=(1, 2, 3), keepdim=True)
    deviation = (centred * centred).mean(dim=(1, 2, 3), keepdim=True).sqrt()
    return centred / (deviation + 1.0)  # one grey level: a blank crop stays blank instead of noise


def parameter_count(network: nn.Module) -> int:
    """Number of trained values."""
    return sum(p.numel() for p in network.parameters())


def _reframed(faces: Tensor, margin_px: int) -> Tensor:
    """The same crops with a margin added or cut, at their old size."""
    padded = F.pad(faces, [margin_px] * 4, mode="replicate")
    return F.interpolate(padded, size=faces.shape[-2:], mode="bilinear")


def _fold(module: nn.Module, convolution: str, norm: str) -> None:
    if not hasattr(module, convolution):
        return
    pair = (cast(nn.Conv2d, getattr(module, convolution)), cast(nn.BatchNorm2d, getattr(module, norm)))
    setattr(module, convolution, fuse_conv_bn_eval(*pair))
    setattr(module, norm, nn.Identity())


def _shortcut(inputs: int, outputs: int, stride: int) -> nn.Module:
    if stride == 1 and inputs == outputs:
        return nn.Identity()
    # Averaging before the 1x1 convolution: a strided one alone would ignore three pixels of four.
    pool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
    convolution = nn.Conv2d(inputs, outputs, 1, bias=False)
    return nn.Sequential(OrderedDict(pool=pool, conv=convolution, norm=nn.BatchNorm2d(outputs)))


def _stages(widths: tuple[int, ...], blocks: tuple[int, ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    inputs = widths[0]
    for stage, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        for index in range(count):
            layers.append(Block(inputs, width, stride=2 if stage > 0 and index == 0 else 1))
            inputs = width
    return layers
