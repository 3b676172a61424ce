"""What the machine says: the only place that reads and sets environment variables."""

import os
from pathlib import Path

import pooch

from fer_ros.nodes.transport import image_transport

MODEL_PATH = "FER_ROS_MODEL_PATH"
DATA_PATH = "FER_ROS_DATA_PATH"


def model_cache() -> Path:
    """Where downloaded models are kept."""
    return Path(pooch.os_cache("fer_ros")) / "models"


def shapes_cache() -> Path:
    """Where blendshapes read from datasets are kept: they are numbers, not images."""
    return Path(pooch.os_cache("fer_ros")) / "blendshapes"


def model_folders() -> list[Path]:
    """Folders searched for third-party models: FER_ROS_MODEL_PATH, then the user's cache."""
    return [*_listed(MODEL_PATH), model_cache()]


def data_folders() -> list[Path]:
    """Folders searched for datasets: FER_ROS_DATA_PATH."""
    return _listed(DATA_PATH)


def prepare_ros() -> None:
    """Defaults for ROS in this process, where the user has set none; call it before rclpy.init.

    Nothing is sent to or heard from other machines, and whole images pass between processes.
    """
    os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    os.environ.update(image_transport(os.environ))


def _listed(variable: str) -> list[Path]:
    return [Path(p).expanduser() for p in os.environ.get(variable, "").split(os.pathsep) if p]
