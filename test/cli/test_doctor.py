"""`fer_ros doctor`, as a real process."""

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec

import pytest

from fer_ros.cli.main import main
from fer_ros.fetch import ASSETS

PATIENCE_S = 60.0
COMMAND = [sys.executable, "-m", "fer_ros.cli.main", "doctor"]
ENVIRON = {
    **{name: value for name, value in os.environ.items() if name != "NO_COLOR"},
    "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
    "PYTHONIOENCODING": "utf-8",
}


def doctor(*options, **environ):
    command, environ = [*COMMAND, *options], {**ENVIRON, **environ}
    return subprocess.run(
        command,
        env=environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        encoding="utf-8",
    )


def findings(done):
    """Name → finding; the first of a name."""
    found = {}
    for finding in json.loads(done.stdout)["findings"]:
        found.setdefault(finding["name"], finding)
    return found


def broken(folder, package):
    """An environment in which a package is not installed."""
    (folder / f"{package}.py").write_text(
        f"raise ModuleNotFoundError('No module named {package}', name={package!r})"
    )
    return {"PYTHONPATH": f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}


@pytest.fixture(scope="module")
def here():
    """What it says of this machine."""
    return doctor("--json")


def test_where_everything_needed_is_there_the_status_is_0(here):
    told = json.loads(here.stdout)
    assert (here.returncode, told["healthy"], here.stderr) == (0, True, "")
    assert {finding["area"] for finding in told["findings"]} == {
        "software",
        "models",
        "cameras",
        "ROS 2",
        "machine",
    }


def test_everything_that_is_not_well_has_one_line_of_remedy(here):
    for finding in json.loads(here.stdout)["findings"]:
        assert bool(finding["remedy"]) == (finding["state"] != "ok")
        assert "\n" not in finding["text"] + finding["remedy"]


def test_finder_and_reader_are_named_with_the_reason(here):
    assert findings(here)["finder"]["text"].partition(":")[0] in ("yunet", "haar")
    assert findings(here)["reader"]["text"].partition(":")[0] in ("mediapipe", "none")


def test_without_third_party_models_it_says_what_is_used_instead(tmp_path):
    empty = {"FER_ROS_MODEL_PATH": "", "XDG_CACHE_HOME": str(tmp_path)}
    done = doctor("--json", **empty)
    found = findings(done)
    assert done.returncode == 0
    assert found["finder"]["text"].startswith("haar: no face_detection_yunet")
    assert found["reader"]["text"].startswith("none: no face_landmarker")
    assert found["yunet"]["remedy"] == "fer_ros models fetch yunet"
    assert str(tmp_path) in found["yunet"]["text"]


def test_a_damaged_model_is_told(tmp_path):
    (tmp_path / ASSETS[1].file).write_bytes(b"not a network")
    found = findings(doctor("--json", FER_ROS_MODEL_PATH=str(tmp_path)))
    assert "is damaged, or another version" in found["yunet"]["text"]
    assert found["finder"]["state"] == "warn"


def test_without_ros_it_says_so_and_goes_on(tmp_path):
    done = doctor("--json", **broken(tmp_path, "rclpy"))
    found = findings(done)
    assert done.returncode == 0
    assert found["rclpy"]["state"] == "warn"
    assert "`run`, `replay` and `security` need it" in found["rclpy"]["text"]
    assert "middleware" not in found
    assert "shared memory" in found


@pytest.mark.parametrize("package", ["yaml", "cv2", "onnxruntime", "platformdirs", "requests"])
def test_a_missing_package_is_a_failure_and_ends_no_other_look(tmp_path, package):
    done = doctor("--json", **broken(tmp_path, package))
    found = findings(done)
    assert done.returncode == 1
    assert found[package]["state"] == "fail"
    assert found[package]["remedy"].startswith("pip install")
    assert {"Python", "cores", "page", "domain"} <= found.keys()


def test_every_line_has_a_word_and_a_shape_and_no_colour_in_a_pipe():
    done = doctor()
    lines = [line for line in done.stdout.splitlines() if line.startswith("  ") and "remedy:" not in line]
    marks = {line.split()[0]: line.split()[1] for line in lines}
    assert marks.items() <= {"\N{CHECK MARK}": "ok", "!": "warn", "\N{MULTIPLICATION X}": "fail"}.items()
    assert "\033" not in done.stdout
    assert done.stdout.splitlines()[-1].endswith("missing")


def test_a_terminal_without_unicode_gets_other_shapes():
    done = doctor(PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  + ok    Python" in done.stdout


@pytest.mark.parametrize(
    ("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colours_are_for_terminals_that_want_them(environ, coloured):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(COMMAND, env={**ENVIRON, "TERM": "xterm", **environ}, stdout=theirs)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the terminal is gone when the process is
        while chunk := os.read(ours, 1 << 16):
            shown += chunk
    os.close(ours)
    assert process.wait(PATIENCE_S) == 0
    assert (b"\033[32m" in shown) is coloured


def test_nothing_is_sent(monkeypatch, capsys):
    def refuse(*_):
        raise AssertionError("the doctor talks to somebody")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(f"socket.socket.{name}", refuse)
    assert main(["doctor"]) == 0
    assert "talks to somebody" not in capsys.readouterr().out


@pytest.mark.skipif(find_spec("rclpy") is None, reason="rclpy is not installed")
def test_where_ros_is_its_middleware_and_interfaces_are_told(here):
    found = findings(here)
    assert found["middleware"]["text"].startswith("rmw_")
    assert found["interfaces"]["state"] == "ok"
