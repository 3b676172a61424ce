"""The command line's manners: help, errors, exit statuses, pipes. As real processes."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from mirror import mirror_of

from fer_ros.cli.main import COMMANDS, parser_for
from fer_ros.resources import share

PATIENCE_S = 30.0
ENVIRON = {**os.environ, "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST", "NO_PROXY": "127.0.0.1"}
ENVIRON.pop("PYTHONUNBUFFERED", None)  # what is written late is what fails late
HEAVY = {
    "numpy",
    "cv2",
    "onnxruntime",
    "rclpy",
    "matplotlib",
    "pooch",
    "requests",
    "rich",
    "rosbags",
    "torch",
}
# What the help of these still loads: emotions.py and datasets/ hold the names of labels and datasets.
LEFT = {"dataset": {"numpy", "cv2"}}


def fer_ros(*arguments, **options):
    command = [sys.executable, "-m", "fer_ros.cli.main", *arguments]
    options = {"env": ENVIRON, "capture_output": True, "text": True, "timeout": PATIENCE_S, **options}
    return subprocess.run(command, check=False, **options)


def imported(*arguments):
    """The packages that a command line imports."""
    code = (
        "import sys; from fer_ros.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print('LOADED', *{name.partition('.')[0] for name in sys.modules})"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, env=ENVIRON, capture_output=True, text=True, check=False)
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("LOADED"))
    return set(line.split()) & HEAVY


def verbs():
    """Every command and verb, with its parser."""
    for name in COMMANDS:
        parser = parser_for([name]).verbs[name]
        yield pytest.param(parser, id=name)
        for verb, below in parser.verbs.items():
            yield pytest.param(below, id=f"{name} {verb}")


def test_the_list_of_commands_loads_nothing():
    assert imported("--help") == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_loads_nothing_that_computes(command):
    assert imported(command, "--help") <= LEFT.get(command, set())


@pytest.mark.parametrize("arguments", [("rnu",), ("run", "--bogus"), ("models", "fecth"), ("--version",)])
def test_mistakes_are_told_without_loading_anything(arguments):
    assert imported(*arguments) == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_list_says_of_a_command_what_the_command_says_of_itself(command):
    assert parser_for([command]).format_help() == parser_for([]).format_help()


@pytest.mark.parametrize("parser", list(verbs()))
def test_every_help_has_examples_that_can_be_parsed(parser):
    text = parser.format_help()
    examples = [
        line.strip() for line in text.splitlines() if f"{line.strip()} ".startswith(f"{parser.prog} ")
    ]
    assert "examples:" in text
    assert examples or parser.verbs


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["rnu"], "'rnu' is unknown (did you mean run?); it takes run, video", id="command"),
        pytest.param(["models", "fecth"], "'fecth' is unknown (did you mean fetch?)", id="verb"),
        pytest.param(
            ["models", "list", "--jsno"], "--jsno is not understood (did you mean --json?)", id="option"
        ),
        pytest.param(["run", "--source", "vidoe"], "'vidoe' is unknown (did you mean video?)", id="choice"),
        pytest.param(["run", "--faces.findre=haar"], "(did you mean --faces.finder?)", id="parameter"),
        pytest.param(["xyzzy"], "'xyzzy' is unknown; it takes", id="like nothing"),
        pytest.param([], "the following arguments are required: COMMAND", id="nothing"),
    ],
)
def test_what_is_not_understood_is_two_lines_and_status_2(arguments, says):
    done = fer_ros(*arguments)
    usage, line = done.stderr.splitlines()[0], done.stderr.splitlines()[-1]
    assert done.returncode == 2
    assert usage.startswith("usage: fer_ros")
    assert says in line
    assert len(done.stderr.splitlines()) <= 5
    assert done.stdout == ""


def test_what_cannot_be_done_is_one_line_and_status_1():
    done = fer_ros("models", "show", "nix")
    assert done.returncode == 1
    assert re.fullmatch(r"fer_ros: .+\n", done.stderr)


def test_what_is_done_has_status_0_and_says_nothing_beside():
    done = fer_ros("models", "list", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["own"]


def test_an_interrupt_ends_at_once_with_130_and_without_a_traceback(tmp_path):
    with mirror_of(b"") as mirror:
        mirror.behaviour = "hang"
        words = ["models", "fetch", "--from", mirror.url, "--to", str(tmp_path), "--timeout", "60"]
        command = [sys.executable, "-m", "fer_ros.cli.main", *words]
        process = subprocess.Popen(command, env=ENVIRON, stderr=subprocess.PIPE, text=True)
        end = monotonic() + PATIENCE_S
        while len(mirror.ranges) < 2:
            assert monotonic() < end, "nothing was asked for"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, said) == (130, "")


@pytest.mark.parametrize("words", [["--help"], ["models", "list"], ["link", "check", "--help"]])
def test_a_reader_that_has_had_enough_is_no_traceback(words):
    reader, writer = os.pipe()
    os.close(reader)
    done = fer_ros(*words, capture_output=False, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.returncode in (0, 1)  # argparse does not mind where its help goes
    assert done.stderr == ""


def test_a_full_disk_is_one_line():
    with Path("/dev/full").open("w") as full:
        done = fer_ros("models", "list", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, "fer_ros: No space left on device\n")


def test_without_a_place_to_write_to_it_still_ends_well():
    command = f"'{sys.executable}' -m fer_ros.cli.main models list >&-"
    done = subprocess.run(["sh", "-c", command], env=ENVIRON, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "words", [["--help"], ["run", "--help"], ["models", "list"], ["link", "trace", "--help"]]
)
def test_warnings_of_python_are_not_for_users(words):
    done = fer_ros(*words, env={**ENVIRON, "PYTHONWARNINGS": "default"})
    assert (done.returncode, done.stderr) == (0, "")


def test_version():
    manifest = ElementTree.parse(share("config").parent / "package.xml")
    assert fer_ros("--version").stdout == f"fer_ros {manifest.findtext('version')}\n"


def test_a_package_that_is_missing_is_named_with_who_knows_more(tmp_path):
    (tmp_path / "yaml.py").write_text("raise ModuleNotFoundError(\"No module named 'yaml'\", name='yaml')")
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    done = fer_ros("link", "--help", env={**ENVIRON, "PYTHONPATH": path})
    assert done.returncode == 1
    assert (
        done.stderr
        == "fer_ros: the Python package yaml is not installed; `fer_ros doctor` says how to get it\n"
    )


def test_exit_statuses_are_told_in_help_and_in_the_document():
    told = fer_ros("--help").stdout
    page = (share("config").parent / "docs" / "cli.md").read_text("utf-8")
    for status in ("0", "1", "2", "130"):
        assert re.search(rf"\b{status} \w+", told)
        assert re.search(rf"^\| {status} \|", page, re.M)


def test_the_document_names_every_command():
    page = (share("config").parent / "docs" / "cli.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"| `{name}` |" not in page] == []
