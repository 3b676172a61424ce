"""Attrah's blendshape LSTM: four LSTM layers that walk along the blendshapes of one frame.

Attrah, section 3.3 and figure 4; sizes, selu activations and initial values from the configuration that
was released with the weights: LSTM 52, 16, 48 and 44, dense 3: 44,631 parameters. It sees no time: its
"steps" are the 52 blendshapes, or the 27 that section 4.1 keeps.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fer_ros.faces.blendshapes import ATTRAH_27, COUNT
from fer_ros.train.layers import Heads

UNITS = (52, 16, 48, 44)
COLUMNS = {COUNT: tuple(range(COUNT)), len(ATTRAH_27): ATTRAH_27}


def build(heads: dict[str, int], *, blendshapes: int = COUNT) -> nn.Module:
    """A network.

    Args:
        heads: label space → number of labels.
        blendshapes: 52, or 27 for those of section 4.1; the input holds 52 either way.

    Raises:
        ValueError: another number.
    """
    if blendshapes not in COLUMNS:
        raise ValueError(f"blendshapes is {blendshapes}; it takes {' or '.join(map(str, COLUMNS))}")
    return BlendshapeLSTM(heads, COLUMNS[blendshapes])


class BlendshapeLSTM(nn.Module):
    """Four LSTM layers and a linear layer per label space.

    Args:
        heads: label space → number of labels.
        columns: blendshapes to read, in order.
    """

    columns: Tensor

    def __init__(self, heads: dict[str, int], columns: tuple[int, ...]) -> None:
        super().__init__()
        self.register_buffer("columns", torch.tensor(columns), persistent=False)
        self.lstm = StackedLSTM(1, UNITS)
        self.heads = Heads(UNITS[-1], heads)

    def forward(self, blendshapes: Tensor) -> tuple[Tensor, ...]:
        """(B, 52) float32 in 0..1 to one (B, labels) tensor of logits a head."""
        logits: tuple[Tensor, ...] = self.heads(self.lstm(blendshapes[:, self.columns].unsqueeze(2)))
        return logits


class Weights(nn.Module):
    """One layer's, started as Keras starts them; gates in its order i, f, c, o."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.input = nn.Parameter(nn.init.xavier_uniform_(torch.empty(4 * units, inputs)))
        self.recurrent = nn.Parameter(nn.init.orthogonal_(torch.empty(4 * units, units)))
        remember = [0.0] * units + [1.0] * units + [0.0] * 2 * units
        self.bias = nn.Parameter(torch.tensor(remember))


class StackedLSTM(nn.Module):
    """Keras's LSTM layers with selu in tanh's place; (B, T, inputs) to the last one's last (B, units).

    All layers take their step at once, each one position behind the layer below: T + 3 steps instead
    of 4 T, with the same numbers.

    Args:
        inputs: values of a position.
        units: of each layer.
    """

    started: Tensor

    def __init__(self, inputs: int, units: tuple[int, ...]) -> None:
        super().__init__()
        self.units = units
        sources = (inputs, *units[:-1])
        self.layers = nn.ModuleList(Weights(i, u) for i, u in zip(sources, units, strict=True))
        # (steps, all units): which layers have begun.
        layer_of_unit = torch.arange(len(units)).repeat_interleave(
            torch.tensor(units), output_size=sum(units)
        )
        begun = torch.arange(len(units))[:, None] >= layer_of_unit
        self.register_buffer("started", begun.float(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        from_below, recurrent, bias = self._gates("input"), self._gates("recurrent"), self._gates("bias")
        behind = len(self.units) - 1
        x = F.pad(x, (0, 0, 0, behind))
        hidden = torch.zeros_like(x[:, 0, :1]).expand(-1, sum(self.units))
        cell = hidden
        for step in range(x.shape[1]):
            below = torch.cat([x[:, step], hidden[:, : -self.units[-1]]], dim=1)
            gates = below @ from_below.T + hidden @ recurrent.T + bias
            i, f, c, o = gates.chunk(4, dim=1)
            cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * F.selu(c)
            if step < behind:
                cell = cell * self.started[step]
            hidden = torch.sigmoid(o) * F.selu(cell)
        return hidden[:, -self.units[-1] :]

    def _gates(self, kind: str) -> Tensor:
        """The layers' weights side by side, gate by gate: (4 * all units, ...)."""
        parts = [getattr(layer, kind).chunk(4) for layer in self.layers]
        join = torch.cat if kind == "bias" else lambda blocks: torch.block_diag(*blocks)
        return torch.cat([join([part[gate] for part in parts]) for gate in range(4)])
