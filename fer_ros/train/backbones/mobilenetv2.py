"""MobileNetV2: inverted residuals with linear bottlenecks (Sandler et al. 2018, table 2), at full width.

With 5 channels in and 7 classes out it stores 2,267,527 values: Lee's table 3.2 to the digit.
"""

from torch import Tensor, nn

STEM = 32
STAGES = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
"""Growth, width, blocks and first stride of each stage: t, c, n and s of the table."""


class MobileNetV2(nn.Module):
    """(B, channels, S, S) to (B, 1280), a mean over places.

    Args:
        channels: of the input.
    """

    features = 1280

    def __init__(self, channels: int = 3) -> None:
        super().__init__()
        layers: list[nn.Module] = [_normed(channels, STEM, 3, 2)]
        inputs = STEM
        for growth, width, blocks, stride in STAGES:
            for index in range(blocks):
                layers.append(Inverted(inputs, width, growth, stride if index == 0 else 1))
                inputs = width
        self.layers = nn.Sequential(*layers, _normed(inputs, self.features, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return self.layers(x).mean(dim=(2, 3))  # type: ignore[no-any-return]


class Inverted(nn.Module):
    """Grow by a 1x1 convolution, look around depth-wise, shrink again without an activation."""

    def __init__(self, inputs: int, outputs: int, growth: int, stride: int) -> None:
        super().__init__()
        wide = inputs * growth
        grow = [_normed(inputs, wide, 1, 1)] if growth > 1 else []
        shrink = [nn.Conv2d(wide, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.layers = nn.Sequential(*grow, _normed(wide, wide, 3, stride, groups=wide), *shrink)
        self.kept = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to (B, C', H/stride, W/stride)."""
        out: Tensor = self.layers(x)
        return x + out if self.kept else out


def _normed(inputs: int, outputs: int, side: int, stride: int, groups: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, side, stride, side // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU6())
