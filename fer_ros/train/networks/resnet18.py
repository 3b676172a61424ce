"""ResNet18 on small grey faces, here to be compared with.

He et al. 2016, table 1, with the first layer that is usual for small images: 3x3 without stride or
pool, so that 48 px are not 2 px after the last stage.
"""

from torch import Tensor, nn

from fer_ros.train.backbones.resnet import BasicBlock
from fer_ros.train.layers import Heads, unit

WIDTHS = (64, 128, 256, 512)
BLOCKS = 2  # of each width


def build(heads: dict[str, int]) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
    """
    return ResNet18(heads)


class ResNet18(nn.Module):
    """Arguments as `build`."""

    def __init__(self, heads: dict[str, int]) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(1, WIDTHS[0], 3, 1, 1, bias=False)]
        layers += [nn.BatchNorm2d(WIDTHS[0]), nn.ReLU()]
        inputs = WIDTHS[0]
        for stage, width in enumerate(WIDTHS):
            for index in range(BLOCKS):
                layers.append(BasicBlock(inputs, width, stride=2 if stage > 0 and index == 0 else 1))
                inputs = width
        self.body = nn.Sequential(*layers)
        self.heads = Heads(inputs, heads)

    def forward(self, face: Tensor) -> tuple[Tensor, ...]:
        """(B, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        features = self.body(unit(face).unsqueeze(1)).mean(dim=(2, 3))
        logits: tuple[Tensor, ...] = self.heads(features)
        return logits
