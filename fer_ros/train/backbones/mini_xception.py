"""mini-Xception: residual modules of depth-wise separable convolutions.

Arriaga, Valdenegro-Toro and Plöger 2017, "Real-time convolutional neural networks for emotion and
gender classification", figure 4. With one input channel and a map for each of 7 classes it stores
58,423 values, which is the 2D network of Lee's table 3.2.
"""

from torch import Tensor, nn
from torch.nn import functional as F

STEM = 8  # filters of the two first convolutions
WIDTHS = (16, 32, 64, 128)


class MiniXception(nn.Module):
    """Two convolutions and four modules; (B, channels, S, S) to (B, 128, S/16, S/16).

    Args:
        channels: of the input; more than one are frames, and the first convolution is what Lee calls
            the spatio-temporal encoding layer.
    """

    features = WIDTHS[-1]

    def __init__(self, channels: int = 1) -> None:
        super().__init__()
        self.stem = nn.Sequential(_normed(channels, STEM), nn.ReLU(), _normed(STEM, STEM), nn.ReLU())
        inputs = (STEM, *WIDTHS[:-1])
        self.stages = nn.Sequential(*(Module(i, o) for i, o in zip(inputs, WIDTHS, strict=True)))

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return self.stages(self.stem(x))  # type: ignore[no-any-return]


class Module(nn.Module):
    """Two separable convolutions, a pool, and a strided 1x1 shortcut; (B, C, S, S) to (B, C', S/2, S/2)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        shortcut = nn.Conv2d(inputs, outputs, 1, stride=2, bias=False)
        self.shortcut = nn.Sequential(shortcut, nn.BatchNorm2d(outputs))
        self.first = _separable(inputs, outputs)
        self.second = _separable(outputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        out = self.second(F.relu(self.first(x)))
        return F.max_pool2d(out, 3, stride=2, padding=1) + self.shortcut(x)  # type: ignore[no-any-return]


def _normed(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, bias=False), nn.BatchNorm2d(outputs))


def _separable(inputs: int, outputs: int) -> nn.Sequential:
    deep = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False)
    return nn.Sequential(deep, nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))
