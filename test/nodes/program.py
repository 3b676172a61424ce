"""Programs under test, each a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COMMAND_LINE = "import sys; from fer_ros.cli.main import main; sys.exit(main())"
LIMIT_S = 120.0  # three trainings may share this machine with the tests


@dataclass(frozen=True)
class Ended:
    """How a program ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        lines = self.out.strip().splitlines()
        return lines[-1] if lines else ""

    @property
    def complaint(self) -> str:
        """The one line on stderr; anything else fails the test."""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, f"one line was expected, not\n{self.err}"
        return lines[0]


class Program:
    """A running program; `end` gives what became of it."""

    def __init__(self, command: Sequence[str | Path], **options: Any) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *map(str, command)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def interrupt(self) -> Ended:
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def end(self, limit_s: float = LIMIT_S) -> Ended:
        try:
            out, err = self.process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            raise AssertionError(f"the program did not end within {limit_s:g} s\n{out}\n{err}") from None
        return Ended(self.process.returncode, out, err)


def node(folder: Path, name: str, **parameters: object) -> list[str | Path]:
    """The command of a node, installed as the build does it: one script under the name of each."""
    link = folder / name
    link.symlink_to(ROOT / "scripts" / "node")
    given = [part for key, value in parameters.items() for part in ("-p", f"{key}:={value}")]
    return [link, "--ros-args", *given]


def fer_ros(*arguments: object) -> list[str]:
    """The command line of `fer_ros`."""
    return ["-c", COMMAND_LINE, *map(str, arguments)]
