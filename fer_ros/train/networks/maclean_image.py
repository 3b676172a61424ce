"""Maclean's image network: ResNet50 with published starting weights and two dense layers on top.

Maclean 2021, section 3.2. Not given there: the width of the first dense layer (128 here, because the
count of section 5 gives that for the video network, see maclean_lstm.py) and the size of the input.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from fer_ros.train.backbones.pretrained import GreyResNet50
from fer_ros.train.layers import Heads


def build(
    heads: dict[str, int],
    *,
    weights: str = "",
    start: str = "vggface2",
    side: int = 0,
    dense: int = 128,
    dropout: float = 0.0,
    width: int = 64,
    blocks: Sequence[int] = (3, 4, 6, 3),
) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
        weights: file of starting weights, the user's: torchvision's ImageNet state dict, or VGGFace2's
            (.pth or .pkl, torchvision's names); "" for random ones.
        start: "imagenet" or "vggface2", which of them.
        side: px that faces are enlarged to; 0 to leave them.
        dense: units of the first dense layer.
        dropout: probability of dropping one of them.
        width: of the first stage; published weights have 64.
        blocks: bottlenecks of each stage; published weights have 3, 4, 6, 3.
    """
    return ImageNetwork(heads, GreyResNet50(start, weights, side, width, blocks), dense, dropout)


class ImageNetwork(nn.Module):
    """Features of a face, a dense layer, and a linear layer per label space."""

    def __init__(self, heads: dict[str, int], body: GreyResNet50, dense: int, dropout: float) -> None:
        super().__init__()
        self.body = body
        self.top = nn.Sequential(nn.Linear(body.features, dense), nn.ReLU(), nn.Dropout(dropout))
        self.heads = Heads(dense, heads)

    @property
    def backbone(self) -> nn.Module | None:
        """What a recipe's `frozen_epochs` keeps: the part with loaded weights; random ones must learn."""
        return self.body if self.body.loaded else None

    def forward(self, face: Tensor) -> tuple[Tensor, ...]:
        """(B, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        logits: tuple[Tensor, ...] = self.heads(self.top(self.body(face.unsqueeze(1))))
        return logits
