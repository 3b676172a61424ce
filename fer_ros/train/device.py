"""Where a network is trained: the CPU, or a GPU that torch sees."""

import torch
from torch import nn

from fer_ros.errors import ParameterError

AUTO, CPU, CUDA = "auto", "cpu", "cuda"
DEVICES = (AUTO, CPU, CUDA)


def device_named(name: str) -> torch.device:
    """The device of a name.

    Args:
        name: one of DEVICES; "auto" is cuda where torch sees a GPU, else the CPU.

    Raises:
        ParameterError: there is no such name, or cuda is asked for and torch sees no GPU.
    """
    if name not in DEVICES:
        raise ParameterError(f"device is {name!r}; choose one of {', '.join(DEVICES)}")
    seen = torch.cuda.is_available()
    if name == CUDA and not seen:
        why = "was built without CUDA" if torch.version.cuda is None else "sees no GPU"
        raise ParameterError(
            f"device is 'cuda', but torch {torch.__version__} {why}; train with --device cpu, or install the "
            "CUDA build of PyTorch and the GPU's driver"
        )
    return torch.device(CUDA if seen and name != CPU else CPU)


def described(device: torch.device) -> str:
    """A device as a card names it: "cpu", or "cuda" and the GPU's name."""
    return f"{CUDA} ({torch.cuda.get_device_name(device)})" if device.type == CUDA else CPU


def device_of(network: nn.Module) -> torch.device:
    """Where a network's weights are; the CPU where it has none."""
    return next((weight.device for weight in network.parameters()), torch.device(CPU))
