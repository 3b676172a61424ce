"""Message packages that PyPI does not have, built for the tests from their field lists."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

PACKAGE = """<?xml version="1.0"?>
<package format="3">
  <name>{name}</name><version>2.0.0</version>
  <description>Messages, for tests.</description>
  <maintainer email="maintainers@fer-ros.invalid">fer_ros developers</maintainer><license>Apache-2.0</license>
  <buildtool_depend>ament_cmake</buildtool_depend>
  <buildtool_depend>rosidl_default_generators</buildtool_depend>
  {depends}
  <member_of_group>rosidl_interface_packages</member_of_group>
  <export><build_type>ament_cmake</build_type></export>
</package>
"""
CMAKE = """cmake_minimum_required(VERSION 3.16)
project({name} LANGUAGES C CXX)
find_package(ament_cmake REQUIRED)
find_package(rosidl_default_generators REQUIRED)
{finds}
file(GLOB messages RELATIVE ${{CMAKE_CURRENT_SOURCE_DIR}} msg/*.msg)
rosidl_generate_interfaces(${{PROJECT_NAME}} ${{messages}} DEPENDENCIES {needs})
ament_package()
"""
TOOLS = ("c++", "cmake", "colcon")


def missing_tools() -> list[str]:
    """What a build needs and this machine has not."""
    return [tool for tool in TOOLS if shutil.which(tool, path=_path()) is None]


def build(folder: Path, name: str, messages: Mapping[str, str], needs: Sequence[str]) -> Path:
    """Build a package below a folder, as the Makefile builds ours; its prefix. About 20 s.

    Args:
        folder: where to.
        name: of the package.
        messages: name → what it holds, a line each.
        needs: packages whose messages stand in them.
    """
    source = folder / "src" / name
    (source / "msg").mkdir(parents=True)
    depends = "".join(f"<depend>{need}</depend>" for need in needs)
    finds = "\n".join(f"find_package({need} REQUIRED)" for need in needs)
    (source / "package.xml").write_text(PACKAGE.format(name=name, depends=depends))
    (source / "CMakeLists.txt").write_text(CMAKE.format(name=name, finds=finds, needs=" ".join(needs)))
    for message, fields in messages.items():
        lines = [line.strip() for line in fields.strip().splitlines()]
        (source / "msg" / f"{message}.msg").write_text("\n".join(lines) + "\n")
    python = f"-DPython3_EXECUTABLE={sys.executable}"
    done = subprocess.run(
        ["colcon", "build", "--merge-install", "--base-paths", "src", "--cmake-args", python],
        cwd=folder,
        env={**os.environ, **dict.fromkeys(("AMENT_PREFIX_PATH", "CMAKE_PREFIX_PATH"), sys.prefix)}
        | {"PATH": _path()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "install"


def environment(prefix: Path) -> dict[str, str]:
    """The variables with which a program finds the package, as a sourced workspace sets them."""
    own = {
        "AMENT_PREFIX_PATH": prefix,
        "LD_LIBRARY_PATH": prefix / "lib",
        "PYTHONPATH": _modules(prefix),
    }
    before = {"AMENT_PREFIX_PATH": sys.prefix, **os.environ}
    return {name: os.pathsep.join(filter(None, (str(path), before.get(name)))) for name, path in own.items()}


@cache
def load(prefix: Path) -> None:
    """Make the package importable in this process, whose LD_LIBRARY_PATH can no longer change."""
    sys.path.append(str(_modules(prefix)))
    waiting = sorted((prefix / "lib").glob("*.so"))
    while waiting:
        left = [library for library in waiting if not _opened(library)]
        assert len(left) < len(waiting), f"none of {left} can be opened"
        waiting = left


def _opened(library: Path) -> bool:
    try:
        ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    except OSError:  # another one has to come first
        return False
    return True


def _modules(prefix: Path) -> Path:
    (found,) = (prefix / "lib").glob("python3*/site-packages")
    return found


def _path() -> str:
    """The environment that runs the tests has colcon, whether it is activated or not."""
    return os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
