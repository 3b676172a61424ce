"""The layers of ARCHITECTURE.md: what each module may import and call."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "fer_ros"
OUTSIDE_CORE = ("nodes", "train", "cli", "environment.py", "fetch.py", "transfer.py")
SILENCES_TELEMETRY = "__init__.py"  # before anything else is imported
ROS = ("rclpy", "sensor_msgs", "std_msgs", "std_srvs", "builtin_interfaces", "rcl_interfaces", "launch")
CLOCKS = ("time", "monotonic", "perf_counter", "now", "utcnow", "today")


def modules(*folders):
    return [p for folder in folders for p in sorted((PACKAGE / folder).rglob("*.py"))]


def core():
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in OUTSIDE_CORE
    ]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def named(path):
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", core(), ids=named)
def test_core_imports_neither_ros_nor_torch(path):
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {*ROS, "torch"}
    assert not [name for name in imported(path) if name.startswith(("fer_ros.msg", "fer_ros.srv"))]


@pytest.mark.parametrize("path", core(), ids=named)
def test_core_imports_no_layer_above_it(path):
    above = tuple(f"fer_ros.{name.removesuffix('.py')}" for name in OUTSIDE_CORE)
    assert not [name for name in imported(path) if name.startswith(above)]


@pytest.mark.parametrize("path", core(), ids=named)
def test_core_reads_no_clock_and_no_environment(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used = node.value.id, node.attr
            assert used not in {("os", "environ"), ("os", "getenv")} or named(path) == SILENCES_TELEMETRY
            assert not (used[0] in ("time", "datetime") and used[1] in CLOCKS)
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            assert not {alias.name for alias in node.names} & set(CLOCKS)


@pytest.mark.parametrize("path", modules("nodes", "cli"), ids=named)
def test_nodes_and_commands_do_not_import_torch(path):
    assert "torch" not in {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("module", ["fer_ros.cli.main", "fer_ros.nodes.main", "fer_ros.pipeline"])
def test_what_runs_on_the_robot_loads_no_torch(module):
    if module == "fer_ros.nodes.main":
        pytest.importorskip("rclpy", reason="rclpy is not installed")
    code = f"import sys, {module}; print(any(m.split('.')[0] == 'torch' for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
