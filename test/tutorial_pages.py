"""Tutorials as programs: what they tell the reader to type is run, what they show is looked for."""

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "tutorials"
FOLDERS = ("examples", "scripts")  # of the repository, which the reader is in
BLOCK = re.compile(r"^```(bash|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"(?<![\w.])0(?![\w.])|\d+(?:\.\d+)?")
LIMIT_S = 180.0  # other work may share this machine with the tests


@dataclass(frozen=True)
class Step:
    """One block of commands, and the lines that the page shows of what comes of it."""

    commands: str
    shown: tuple[str, ...] = ()


def steps(page: str) -> list[Step]:
    """What a tutorial has its reader do, in order."""
    found: list[Step] = []
    for kind, text in BLOCK.findall((PAGES / f"{page}.md").read_text("utf-8")):
        if kind == "bash":
            found.append(Step(text))
        else:
            lines = tuple(line.strip() for line in text.splitlines())
            found[-1] = Step(found[-1].commands, (*found[-1].shown, *lines))
    return found


def follow(todo: list[Step], folder: Path) -> list[str]:
    """Run the steps in one shell, in a folder, and return what each of them said.

    What a step shows must be in its output, in any order; a number stands for any other but 0, and … for
    anything.
    """
    for name in FOLDERS:
        (folder / name).symlink_to(ROOT / name)
    ended = "step {} of this tutorial is over"
    script = "".join(
        f"{{\n{step.commands}\n}} 2>&1\necho '{ended.format(n)}'\n" for n, step in enumerate(todo)
    )
    status, text = _shell(f"set -euo pipefail\n{script}", folder)
    assert status == 0, f"the shell ended with {status}\n{text}"
    said, rest = [], text
    for number, step in enumerate(todo):
        out, _, rest = rest.partition(f"{ended.format(number)}\n")
        said.append(out)
        missing = [line for line in step.shown if not said_in(line, out)]
        assert not missing, f"not there: {missing}\nbut\n{out}"
    return said


def said_in(shown: str, said: str) -> bool:
    """Whether a line that is shown was said; … stands for anything."""
    parts = map(re.escape, map(like, shown.split("…")))
    return re.search(".*?".join(parts), like(said)) is not None


def like(text: str) -> str:
    """A text with its numbers but 0 made alike, and its white space."""
    return " ".join(NUMBER.sub(lambda found: "0" if found[0] == "0" else "#", text).split())


def _shell(script: str, folder: Path) -> tuple[int, str]:
    """Status and output of a script; whatever it has left running is ended."""
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "FER_ROS_MODEL_PATH": "",  # a newcomer has none
        "XDG_CACHE_HOME": str(folder / "cache"),
        "COLUMNS": "160",
        "OMP_WAIT_POLICY": "passive",  # threads that wait for each other leave the others the machine
    }
    shell = subprocess.Popen(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        out, _ = shell.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        os.killpg(shell.pid, signal.SIGKILL)
        out, _ = shell.communicate()
        raise AssertionError(f"the tutorial did not end within {LIMIT_S:g} s\n{out}") from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
    return shell.returncode, out
