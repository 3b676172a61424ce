"""Completion, as a real bash asks for it."""

import os
import pty
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from select import select
from time import monotonic

import pytest

from fer_ros.cli.main import COMMANDS
from fer_ros.fetch import ASSETS
from fer_ros.link.profiles import load_profiles
from fer_ros.resources import share

PATIENCE_S = 20.0
PROGRAM = Path(sys.executable).with_name("fer_ros")
ENVIRON = {
    **os.environ,
    "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
    "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
}
ASK = """
eval "$SCRIPT"
COMP_LINE="$1" COMP_POINT=${#1} COMP_TYPE=9 COMP_WORDS=($1)
"$(complete -p fer_ros | sed -E 's/.* -F ([^ ]+) .*/\\1/')" fer_ros
printf '%s\\n' "${COMPREPLY[@]}"
"""

pytestmark = [
    pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed"),
    pytest.mark.skipif(not PROGRAM.is_file(), reason="fer_ros is not installed here as a program"),
]


@cache
def script(shell):
    """What `fer_ros completion` prints."""
    command = [PROGRAM, "completion", shell]
    return subprocess.run(command, env=ENVIRON, capture_output=True, text=True, check=True).stdout


def completions(line):
    """What bash's own completion function answers to a line, with the cursor at its end."""
    environ = {**ENVIRON, "SCRIPT": script("bash")}
    command = ["bash", "--norc", "-c", ASK, "bash", line]
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    assert done.stderr == ""
    return [word.strip() for word in done.stdout.splitlines() if word.strip()]


def test_the_first_word_is_a_command():
    assert set(completions("fer_ros ")) == set(COMMANDS)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("fer_ros mod", {"models"}, id="command"),
        pytest.param("fer_ros models ", {"list", "show", "fetch"}, id="verb"),
        pytest.param("fer_ros models fetch --opt", {"--optional"}, id="option of a verb"),
        pytest.param("fer_ros run --source de", {"device"}, id="choice"),
        pytest.param("fer_ros run --faces.finder ", {"auto", "yunet", "haar"}, id="choice of a parameter"),
        pytest.param("fer_ros run --cloud/receiver.finder y", {"yunet"}, id="of a parameter in the cloud"),
        pytest.param("fer_ros run --camera.loop ", {"true", "false"}, id="truth"),
        pytest.param("fer_ros run --reader m", {"mediapipe"}, id="short option"),
        pytest.param("fer_ros run --profile wifi-", {"wifi-bursty", "wifi-roaming"}, id="link profile"),
        pytest.param("fer_ros run --uplink.profile sat", {"satellite"}, id="link profile as a parameter"),
        pytest.param("fer_ros run --policy mus", {"museum_guide"}, id="policy"),
        pytest.param("fer_ros policy check care", {"care_home"}, id="policy of a verb"),
        pytest.param("fer_ros evaluate stu", {"student"}, id="model"),
        pytest.param("fer_ros grid robot clo", {"cloud"}, id="second model"),
        pytest.param("fer_ros train mini", {"mini_xception"}, id="recipe"),
        pytest.param("fer_ros completion f", {"fish"}, id="shell"),
    ],
)
def test_words_are_completed(line, words):
    assert set(completions(line)) == words


def test_names_are_those_that_there_are():
    assert set(completions("fer_ros link simulate ")) == set(load_profiles(share("config") / "links"))
    own = {card.parent.name for card in share("models").glob("*/card.yaml")}
    assert set(completions("fer_ros models show ")) == own | {asset.name for asset in ASSETS}
    assert set(completions("fer_ros models fetch ")) == {asset.name for asset in ASSETS}


def test_every_option_of_a_large_command_is_offered():
    options = completions("fer_ros run --conv")
    assert len(options) > 5
    assert all(option.startswith("--conversation.") for option in options)


def test_files_are_left_to_the_shell(tmp_path):
    (tmp_path / "clip.mp4").touch()
    assert set(completions(f"fer_ros video {tmp_path}/cl")) == {f"{tmp_path}/clip.mp4"}


def test_an_answer_takes_no_module_that_computes(tmp_path):
    """What makes a completion slow, told without a clock."""
    code = (
        "import os, sys; from fer_ros.cli.main import main\n"
        "os._exit = lambda _: print(*{name.partition('.')[0] for name in sys.modules})\n"
        "main([])"
    )
    asked = {"_ARGCOMPLETE": "1", "COMP_LINE": "fer_ros run --prof", "COMP_POINT": "18"}
    environ = {**ENVIRON, **asked, "_ARGCOMPLETE_STDOUT_FILENAME": str(tmp_path / "answer")}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True)
    loaded = done.stdout.splitlines()[0].split()
    assert "--profile" in (tmp_path / "answer").read_text()
    assert not {"numpy", "cv2", "rclpy", "rich", "onnxruntime"} & set(loaded)


def test_a_real_interactive_bash_completes_on_a_tab():
    ours, theirs = pty.openpty()
    environ = {**ENVIRON, "TERM": "dumb", "PS1": "READY> ", "HISTFILE": os.devnull}
    shell = subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, env=environ
    )
    os.close(theirs)
    try:
        _say(ours, 'eval "$(fer_ros completion bash)"; echo SOURCED=$?\n', "SOURCED=0")
        shown = _say(ours, "echo fer_ros; fer_ros compl\t", "completion ")
        assert "fer_ros completion " in shown
        shown = _say(ours, "ba\t\n", "complete -o")
        assert "bash" in shown
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


def _say(terminal, text, awaited):
    """Type, and read until something is shown that was not typed."""
    os.write(terminal, text.encode())
    shown, end = "", monotonic() + PATIENCE_S
    while awaited not in shown and select([terminal], [], [], max(end - monotonic(), 0.0))[0]:
        shown += os.read(terminal, 1 << 16).decode()
    assert awaited in shown
    return shown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_one_that_its_shell_understands(shell, tmp_path):
    assert "fer_ros" in script(shell)
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "script").write_text(script(shell))
    subprocess.run([shell, "-n", tmp_path / "script"], check=True, timeout=PATIENCE_S)


def test_global_completion_finds_the_mark():
    """argcomplete's hook for all programs reads the first kilobyte."""
    for file in ("fer_ros/cli/main.py", "scripts/fer_ros"):
        assert "PYTHON_ARGCOMPLETE_OK" in (share("config").parent / file).read_text()[:1024]
