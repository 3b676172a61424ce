"""Jain's hybrid network: the CNN on every frame, then an IRNN (Jain et al. 2018, sections 3.1 and 3.3).

An IRNN is a recurrence of rectified units whose recurrent matrix starts as a scaled identity, so that
at the start of training it copies its state and the gradient neither fades nor explodes (Le, Jaitly and
Hinton 2015). 150 units are table 2's best. Table 3's "6 hidden layers" are read as the CNN's six
convolutions, which figure 2 shows; `layers` stacks the recurrence for who reads them otherwise.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fer_ros.train.layers import Heads, every_frame
from fer_ros.train.networks.jain_cnn import FEATURES, Features
from fer_ros.train.weights import load_into


def build(
    heads: dict[str, int],
    *,
    units: int = 150,
    layers: int = 1,
    identity: float = 1.0,
    dropout: float = 0.5,
    weights: str = "",
) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
        units: of each recurrent layer.
        layers: recurrent layers.
        identity: what the identity is scaled by where a recurrent matrix starts.
        dropout: of the CNN's dense layers.
        weights: checkpoint of a trained `jain_cnn`, whose features the paper then keeps as they are
            (set the recipe's `frozen_epochs` to `epochs`); "" to learn them together.

    Raises:
        ModelError: the weights do not fit.
    """
    network = ClipNetwork(heads, units, layers, identity, dropout)
    if weights:
        load_into(network.body, Path(weights).expanduser(), part="body.")
        network.loaded = True
    return network


class ClipNetwork(nn.Module):
    """Arguments as `build`."""

    def __init__(
        self, heads: dict[str, int], units: int, layers: int, identity: float, dropout: float
    ) -> None:
        super().__init__()
        self.body = Features(dropout)
        self.loaded = False
        inputs = [FEATURES] + [units] * (layers - 1)
        self.recurrence = nn.Sequential(*(IdentityRecurrence(i, units, identity) for i in inputs))
        self.heads = Heads(units, heads)

    @property
    def backbone(self) -> nn.Module | None:
        """What a recipe's `frozen_epochs` keeps: the part with loaded weights; random ones must learn."""
        return self.body if self.loaded else None

    def forward(self, clip: Tensor) -> tuple[Tensor, ...]:
        """(B, T, S, S) float32, grey 0..255, to one (B, labels) tensor of logits a head."""
        states = self.recurrence(every_frame(self.body, clip))
        logits: tuple[Tensor, ...] = self.heads(states[:, -1])
        return logits


class IdentityRecurrence(nn.Module):
    """h_t = relu(W_in x_t + W_rec h_(t-1)), equation 4; (B, T, inputs) to (B, T, units).

    Args:
        inputs: features of a frame.
        units: of the state, which starts as 0.
        identity: what the identity is scaled by where W_rec starts.
    """

    def __init__(self, inputs: int, units: int, identity: float) -> None:
        super().__init__()
        self.input = nn.Linear(inputs, units)
        self.recurrent = nn.Linear(units, units, bias=False)
        with torch.no_grad():
            self.recurrent.weight.copy_(identity * torch.eye(units))

    def forward(self, features: Tensor) -> Tensor:
        """See the class."""
        driven = self.input(features)
        state = torch.zeros_like(driven[:, 0])
        states = []
        for step in range(driven.shape[1]):
            state = F.relu(driven[:, step] + self.recurrent(state))
            states.append(state)
        return torch.stack(states, dim=1)
