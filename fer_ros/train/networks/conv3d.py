"""Lee's comparisons in three dimensions: ResNet20 with 3D convolutions (thesis, section 3.3.3).

808,775 stored values (table 3.2) for 7 classes; a window of 5 frames.
"""

from torch import Tensor, nn

from fer_ros.train.backbones.resnet20 import ResNet20
from fer_ros.train.layers import Heads, unit


def build(heads: dict[str, int]) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
    """
    return Volume(heads, "3d")


class Volume(nn.Module):
    """ResNet20 over space and time.

    Args:
        heads: label space → number of labels.
        kind: "3d" or "2plus1d".
    """

    def __init__(self, heads: dict[str, int], kind: str) -> None:
        super().__init__()
        self.body = ResNet20(1, kind)
        self.heads = Heads(self.body.features, heads)

    def forward(self, clip: Tensor) -> tuple[Tensor, ...]:
        """(B, T, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        logits: tuple[Tensor, ...] = self.heads(self.body(unit(clip).unsqueeze(1)))
        return logits
