"""What the machine says: the only place that reads environment variables."""

import os
from pathlib import Path

import pooch

MODEL_PATH = "FER_ROS_MODEL_PATH"
DATA_PATH = "FER_ROS_DATA_PATH"


def model_cache() -> Path:
    """Where downloaded models are kept."""
    return Path(pooch.os_cache("fer_ros")) / "models"


def model_folders() -> list[Path]:
    """Folders searched for third-party models: FER_ROS_MODEL_PATH, then the user's cache."""
    return [*_listed(MODEL_PATH), model_cache()]


def data_folders() -> list[Path]:
    """Folders searched for datasets: FER_ROS_DATA_PATH."""
    return _listed(DATA_PATH)


def _listed(variable: str) -> list[Path]:
    return [Path(p).expanduser() for p in os.environ.get(variable, "").split(os.pathsep) if p]
