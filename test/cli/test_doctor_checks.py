"""What `fer_ros doctor` makes of what it finds, with folders in place of a machine's own."""

import os
import shutil
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from fer_ros.doctor import machine
from fer_ros.doctor.cameras import cameras
from fer_ros.doctor.dds import dds
from fer_ros.doctor.finding import State, fine
from fer_ros.doctor.interfaces import declared, interfaces
from fer_ros.doctor.models import of_others, own
from fer_ros.doctor.software import Package, _needed, _optional, _python
from fer_ros.resources import share


def named(findings):
    return {finding.name: finding for finding in findings}


def camera(root, number, name, index=0):
    for folder in ("dev", f"sys/class/video4linux/video{number}"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "dev" / f"video{number}").touch()
    (root / f"sys/class/video4linux/video{number}/name").write_text(f"{name}\n")
    (root / f"sys/class/video4linux/video{number}/index").write_text(f"{index}\n")
    return root / "dev" / f"video{number}"


def test_cameras_are_listed_by_number_and_name(tmp_path):
    for number, name in ((10, "Outside"), (2, "Inside")):
        camera(tmp_path, number, name)
    found = list(cameras(tmp_path))
    assert [finding.name for finding in found] == ["video2", "video10"]
    assert found[0] == fine("video2", f"{tmp_path}/dev/video2: Inside, free")


def test_a_cameras_second_device_gives_no_pictures(tmp_path):
    camera(tmp_path, 1, "Webcam", index=1)
    assert "no pictures" in next(cameras(tmp_path)).text


def test_a_camera_that_may_not_be_opened_is_told(tmp_path):
    camera(tmp_path, 0, "Webcam")
    (found,) = cameras(tmp_path, usable=lambda _: False)
    assert (found.state, "usermod -aG video" in found.remedy) == (State.WARN, True)


def test_a_camera_in_use_is_told_with_who_uses_it(tmp_path):
    with camera(tmp_path, 0, "Webcam").open():
        (found,) = cameras(tmp_path)
    assert found.state is State.WARN
    assert f"(process {os.getpid()}) is using it" in found.text


def test_no_camera_is_no_failure(tmp_path):
    (found,) = cameras(tmp_path)
    assert (found.state, found.text) == (State.WARN, "there is none")


def test_no_camera_is_opened(tmp_path):
    """A named pipe in place of one: whoever opens it waits for ever."""
    camera(tmp_path, 0, "Webcam").unlink()
    os.mkfifo(tmp_path / "dev/video0")
    code = "import sys, pathlib, fer_ros.doctor.cameras as c; print(*c.cameras(pathlib.Path(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, timeout=30)
    assert "Webcam, free" in done.stdout


def root_with(tmp_path, **flags):
    (tmp_path / "dev/shm").mkdir(parents=True)
    for name, value in flags.items():
        (tmp_path / "sys/class/net" / name).mkdir(parents=True)
        (tmp_path / "sys/class/net" / name / "flags").write_text(f"{value}\n")
    return tmp_path


NETWORK = {"lo": "0x9", "eth0": "0x1003"}


@pytest.mark.parametrize(
    ("environ", "name", "state", "words"),
    [
        pytest.param({}, "discovery", "ok", "launch files do not", id="not set"),
        pytest.param(
            {"ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}, "discovery", "ok", "LOCALHOST", id="local"
        ),
        pytest.param(
            {"ROS_AUTOMATIC_DISCOVERY_RANGE": "OFF"}, "discovery", "warn", "not even here", id="off"
        ),
        pytest.param(
            {"ROS_AUTOMATIC_DISCOVERY_RANGE": "HOME"}, "discovery", "fail", "unknown", id="nonsense"
        ),
        pytest.param({"ROS_LOCALHOST_ONLY": "1"}, "discovery", "ok", "this machine", id="the old way"),
        pytest.param({}, "domain", "ok", "0", id="domain not set"),
        pytest.param({"ROS_DOMAIN_ID": "101"}, "domain", "ok", "101", id="highest safe domain"),
        pytest.param({"ROS_DOMAIN_ID": "102"}, "domain", "warn", "ports", id="domain above"),
        pytest.param({"ROS_DOMAIN_ID": "233"}, "domain", "fail", "no domain", id="domain too high"),
        pytest.param({"ROS_DOMAIN_ID": "-1"}, "domain", "fail", "no domain", id="domain below 0"),
        pytest.param({}, "Fast DDS profile", "ok", "config/fastdds.xml", id="own profile"),
        pytest.param(
            {"FASTRTPS_DEFAULT_PROFILES_FILE": "/nix"}, "Fast DDS profile", "fail", "no file", id="lost"
        ),
        pytest.param({}, "multicast", "ok", "eth0: other machines can be found", id="multicast"),
        pytest.param(
            {"ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}, "multicast", "ok", "not asked", id="unused"
        ),
        pytest.param({}, "loopback", "ok", "up", id="loopback"),
    ],
)
def test_what_the_environment_says_of_dds(tmp_path, environ, name, state, words):
    found = named(dds(environ, "rmw_fastrtps_cpp", root_with(tmp_path, **NETWORK)))[name]
    assert (found.state, words in found.text) == (state, True)
    assert bool(found.remedy) == (state != "ok")


def test_a_loopback_that_is_down_is_a_failure(tmp_path):
    assert named(dds({}, "", root_with(tmp_path, lo="0x8")))["loopback"].state is State.FAIL


@pytest.mark.parametrize(("chosen", "state"), [("SUBNET", State.WARN), ("LOCALHOST", State.OK)])
def test_multicast_is_missed_only_where_others_are_looked_for(tmp_path, chosen, state):
    environ = {"ROS_AUTOMATIC_DISCOVERY_RANGE": chosen}
    assert named(dds(environ, "", root_with(tmp_path, lo="0x9", eth0="0x1002")))["multicast"].state is state


@pytest.mark.parametrize(("free", "state"), [(64e6, State.WARN), (1e9, State.OK)])
def test_shared_memory_has_room_for_images(tmp_path, monkeypatch, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    found = named(dds({}, "", root_with(tmp_path)))["shared memory"]
    assert found.state is state
    assert f"{free / 1e6:.0f} MB" in found.text


def test_definitions_are_read_as_ros_reads_them():
    fields, constants = declared(
        "# a message\nuint8 ONE=1   # first\nstring NAME = x\n\nbool on\n"
        "float32[4] box\nfloat64[] all  # [] here\n"
        "string<=10 short\nuint8[<=5] few\nFace[] faces\nstd_msgs/Header header\n"
    )
    assert constants == ["ONE", "NAME"]
    assert fields == {
        "on": "boolean",
        "box": "float[4]",
        "all": "sequence<double>",
        "short": "string<10>",
        "few": "sequence<uint8, 5>",
        "faces": "sequence<fer_ros/Face>",
        "header": "std_msgs/Header",
    }


CHANGES = [
    pytest.param(lambda text: f"{text}float32 age_s\n", id="a field more"),
    pytest.param(lambda text: text.replace("bool forced", "uint8 forced"), id="another type"),
    pytest.param(lambda text: f"uint8 ASLEEP=9\n{text}", id="a constant more"),
    pytest.param(lambda text: text.replace("string reason", "string why"), id="another name"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_interfaces_that_are_not_as_built_are_named(tmp_path, change):
    built = pytest.importorskip("fer_ros.msg", reason="the interfaces are not built")
    for path in share("msg").glob("*.msg"):
        shutil.copy(path, tmp_path)
    assert interfaces({tmp_path: vars(built)}).state is State.OK
    mode = tmp_path / "OperatingMode.msg"
    mode.write_text(change(mode.read_text()))
    found = interfaces({tmp_path: vars(built)})
    assert (found.state, found.text) == (State.FAIL, "OperatingMode: not built as the files say")


def test_an_interface_that_was_not_built_is_named(tmp_path):
    (tmp_path / "New.srv").write_text("bool on\n---\nbool success\n")
    assert interfaces({tmp_path: {}}).text.startswith("New:")


def test_own_models_are_held_against_their_cards(tmp_path):
    shutil.copytree(share("models") / "student", tmp_path / "student")
    assert [finding.state for finding in own(tmp_path)] == [State.OK]
    with (tmp_path / "student" / "model.onnx").open("ab") as network:
        network.write(b"more")
    (found,) = own(tmp_path)
    assert (found.state, "sha256" in found.text) == (State.FAIL, True)


@pytest.mark.parametrize(("there", "intact", "state"), [(0, 0, "warn"), (1, 0, "warn"), (1, 1, "ok")])
def test_models_of_others_are_missing_damaged_or_whole(tmp_path, there, intact, state):
    path = tmp_path / "x.onnx" if there else None
    found = of_others("yunet", path, [tmp_path], intact=bool(intact))
    assert (found.state, str(tmp_path) in found.text) == (state, True)


@pytest.mark.parametrize(("free_kb", "state"), [(100_000, State.WARN), (4_000_000, State.OK)])
def test_memory_is_what_is_available(tmp_path, free_kb, state):
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text(f"MemTotal: 9 kB\nMemFree: 1 kB\nMemAvailable: {free_kb} kB\n")
    assert machine.memory(tmp_path).state is state


def test_memory_that_is_not_told_is_no_failure(tmp_path):
    assert machine.memory(tmp_path).state is State.WARN


@pytest.mark.parametrize(
    ("read", "states"),
    [
        pytest.param(machine.Clocks(True, 0.0, 1e-9), ["ok", "ok"], id="well"),
        pytest.param(machine.Clocks(False, 0.0, 1e-9), ["warn", "ok"], id="not synchronised"),
        pytest.param(machine.Clocks(None, 0.0, 1e-9), ["warn", "ok"], id="not told"),
        pytest.param(machine.Clocks(True, -0.02, 1e-9), ["ok", "warn"], id="set back"),
        pytest.param(machine.Clocks(True, 0.0, 0.015), ["ok", "warn"], id="coarse"),
    ],
)
def test_clocks(read, states):
    assert [finding.state for finding in machine.clocks(read)] == states


def test_a_port_that_is_taken_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert machine.page("127.0.0.1", port).state is State.WARN
    assert machine.page("127.0.0.1", port).state is State.OK


def test_one_core_is_told():
    assert [machine.cores(count).state for count in (1, 2)] == [State.WARN, State.OK]


def test_a_package_that_cannot_be_loaded_is_a_failure(tmp_path, monkeypatch):
    (tmp_path / "halfthere.py").write_text("raise ImportError('libGL.so.1: cannot open')")
    monkeypatch.syspath_prepend(tmp_path)
    found = _needed(Package("halfthere", ("half-there",)))
    assert (found.state, found.remedy) == (State.FAIL, "pip install half-there")
    assert "libGL.so.1" in found.text


def test_an_optional_package_that_is_absent_says_what_goes_without_it():
    found = _optional(Package("nothere", ("nothere",), "there is no tea"))
    assert (found.state, found.text) == (State.WARN, "is not installed: there is no tea")


def test_an_old_python_is_a_failure():
    assert (_python((3, 10, 9)).state, _python((3, 11, 0)).state) == (State.FAIL, State.OK)
