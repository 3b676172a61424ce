"""Nodes are tested where ROS is; elsewhere every file here is skipped and says why."""

from importlib.util import find_spec

import pytest

SPEAK_HRI = {"hri", "hri_faces"}  # nodes that cannot be made without hri_msgs
WITHOUT_ROS = "rclpy or the built interfaces are missing: `make build` gets both"


def _parameters_of(request):
    return request.node.callspec.params if hasattr(request.node, "callspec") else {}


def _has_ros():
    return find_spec("rclpy") is not None and find_spec("fer_ros.msg") is not None


class Skipped(pytest.Module):
    """A file of tests that cannot even be imported here."""

    def collect(self):
        pytest.skip(WITHOUT_ROS)


def pytest_pycollect_makemodule(module_path, parent):
    module = (pytest.Module if _has_ros() else Skipped).from_parent(parent, path=module_path)
    module.add_marker("ros")
    return module


@pytest.fixture(scope="module")
def own_environment(tmp_path_factory):
    """For a program that several tests look at: a domain of its own."""
    from .domain import environment, unused_domain

    with unused_domain() as number:
        yield environment(number, ROS_LOG_DIR=str(tmp_path_factory.mktemp("ros_logs")))


@pytest.fixture
def domain(monkeypatch, tmp_path, request):
    """A ROS domain of the test's own, for it and for the programs that it starts."""
    from .domain import unused_domain

    if SPEAK_HRI & set(map(str, _parameters_of(request).values())):
        request.getfixturevalue("hri_msgs")
    with unused_domain() as number:
        monkeypatch.setenv("ROS_DOMAIN_ID", str(number))
        monkeypatch.setenv("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
        monkeypatch.setenv("ROS_LOG_DIR", str(tmp_path / "ros_logs"))
        yield number


@pytest.fixture
def bench(domain):
    """Nodes of this test in one executor."""
    import rclpy

    from .bench import Bench

    rclpy.init()
    try:
        bench = Bench()
        yield bench
        bench.close()
    finally:
        rclpy.shutdown()


@pytest.fixture
def programs(domain, monkeypatch):
    """Starts programs in the test's domain; those that still run at its end are killed."""
    from .program import Program

    running = []

    def start(command, **options):
        running.append(Program(command, **options))
        return running[-1]

    yield start
    for program in running:
        program.process.kill()
        program.process.communicate()


@pytest.fixture(scope="session")
def hri_prefix(tmp_path_factory):
    """Where hri_msgs is installed, for programs; built once."""
    from .hri_package import build
    from .interface_package import missing_tools

    if missing := missing_tools():
        pytest.skip(f"hri_msgs cannot be built here without {', '.join(missing)}")
    return build(tmp_path_factory.mktemp("hri_msgs"))


@pytest.fixture
def hri_msgs(hri_prefix, monkeypatch):
    """hri_msgs in this process, and in the programs that the test starts."""
    from .interface_package import environment, load

    load(hri_prefix)
    for name, value in environment(hri_prefix).items():
        monkeypatch.setenv(name, value)
