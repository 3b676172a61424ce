"""What a network learns from."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fer_ros.emotions import LABEL_SPACES


@dataclass(frozen=True)
class Examples:
    """What a network reads and, per head, what to say about it.

    Attributes:
        inputs: input of the network → (N, V, ...) tensor; V versions of each example, the first as
            recorded and the others as weak links left it.
        targets: head → (N, L) float32 distributions; a row of zeros where a head has no label.
    """

    inputs: dict[str, Tensor]
    targets: dict[str, Tensor]

    def __len__(self) -> int:
        return len(next(iter(self.targets.values())))

    def rows(self, rows: Tensor | slice, versions: Tensor | int = 0) -> dict[str, Tensor]:
        """Inputs of some examples, (B, ...) each, in the versions asked for."""
        return {name: values[rows, versions] for name, values in self.inputs.items()}


def one_hot(labels: NDArray[np.int64], space: str, smoothing: float = 0.0) -> Tensor:
    """Distributions from labels.

    Args:
        labels: (N,) int64, index into the space; -1 for no label, a row of zeros.
        space: a label space.
        smoothing: share of every label that is spread over all.

    Returns:
        (N, L) float32.
    """
    count = len(LABEL_SPACES[space])
    known = torch.from_numpy(labels >= 0)[:, None]
    rows = torch.eye(count)[torch.from_numpy(np.maximum(labels, 0))]
    return torch.where(known, (1 - smoothing) * rows + smoothing / count, 0.0)
