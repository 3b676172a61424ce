"""This project's own network: a compact residual one for a grey face, blendshapes beside it.

Several of them can answer together, as a committee, and each can look at a face several times.
"""

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fer_ros.faces.blendshapes import COUNT, MIRRORED

STEM_STRIDE = 2  # 48 px in, 24 px through the first stage, at a quarter of the time


def build(
    heads: dict[str, int],
    *,
    widths: Sequence[int],
    blocks: Sequence[int],
    dropout: float = 0.0,
    shapes: int = 0,
    members: int = 1,
    size: int = 48,
) -> nn.Module:
    """A network, or a committee of several.

    Args:
        heads: label space → number of labels.
        widths: channels of each stage; every stage but the first halves the side.
        blocks: residual blocks of each stage.
        dropout: probability of dropping a pooled feature.
        shapes: features made of the blendshapes; 0 for a network that does not read them.
        members: networks whose logits are averaged, each started differently.
        size: side of the face, px.
    """
    one = [FaceNet(widths, blocks, heads, dropout, shapes, size) for _ in range(members)]
    return one[0] if members == 1 else Committee(one)


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
        out = F.relu(self.norm1(self.conv1(x)), inplace=True)
        out = self.norm2(self.conv2(out))
        return F.relu(out + self.shortcut(x), inplace=True)


class PlacePool(nn.Module):
    """A weighted sum over places, learned per channel: a mouth's corner is not an eyebrow's."""

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((1, channels, side, side), 1.0 / side**2))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, side, side) in, (B, C) out."""
        return (x * self.weight).sum(dim=(2, 3))


class ShapeFeatures(nn.Module):
    """Features of blendshapes; (B, 52) float32 in 0..1, all 0 where none were read, to (B, outputs)."""

    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(COUNT + 1, outputs), nn.ReLU(inplace=True), nn.Linear(outputs, outputs), nn.ReLU()
        )

    def forward(self, blendshapes: Tensor) -> Tensor:
        """See the class."""
        read = (blendshapes.amax(dim=1, keepdim=True) > 0).to(blendshapes.dtype)
        # The root: most scores are small, and 0.02 against 0.1 says more than 0.82 against 0.9.
        return self.layers(torch.cat([torch.sqrt(blendshapes), read], dim=1))  # type: ignore[no-any-return]


class FaceNet(nn.Module):
    """Stem, residual stages, a pool over places, dropout, and a linear head per label space.

    Arguments as `build`.
    """

    def __init__(
        self,
        widths: Sequence[int],
        blocks: Sequence[int],
        heads: dict[str, int],
        dropout: float,
        shapes: int,
        size: int,
    ) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, widths[0], 5, STEM_STRIDE, 2, bias=False)
        self.norm = nn.BatchNorm2d(widths[0])
        self.stages = nn.Sequential(*_stages(widths, blocks))
        self.pool = PlacePool(widths[-1], size // (STEM_STRIDE * 2 ** (len(widths) - 1)))
        self.shapes = ShapeFeatures(shapes) if shapes else None
        self.dropout = nn.Dropout(dropout)
        features = widths[-1] + shapes
        self.heads = nn.ModuleDict({name: nn.Linear(features, count) for name, count in heads.items()})

    def forward(self, face: Tensor, blendshapes: Tensor | None = None) -> tuple[Tensor, ...]:
        """Logits of every head.

        Args:
            face: (B, size, size) float32, grey 0..255.
            blendshapes: (B, 52) float32 in 0..1, rows of 0 where none were read; not taken by a
                network without shape features.

        Returns:
            One (B, labels) tensor a head.
        """
        grey = standardise(face.unsqueeze(1)).contiguous(memory_format=torch.channels_last)
        features = self.pool(self.stages(F.relu(self.norm(self.stem(grey)), inplace=True)))
        if self.shapes is not None and blendshapes is not None:
            features = torch.cat([features, self.shapes(blendshapes)], dim=1)
        dropped = self.dropout(features)
        return tuple(head(dropped) for head in self.heads.values())


class Committee(nn.Module):
    """Networks that answer together: every answer while training, their mean afterwards."""

    def __init__(self, members: Sequence[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, *inputs: Tensor, **named: Tensor) -> tuple[Tensor, ...]:
        """As the members' forward; one (M * B, labels) tensor a head while training."""
        answers = zip(*(member(*inputs, **named) for member in self.members), strict=True)
        if self.training:
            return tuple(torch.cat(head) for head in answers)
        return tuple(torch.stack(head).mean(dim=0) for head in answers)


class Looking(nn.Module):
    """A network for inference whose logits are averaged over several looks at a face.

    Args:
        network: its forward takes `face`, and perhaps `blendshapes`.
        margins_px: pixels of each look to add on every side, repeating the edge, or to cut where
            negative; every look comes with its mirror image. Without margins, the face alone.
    """

    def __init__(self, network: nn.Module, margins_px: Sequence[int]) -> None:
        super().__init__()
        self.network = network
        self.margins_px = tuple(margins_px)
        self.register_buffer("mirrored", torch.from_numpy(MIRRORED), persistent=False)

    def forward(self, face: Tensor, blendshapes: Tensor | None = None) -> tuple[Tensor, ...]:
        """As the network's own."""
        answers = []
        for margin in self.margins_px:
            look = face if margin == 0 else _reframed(face, margin)
            answers += [self._ask(look, blendshapes), self._ask(look.flip(-1), self._mirror(blendshapes))]
        answers = answers or [self._ask(face, blendshapes)]
        return tuple(torch.stack(head).mean(dim=0) for head in zip(*answers, strict=True))

    def _ask(self, face: Tensor, blendshapes: Tensor | None) -> tuple[Tensor, ...]:
        found = self.network(face) if blendshapes is None else self.network(face, blendshapes)
        return tuple(found)

    def _mirror(self, blendshapes: Tensor | None) -> Tensor | None:
        return None if blendshapes is None else blendshapes[:, self.mirrored]  # type: ignore[index]


class Scores(nn.Module):
    """A network whose answers are scores in 0..1 instead of logits, as the student's blendshapes are."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, face: Tensor) -> tuple[Tensor, ...]:
        """As the network's own."""
        return tuple(torch.sigmoid(head) for head in self.network(face))


def standardise(faces: Tensor) -> Tensor:
    """Mean 0 and deviation 1 per image, so that light and contrast do not matter. (B, 1, H, W) both ways."""
    centred = faces - faces.mean(dim=(1, 2, 3), keepdim=True)
    deviation = (centred * centred).mean(dim=(1, 2, 3), keepdim=True).sqrt()
    return centred / (deviation + 1.0)  # one grey level: a blank crop stays blank instead of noise


def _reframed(faces: Tensor, margin_px: int) -> Tensor:
    """The same crops, (B, S, S), with a margin added or cut, at their old size."""
    padded = F.pad(faces.unsqueeze(1), [margin_px] * 4, mode="replicate")
    return F.interpolate(padded, size=faces.shape[-2:], mode="bilinear").squeeze(1)


def _shortcut(inputs: int, outputs: int, stride: int) -> nn.Module:
    if stride == 1 and inputs == outputs:
        return nn.Identity()
    # Averaging before the 1x1 convolution: a strided one alone would ignore three pixels of four.
    pool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
    convolution = nn.Conv2d(inputs, outputs, 1, bias=False)
    return nn.Sequential(OrderedDict(pool=pool, conv=convolution, norm=nn.BatchNorm2d(outputs)))


def _stages(widths: Sequence[int], blocks: Sequence[int]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    inputs = widths[0]
    for stage, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        for index in range(count):
            layers.append(Block(inputs, width, stride=2 if stage > 0 and index == 0 else 1))
            inputs = width
    return layers
