"""Where things are on this machine, by its environment variables, and what ROS is told by them."""

import os
from pathlib import Path

import platformdirs

from fer_ros.nodes.transport import image_transport

MODEL_PATH = "FER_ROS_MODEL_PATH"
DATA_PATH = "FER_ROS_DATA_PATH"


def model_cache() -> Path:
    """Where downloaded models are kept."""
    return platformdirs.user_cache_path("fer_ros") / "models"


def shapes_cache() -> Path:
    """Where blendshapes read from datasets are kept: they are numbers, not images."""
    return platformdirs.user_cache_path("fer_ros") / "blendshapes"


def model_folders() -> list[Path]:
    """Folders searched for third-party models: FER_ROS_MODEL_PATH, then the user's cache."""
    return [*_listed(MODEL_PATH), model_cache()]


def data_folders() -> list[Path]:
    """Folders searched for datasets: FER_ROS_DATA_PATH."""
    return _listed(DATA_PATH)


def prepare_ros(*, sends_images: bool = True) -> None:
    """Defaults for ROS in this process and its children, where the user has set none; before rclpy.init.

    Nothing is sent to or heard from other machines.

    Args:
        sends_images: whole images pass from here to other processes.
    """
    os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    if sends_images:
        os.environ.update(image_transport(os.environ))


def meet_nobody() -> None:
    """Let nodes of this process hear nobody and be heard by nobody; call it before rclpy.init."""
    os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "OFF"
    for name in ("ROS_STATIC_PEERS", "ROS_SECURITY_ENABLE"):
        os.environ.pop(name, None)


def _listed(variable: str) -> list[Path]:
    return [Path(p).expanduser() for p in os.environ.get(variable, "").split(os.pathsep) if p]
