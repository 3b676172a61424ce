"""Every example as it is typed."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = sorted(EXAMPLES.glob("*.py"))


def run(name, *arguments):
    command = [sys.executable, EXAMPLES / name, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_an_example_says_what_it_is_for(path):
    if path.stem == "behaviour_tree":
        pytest.importorskip("py_trees", reason="py_trees is missing: pip install -r requirements/dev.txt")
    done = run(path.name, "--help")
    assert done.returncode == 0, done.stderr
    assert f"python examples/{path.name}" in done.stdout


def test_the_tree_is_printed():
    pytest.importorskip("py_trees", reason="py_trees is missing: pip install -r requirements/dev.txt")
    done = run("behaviour_tree.py", "--print")
    assert "comfort?" in done.stdout


def test_the_written_session_is_played():
    done = run("naoqi_adapter.py", "--play", EXAMPLES / "naoqi_session.yaml")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "cue check_in"


def test_a_recording_is_made_once(tmp_path):
    folder = tmp_path / "talk"
    assert run("make_recording.py", folder).returncode == 0
    assert [path.suffix for path in sorted(folder.iterdir())] == [".yaml", ".mcap"]
    again = run("make_recording.py", folder)
    assert again.returncode == 2
    assert "name a new folder" in again.stderr
