"""TimeConvNet: a few frames as the channels of one image (Lee 2020, chapter 3).

The spatio-temporal encoding layer is the backbone's own first convolution, over T channels instead of
one: with T = 5 that gives 58,711, 274,535 and 2,267,527 stored values for mini-Xception, ResNet20 and
MobileNetV2 and 7 classes, table 3.2 to the digit. A layer before the whole backbone would not.
"""

from torch import Tensor, nn

from fer_ros.train.backbones.mini_xception import MiniXception
from fer_ros.train.backbones.mobilenetv2 import MobileNetV2
from fer_ros.train.backbones.resnet20 import ResNet20
from fer_ros.train.layers import ClassMaps, Heads, unit

BACKBONES: dict[str, type[MiniXception] | type[ResNet20] | type[MobileNetV2]] = {
    "mini_xception": MiniXception,
    "resnet20": ResNet20,
    "mobilenetv2": MobileNetV2,
}


def build(heads: dict[str, int], *, backbone: str = "resnet20", frames: int = 5) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
        backbone: one of BACKBONES.
        frames: T, of a window.

    Raises:
        ValueError: there is no such backbone.
    """
    if backbone not in BACKBONES:
        raise ValueError(f"backbone {backbone!r} is unknown; choose one of {', '.join(BACKBONES)}")
    return TimeConvNet(heads, backbone, frames)


class TimeConvNet(nn.Module):
    """A backbone over a window of frames; arguments as `build`."""

    def __init__(self, heads: dict[str, int], backbone: str, frames: int) -> None:
        super().__init__()
        self.body = BACKBONES[backbone](frames)
        last = ClassMaps if backbone == "mini_xception" else Heads
        self.heads = last(self.body.features, heads)

    def forward(self, clip: Tensor) -> tuple[Tensor, ...]:
        """(B, T, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        logits: tuple[Tensor, ...] = self.heads(self.body(unit(clip)))
        return logits
