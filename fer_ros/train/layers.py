"""What several networks share: heads, scaling, frames of a clip one by one, and how values are counted."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn


class Heads(nn.Module):
    """A linear layer per label space; (B, features) in, one (B, labels) tensor of logits a head out."""

    def __init__(self, features: int, heads: Mapping[str, int]) -> None:
        super().__init__()
        self.layers = nn.ModuleDict({name: nn.Linear(features, count) for name, count in heads.items()})

    def forward(self, features: Tensor) -> tuple[Tensor, ...]:
        """See the class."""
        return tuple(layer(features) for layer in self.layers.values())


class ClassMaps(nn.Module):
    """A 3x3 convolution per label space, averaged over places; (B, channels, H, W) in, as `Heads` out.

    mini-Xception has no dense layer: its last convolution draws a map per class (Arriaga et al. 2017).
    """

    def __init__(self, channels: int, heads: Mapping[str, int]) -> None:
        super().__init__()
        self.layers = nn.ModuleDict({n: nn.Conv2d(channels, c, 3, padding=1) for n, c in heads.items()})

    def forward(self, maps: Tensor) -> tuple[Tensor, ...]:
        """See the class."""
        return tuple(layer(maps).mean(dim=(2, 3)) for layer in self.layers.values())


def every_frame(network: nn.Module, clip: Tensor) -> Tensor:
    """Features of each frame of a clip.

    Args:
        network: (N, 1, S, S) to (N, features).
        clip: (B, T, S, S) float32.

    Returns:
        (B, T, features) float32.
    """
    frames: Tensor = network(clip.flatten(0, 1).unsqueeze(1))
    return frames.view(-1, clip.shape[1], frames.shape[1])


def unit(grey: Tensor) -> Tensor:
    """Grey 0..255 as 0..1; any shape, float32."""
    return grey / 255.0


def stored_count(network: nn.Module) -> int:
    """Number of values a network stores, as Keras counts them: trained ones and the norms' statistics.

    The papers' figures are Keras's; `networks.parameter_count` leaves the statistics out.
    """
    return sum(value.numel() for value in network.state_dict().values() if torch.is_floating_point(value))
