"""Lee's 2D comparison: mini-Xception on the last frame of a window (thesis, section 3.3.3).

58,423 stored values (table 3.2).
"""

from torch import Tensor, nn

from fer_ros.train.backbones.mini_xception import MiniXception
from fer_ros.train.layers import ClassMaps, unit


def build(heads: dict[str, int]) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
    """
    return LastFrame(heads)


class LastFrame(nn.Module):
    """mini-Xception on the last frame."""

    def __init__(self, heads: dict[str, int]) -> None:
        super().__init__()
        self.body = MiniXception()
        self.heads = ClassMaps(self.body.features, heads)

    def forward(self, clip: Tensor) -> tuple[Tensor, ...]:
        """(B, T, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        logits: tuple[Tensor, ...] = self.heads(self.body(unit(clip[:, -1:])))
        return logits
