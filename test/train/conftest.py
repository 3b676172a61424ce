"""What tests of training share: small datasets, and a model trained on one. Torch is imported late."""

import sys
from pathlib import Path

import numpy as np
import pytest

HELPERS = ("datasets", "estimators", "evaluate")  # test folders are no packages: helpers are found by path
sys.path += [str(Path(__file__).parents[1] / folder) for folder in HELPERS]

import ferplus_tree  # noqa: E402 -- found by the path above


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    return ferplus_tree.build(tmp_path_factory.mktemp("data"), count=64)


@pytest.fixture
def shapes(monkeypatch):
    """Blendshapes of drawn faces, which MediaPipe does not see: numbers made of their pixels; one miss."""
    from fer_ros.faces.blendshapes import COUNT
    from fer_ros.train.data import blendshape_sequences, ferplus_shapes, student

    def read(images, kept, what):
        found = images.reshape(len(images), -1)[:, : COUNT * 40 : 40].astype(np.float32) / 255
        found[0] = np.nan
        return found

    for module in (ferplus_shapes, student, blendshape_sequences):
        monkeypatch.setattr(module, "read_shapes", read)
    monkeypatch.setattr("fer_ros.train.run.read_shapes", read)


@pytest.fixture(scope="session")
def trained(data, tmp_path_factory):
    """The real entry point, for one epoch of a tiny network."""
    from tiny_recipes import TINY

    from fer_ros.train.run import train

    out = tmp_path_factory.mktemp("models") / "tiny"
    train(TINY, data, out, out / "kept", threads=1)
    return out
