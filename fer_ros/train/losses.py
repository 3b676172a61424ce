"""What training makes small.

Logits are (M * B, L) for M answers an example, targets (B, L); both may be sequences, (B, T, L).
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from fer_ros.errors import ParameterError

Loss = Callable[[Tensor, Tensor], Tensor]
LEAST_VARIANCE = 1e-4  # of a blendshape that hardly ever moves
FOCUS = 2.0  # Lin et al. 2017, section 4: gamma = 2 worked best


def cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """Mean cross-entropy with soft targets; a row of zeros weighs nothing."""
    return -(_repeated(target, logits) * F.log_softmax(logits.float(), dim=-1)).sum(-1).mean()


def mean_square(logits: Tensor, target: Tensor) -> Tensor:
    """Mean square difference of probabilities (Attrah's MSE loss); rows of zeros weigh nothing."""
    wanted = _repeated(target, logits)
    labelled = (wanted.sum(-1, keepdim=True) > 0).float()
    return ((F.softmax(logits.float(), dim=-1) - wanted) ** 2 * labelled).mean()


def focal(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy in which what is already known weighs less (Lin et al. 2017, equation 4)."""
    log = F.log_softmax(logits.float(), dim=-1)
    return -(_repeated(target, logits) * (1 - log.exp()) ** FOCUS * log).sum(-1).mean()


def unexplained(logits: Tensor, target: Tensor) -> Tensor:
    """Share of each column's variance that sigmoid(logits) leaves unexplained; every column counts alike."""
    wrong = (torch.sigmoid(logits.float()) - _repeated(target, logits)) ** 2
    return (wrong.mean(0) / (target.var(0) + LEAST_VARIANCE)).mean()


LOSSES: dict[str, Loss] = {
    "cross_entropy": cross_entropy,
    "mse": mean_square,
    "focal": focal,
    "unexplained": unexplained,
}


def loss_named(name: str) -> Loss:
    """The loss a recipe names.

    Raises:
        ParameterError: there is none of that name.
    """
    if name not in LOSSES:
        raise ParameterError(f"loss {name!r} is unknown; choose one of {', '.join(LOSSES)}")
    return LOSSES[name]


def class_weights(targets: Tensor) -> Tensor:
    """Weights that give every class the same say: (N, L) targets to (L,), mean 1 over the examples.

    A class without examples weighs nothing.
    """
    shares = targets.flatten(0, -2).sum(0)
    present = shares > 0
    return torch.where(present, shares.sum() / (present.sum() * shares.clamp_min(1e-9)), 0.0)


def _repeated(target: Tensor, logits: Tensor) -> Tensor:
    """Targets for every answer of a committee."""
    answers = len(logits) // len(target)
    return target if answers == 1 else torch.cat([target] * answers)
