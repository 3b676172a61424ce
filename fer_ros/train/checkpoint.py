"""A training run's state, and the file that keeps it after every epoch."""

from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError

import torch
from torch import Generator, nn
from torch.optim.swa_utils import AveragedModel

from fer_ros.errors import FerError, ParameterError
from fer_ros.train.device import CUDA, device_of
from fer_ros.train.recipe import Recipe


@dataclass(frozen=True)
class Run:
    """What changes while training, and is kept in a checkpoint with where it comes from."""

    network: nn.Module
    optimizer: torch.optim.Optimizer
    average: AveragedModel
    random: Generator
    origin: dict[str, str]

    def result(self, recipe: Recipe) -> nn.Module:
        """What would be exported now."""
        return self.average.module if recipe.average > 0 else self.network

    def save(self, path: Path, epoch: int) -> None:
        """Write everything after a finished epoch.

        Raises:
            FerError: the disk is full or not writable; the last whole checkpoint stays as it is.
        """
        state = {
            "epoch": epoch,
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average.state_dict(),
            "random": self.random.get_state(),
            "torch_random": torch.get_rng_state(),
            "origin": self.origin,
        }
        if device_of(self.network).type == CUDA:  # dropout draws where the network is
            state["cuda_random"] = torch.cuda.get_rng_state()
        unfinished = path.with_suffix(".unfinished")
        try:
            torch.save(state, unfinished)
            unfinished.replace(path)  # a stop in the middle of writing leaves the last whole checkpoint
        except (OSError, RuntimeError) as error:  # torch's writer raises RuntimeError on a full disk
            unfinished.unlink(missing_ok=True)
            raise FerError(
                f"{path}: epoch {epoch} could not be saved ({error}); make room, and go on from the last "
                "whole checkpoint with --resume"
            ) from error

    def restore(self, path: Path) -> int:
        """Read a checkpoint that was written on any device.

        Returns:
            The number of finished epochs, 0 where there is no checkpoint.

        Raises:
            ParameterError: it is damaged, or comes from other data or another network.
        """
        if not path.is_file():
            return 0
        remedy = "train without --resume, or into another folder"
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
            origin = state["origin"]
        except (OSError, RuntimeError, KeyError, UnpicklingError) as error:
            raise ParameterError(f"{path} is no checkpoint that can be read ({error}); {remedy}") from error
        for key in ("data", "network"):
            if origin.get(key) != self.origin.get(key):
                raise ParameterError(
                    f"{path} comes from {key} {origin.get(key)}, not {self.origin.get(key)}; {remedy}"
                )
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average.load_state_dict(state["average"])
        self.random.set_state(state["random"])
        torch.set_rng_state(state["torch_random"])
        if "cuda_random" in state and device_of(self.network).type == CUDA:
            torch.cuda.set_rng_state(state["cuda_random"])
        return int(state["epoch"])
