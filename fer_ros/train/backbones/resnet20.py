"""ResNet20 (He et al. 2016, section 4.2) over an image, or over a clip in three dimensions.

Sizes are those of Keras's ResNet20 v1: every convolution has a bias, and a strided 1x1 convolution
without a norm is the shortcut where the width changes. With 5 channels and 7 classes that stores
274,535 values, in three dimensions 808,775: both are Lee's table 3.2 to the digit.
"""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional as F

WIDTHS = (16, 32, 64)
BLOCKS = 3  # residual blocks of each width

Convolution = Callable[[int, int, int], nn.Module]  # inputs, outputs, stride


class ResNet20(nn.Module):
    """Stem, nine residual blocks, and the mean over places (and time); to (B, 64).

    Args:
        channels: of the input: (B, channels, S, S), or (B, channels, T, S, S) in three dimensions.
        kind: "2d"; "3d"; or "2plus1d", each 3D convolution split into one over space and one over
            time (Tran et al. 2018, section 3.5).
    """

    features = WIDTHS[-1]

    def __init__(self, channels: int = 1, kind: str = "2d") -> None:
        super().__init__()
        convolution, norm = KINDS[kind]
        self.stem = nn.Sequential(convolution(channels, WIDTHS[0], 1), norm(WIDTHS[0]), nn.ReLU())
        blocks, inputs = [], WIDTHS[0]
        for stage, width in enumerate(WIDTHS):
            for index in range(BLOCKS):
                stride = 2 if stage > 0 and index == 0 else 1
                blocks.append(Block(inputs, width, stride, kind))
                inputs = width
        self.blocks = nn.Sequential(*blocks)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return self.blocks(self.stem(x)).flatten(2).mean(dim=2)  # type: ignore[no-any-return]


class Block(nn.Module):
    """Two convolutions of side 3 and a shortcut; every dimension is divided by the stride."""

    def __init__(self, inputs: int, outputs: int, stride: int, kind: str) -> None:
        super().__init__()
        convolution, norm = KINDS[kind]
        self.first = nn.Sequential(convolution(inputs, outputs, stride), norm(outputs))
        self.second = nn.Sequential(convolution(outputs, outputs, 1), norm(outputs))
        point = nn.Conv2d if kind == "2d" else nn.Conv3d
        self.shortcut = nn.Identity() if stride == 1 else point(inputs, outputs, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


def _flat(inputs: int, outputs: int, stride: int) -> nn.Module:
    return nn.Conv2d(inputs, outputs, 3, stride, 1)


def _deep(inputs: int, outputs: int, stride: int) -> nn.Module:
    return nn.Conv3d(inputs, outputs, 3, stride, 1)


def _split(inputs: int, outputs: int, stride: int) -> nn.Module:
    """A convolution over space, a ReLU, and one over time.

    Between them are 3 io / (i + o) channels. Tran et al.'s own 27 io / (9i + 3o) keeps the size of
    the 3D network, which Lee's table 3.2 does not show: 523,357 values against 808,775.
    """
    between = 3 * inputs * outputs // (inputs + outputs)
    space = nn.Conv3d(inputs, between, (1, 3, 3), (1, stride, stride), (0, 1, 1), bias=False)
    time = nn.Conv3d(between, outputs, (3, 1, 1), (stride, 1, 1), (1, 0, 0))
    return nn.Sequential(space, nn.ReLU(), time)


KINDS: dict[str, tuple[Convolution, Callable[[int], nn.Module]]] = {
    "2d": (_flat, nn.BatchNorm2d),
    "3d": (_deep, nn.BatchNorm3d),
    "2plus1d": (_split, nn.BatchNorm3d),
}
