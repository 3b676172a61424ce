"""visualization_msgs as Jazzy has it, built for the tests from its field lists: PyPI does not have it."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from .hri_package import CMAKE, PACKAGE, environment, load, missing_tools

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
    """Build the package below a folder; its prefix. About half a minute."""
    source = folder / "src" / NAME
    (source / "msg").mkdir(parents=True)
    depends = "".join(f"<depend>{name}</depend>" for name in NEEDS)
    package = PACKAGE.replace("hri_msgs", NAME).replace("<depend>std_msgs</depend>", depends)
    finds = "\n".join(f"find_package({name} REQUIRED)" for name in NEEDS)
    cmake = CMAKE.replace("hri_msgs", NAME).replace("find_package(std_msgs REQUIRED)", finds)
    (source / "package.xml").write_text(package)
    (source / "CMakeLists.txt").write_text(
        cmake.replace("DEPENDENCIES std_msgs", f"DEPENDENCIES {' '.join(NEEDS)}")
    )
    for name, fields in MESSAGES.items():
        lines = [line.strip() for line in fields.strip().splitlines()]
        (source / "msg" / f"{name}.msg").write_text("\n".join(lines) + "\n")
    python = f"-DPython3_EXECUTABLE={sys.executable}"
    done = subprocess.run(
        ["colcon", "build", "--merge-install", "--base-paths", "src", "--cmake-args", python],
        cwd=folder,
        env={**os.environ, **dict.fromkeys(("AMENT_PREFIX_PATH", "CMAKE_PREFIX_PATH"), sys.prefix)}
        | {"PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "install"


@pytest.fixture
def visualization_msgs(tmp_path_factory, monkeypatch):
    """The package in this process, and in the programs that the test starts; built once."""
    if missing := missing_tools():
        pytest.skip(f"{NAME} cannot be built here without {', '.join(missing)}")
    prefix = build(tmp_path_factory.getbasetemp() / NAME)
    load(prefix)
    for name, value in environment(prefix).items():
        monkeypatch.setenv(name, value)
