"""Trackers with real finders and readers, closed after the test."""

import os
from pathlib import Path

import pytest

from fer_ros.faces import reader, yunet
from fer_ros.faces.open import open_tracker
from fer_ros.faces.params import FacesParams


@pytest.fixture
def tracker(third_party_model):
    """Makes a tracker from the names of its finder and reader; other parameters by their names."""
    opened = []

    def make(finder="haar", reader_name="none", **params):
        if finder == "yunet":
            third_party_model(yunet.FILE)
        if reader_name == "mediapipe":
            pytest.importorskip("mediapipe", reason="mediapipe is not installed")
            third_party_model(reader.FILE)
        folders = [Path(p) for p in os.environ.get("FER_ROS_MODEL_PATH", "").split(os.pathsep) if p]
        params = FacesParams(finder=finder, reader=reader_name, **params)
        opened.append(open_tracker(params, folders, warn=pytest.fail))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
