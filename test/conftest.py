"""What tests of every layer share: a Hypothesis profile, and files that are not in the repository."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples every time, and no limit on their time: machines that test are shared.
settings.register_profile("fer_ros", deadline=None, derandomize=True)
settings.load_profile("fer_ros")

# A shell that starts the tests in the background ignores interrupts, and so would every program they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def third_party_model():
    """Finds a third-party model by its file name, or skips the test."""

    def find(name: str) -> Path:
        return _found(name, "FER_ROS_MODEL_PATH", "")

    return find


@pytest.fixture(scope="session")
def clip():
    """Finds a recorded clip by its file name, or skips the test."""

    def find(name: str) -> Path:
        return _found(name, "FER_ROS_DATA_PATH", "videos")

    return find


def _found(name: str, variable: str, below: str) -> Path:
    for folder in os.environ.get(variable, "").split(os.pathsep):
        if folder and (Path(folder) / below / name).is_file():
            return Path(folder) / below / name
    pytest.skip(f"no folder in {variable} holds {Path(below) / name}")
