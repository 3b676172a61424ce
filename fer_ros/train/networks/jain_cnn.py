"""Jain's CNN: six convolutions and two dense layers (Jain et al. 2018, sections 3.1 and 3.2, figure 2).

Given: 8 to 256 filters "of size 5x5 and 3x3", ReLU, 3x3 max pools after the first five, an average pool
after the last, two dense layers of 200, dropout 0.5. Not given: which filters are 5x5 (the first three
here, where maps are large enough for them) and the pools' stride (2 here). The paper regresses valence
and classifies without saying how; here a linear layer per label space does.
"""

from torch import Tensor, nn

from fer_ros.train.layers import Heads
from fer_ros.train.networks.facenet import standardise

WIDTHS = (8, 16, 32, 64, 128, 256)
SIDES = (5, 5, 5, 3, 3, 3)  # of the filters
FEATURES = 200


def build(heads: dict[str, int], *, dropout: float = 0.5) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
        dropout: probability of dropping a unit of the dense layers.
    """
    return FaceNetwork(heads, dropout)


class FaceNetwork(nn.Module):
    """Arguments as `build`."""

    def __init__(self, heads: dict[str, int], dropout: float) -> None:
        super().__init__()
        self.body = Features(dropout)
        self.heads = Heads(FEATURES, heads)

    def forward(self, face: Tensor) -> tuple[Tensor, ...]:
        """(B, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        logits: tuple[Tensor, ...] = self.heads(self.body(face.unsqueeze(1)))
        return logits


class Features(nn.Module):
    """(N, 1, S, S) float32, grey 0..255, to the (N, 200) of the second dense layer."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 1
        for width, side in zip(WIDTHS, SIDES, strict=True):
            layers += [nn.Conv2d(inputs, width, side, padding=side // 2), nn.ReLU()]
            layers += [nn.MaxPool2d(3, 2, 1)] if width < WIDTHS[-1] else []
            inputs = width
        self.convolutions = nn.Sequential(*layers)
        first = [nn.Linear(inputs, FEATURES), nn.ReLU(), nn.Dropout(dropout)]
        self.dense = nn.Sequential(*first, nn.Linear(FEATURES, FEATURES), nn.ReLU(), nn.Dropout(dropout))

    def forward(self, grey: Tensor) -> Tensor:
        """See the class."""
        # Mean subtraction and contrast normalisation, section 4.
        maps = self.convolutions(standardise(grey))
        return self.dense(maps.mean(dim=(2, 3)))  # type: ignore[no-any-return]
