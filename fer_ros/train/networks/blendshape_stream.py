"""This project's streaming network: blendshapes and the time between images in, a state per face.

A gated recurrent unit whose memory also fades with real time, so that 5 and 30 images a second and
gaps between them mean the same; one step costs the same however long a face has been seen.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fer_ros.faces.blendshapes import COUNT

HALF_LIFE_S = 0.5  # of the memory before training; learned per feature


def build(heads: dict[str, int], *, features: int, hidden: int, dropout: float = 0.0) -> nn.Module:
    """A network of `features` features of an image and `hidden` remembered ones."""
    return BlendshapeStream(heads, features, hidden, dropout)


class BlendshapeStream(nn.Module):
    """See the module; arguments as `build`.

    Attributes:
        states: what is carried from image to image, name → shape.
    """

    def __init__(self, heads: dict[str, int], features: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.states = {"hidden": (hidden,)}
        self.read = nn.Sequential(
            nn.Linear(COUNT, features), nn.ReLU(), nn.Dropout(dropout), nn.Linear(features, features)
        )
        self.cell = nn.GRUCell(features, hidden)
        self.fading = nn.Parameter(torch.full((hidden,), 0.693 / HALF_LIFE_S))
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict(
            {name: nn.Linear(features + hidden, count) for name, count in heads.items()}
        )

    def forward(self, blendshapes: Tensor, interval_s: Tensor | None = None) -> tuple[Tensor, ...]:
        """Logits of every head, from a blank state on.

        Args:
            blendshapes: (B, 52), one image, or (B, T, 52) float32 in 0..1; rows of 0 where none were read.
            interval_s: (B, 1) or (B, T, 1) float32, time since the image before; none is no time.

        Returns:
            One (B, labels) or (B, T, labels) tensor a head.
        """
        images = blendshapes if blendshapes.ndim == 3 else blendshapes[:, None]
        since = (
            images.new_zeros(*images.shape[:2], 1)
            if interval_s is None
            else interval_s.view(*images.shape[:2], 1)
        )
        hidden, answers = images.new_zeros(len(images), self.fading.numel()), []
        for step in range(images.shape[1]):
            *logits, hidden = self.step(images[:, step], since[:, step], hidden)
            answers.append(logits)
        heads = [torch.stack(head, dim=1) for head in zip(*answers, strict=True)]
        return tuple(heads if blendshapes.ndim == 3 else [head[:, 0] for head in heads])

    def step(self, blendshapes: Tensor, interval_s: Tensor, hidden: Tensor) -> tuple[Tensor, ...]:
        """One image more: (B, 52), (B, 1) and (B, H) to the logits of every head and the state after it."""
        read = (blendshapes.amax(dim=1, keepdim=True) > 0).to(blendshapes.dtype)
        features = F.relu(self.read(torch.sqrt(blendshapes)))
        faded = hidden * torch.exp(-F.relu(self.fading) * interval_s)
        # An image without blendshapes changes nothing but that time has passed.
        after = read * self.cell(features, faded) + (1 - read) * faded
        both = self.dropout(torch.cat([features * read, after], dim=1))
        return (*(head(both) for head in self.heads.values()), after)

    def one_image(self) -> nn.Module:
        """What is exported: a step."""
        return OneImage(self)


class OneImage(nn.Module):
    """One step of a stream as a module of its own."""

    def __init__(self, stream: BlendshapeStream) -> None:
        super().__init__()
        self.stream = stream

    def forward(self, blendshapes: Tensor, interval_s: Tensor, hidden: Tensor) -> tuple[Tensor, ...]:
        """As `BlendshapeStream.step`."""
        return self.stream.step(blendshapes, interval_s, hidden)
