"""Attrah's dense ablation: "the fully connected (Dense) layer as the only layer" (section 4.2).

The paper gives no sizes. Without `hidden` it is read literally, one layer from blendshapes to classes;
`hidden` adds more of them. It was faster than the LSTM, and flickered between classes on live video.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from fer_ros.faces.blendshapes import COUNT
from fer_ros.train.layers import Heads


def build(heads: dict[str, int], *, hidden: Sequence[int] = ()) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
        hidden: units of dense layers before the last, with selu as the LSTM has it.
    """
    return Dense(heads, hidden)


class Dense(nn.Module):
    """Arguments as `build`."""

    def __init__(self, heads: dict[str, int], hidden: Sequence[int]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = COUNT
        for units in hidden:
            layers += [nn.Linear(inputs, units), nn.SELU()]
            inputs = units
        self.layers = nn.Sequential(*layers)
        self.heads = Heads(inputs, heads)

    def forward(self, blendshapes: Tensor) -> tuple[Tensor, ...]:
        """(B, 52) float32 in 0..1 to one (B, labels) tensor of logits a head."""
        logits: tuple[Tensor, ...] = self.heads(self.layers(blendshapes))
        return logits
