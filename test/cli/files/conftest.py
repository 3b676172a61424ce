"""The commands as they are typed, without third-party models, and a clip of the built-in face."""

from collections import namedtuple

import cv2
import pytest
from labelled.clips import write_clip

from fer_ros.cli.main import main
from fer_ros.sources.builtin import BuiltinSource, Scene

Done = namedtuple("Done", "status out err")
PLAIN = ("--faces.finder", "haar", "--faces.reader", "none")


@pytest.fixture
def fer_ros(capsys, monkeypatch):
    monkeypatch.setenv("FER_ROS_MODEL_PATH", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "/nonexistent")

    def run(*arguments):
        status = main([*map(str, arguments), *PLAIN])
        return Done(status, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def faces():
    """Thirty images of one face, 320x180."""
    source = BuiltinSource(Scene(320, 180, distance_m=0.8))
    return [source.frame(3 * k).image for k in range(30)]


@pytest.fixture(scope="session")
def clip(tmp_path_factory, faces):
    return write_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", faces)


@pytest.fixture
def pictures(tmp_path, faces):
    paths = [tmp_path / f"{k}.png" for k in range(3)]
    for path, image in zip(paths, faces[::10], strict=True):
        cv2.imwrite(str(path), image)
    return paths
