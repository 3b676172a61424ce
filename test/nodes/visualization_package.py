"""visualization_msgs as Jazzy has it, built for the tests from its field lists: PyPI does not have it."""

from functools import cache
from pathlib import Path

import pytest

from . import interface_package
from .interface_package import environment, load, missing_tools

NAME = "visualization_msgs"
NEEDS = ("builtin_interfaces", "geometry_msgs", "sensor_msgs", "std_msgs")
MESSAGES = {
    "Marker": """
        int32 LINE_STRIP=4
        int32 TEXT_VIEW_FACING=9
        int32 ADD=0
        int32 DELETE=2
        std_msgs/Header header
        string ns
        int32 id
        int32 type
        int32 action
        geometry_msgs/Pose pose
        geometry_msgs/Vector3 scale
        std_msgs/ColorRGBA color
        builtin_interfaces/Duration lifetime
        bool frame_locked
        geometry_msgs/Point[] points
        std_msgs/ColorRGBA[] colors
        string texture_resource
        sensor_msgs/CompressedImage texture
        UVCoordinate[] uv_coordinates
        string text
        string mesh_resource
        MeshFile mesh_file
        bool mesh_use_embedded_materials""",
    "MarkerArray": """
        Marker[] markers""",
    "MeshFile": """
        string filename
        uint8[] data""",
    "UVCoordinate": """
        float32 u
        float32 v""",
}


@cache
def build(folder: Path) -> Path:
    """Build the package below a folder, once; its prefix. About half a minute."""
    return interface_package.build(folder, NAME, MESSAGES, NEEDS)


@pytest.fixture
def visualization_msgs(tmp_path_factory, monkeypatch):
    """The package in this process, and in the programs that the test starts; built once."""
    if missing := missing_tools():
        pytest.skip(f"{NAME} cannot be built here without {', '.join(missing)}")
    prefix = build(tmp_path_factory.getbasetemp() / NAME)
    load(prefix)
    for name, value in environment(prefix).items():
        monkeypatch.setenv(name, value)
