"""Maclean's CNN-LSTM: ResNet50 on every frame, an LSTM over them, two dense layers (2021, section 3.3).

The paper contradicts itself. Its text has an LSTM of 1024 units; its 24,693,320 parameters (section 5)
are, to the digit, those of Keras's VGGFace ResNet50 (23,561,152, norms' statistics included), an LSTM
of 128 units over its 2048 features (1,114,624), a dense layer of 128 (16,512) and one of 8 classes
(1,032). With 1024 units ResNet50 and the recurrent weights alone come to 27.8 million. So `units` is
an option: 1024 as the text has it, 128 to be as large as what the paper measured.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from fer_ros.train.backbones.pretrained import GreyResNet50
from fer_ros.train.layers import Heads, every_frame


def build(
    heads: dict[str, int],
    *,
    units: int = 1024,
    dense: int = 128,
    weights: str = "",
    start: str = "vggface2",
    side: int = 0,
    width: int = 64,
    blocks: Sequence[int] = (3, 4, 6, 3),
) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
        units: of the LSTM.
        dense: of the dense layer after it.
        weights: checkpoint of a trained `maclean_image`, or published starting weights as there; ""
            for random ones.
        start: "imagenet" or "vggface2", what the weights started from.
        side: px that faces are enlarged to; 0 to leave them.
        width: of the first stage; published weights have 64.
        blocks: bottlenecks of each stage; published weights have 3, 4, 6, 3.
    """
    return VideoNetwork(heads, GreyResNet50(start, weights, side, width, blocks), units, dense)


class VideoNetwork(nn.Module):
    """Features of every frame, an LSTM whose last output counts, and two dense layers."""

    def __init__(self, heads: dict[str, int], body: GreyResNet50, units: int, dense: int) -> None:
        super().__init__()
        self.body = body
        self.lstm = nn.LSTM(body.features, units, batch_first=True)
        self.top = nn.Sequential(nn.Linear(units, dense), nn.ReLU())
        self.heads = Heads(dense, heads)

    @property
    def backbone(self) -> nn.Module | None:
        """What a recipe's `frozen_epochs` keeps: the part with loaded weights; random ones must learn."""
        return self.body if self.body.loaded else None

    def forward(self, clip: Tensor) -> tuple[Tensor, ...]:
        """(B, T, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        outputs, _ = self.lstm(every_frame(self.body, clip))
        logits: tuple[Tensor, ...] = self.heads(self.top(outputs[:, -1]))
        return logits
