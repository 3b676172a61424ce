"""What the processes of a program hold open while they run: files that they write, and sockets."""

import os
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .program import LIMIT_S, Ended, Program

LOOK_EVERY_S = 0.2
TABLES = ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")
WRITES = os.O_WRONLY | os.O_RDWR


@dataclass
class Opened:
    """What was seen.

    Attributes:
        written: regular files that were open for writing.
        connected: network sockets that have somebody at the other end, as (protocol, address).
        looks: how often somebody looked.
    """

    written: set[Path] = field(default_factory=set)
    connected: set[tuple[str, str]] = field(default_factory=set)
    looks: int = 0


def watch(program: Program) -> tuple[Ended, Opened]:
    """How a program ended, and what it and its children opened until then."""
    opened = Opened()
    for _ in range(round(LIMIT_S / LOOK_EVERY_S)):
        try:
            out, err = program.process.communicate(timeout=LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            for pid in _family(program.process.pid):
                _look(Path("/proc") / str(pid), opened)
            opened.looks += 1
        else:
            return Ended(program.process.returncode, out, err), opened
    raise AssertionError(f"the program did not end within {LIMIT_S:g} s")


def _family(pid: int) -> list[int]:
    """A process and those that it started."""
    found = [pid]
    with suppress(OSError):
        for task in (Path("/proc") / str(pid) / "task").iterdir():
            for child in (task / "children").read_text().split():
                found += _family(int(child))
    return found


def _look(process: Path, opened: Opened) -> None:
    inodes = set()
    with suppress(OSError):  # it may end while it is looked at
        for link in (process / "fd").iterdir():
            with suppress(OSError):
                seen = link.stat()
                if stat.S_ISSOCK(seen.st_mode):
                    inodes.add(str(seen.st_ino))
                elif stat.S_ISREG(seen.st_mode) and _flags(process, link.name) & WRITES:
                    opened.written.add(link.readlink())
        opened.connected |= _connected(process, inodes)


def _flags(process: Path, descriptor: str) -> int:
    lines = (process / "fdinfo" / descriptor).read_text().splitlines()
    return int(next(line for line in lines if line.startswith("flags:")).split()[1], 8)


def _connected(process: Path, inodes: set[str]) -> set[tuple[str, str]]:
    found = set()
    for table in TABLES:
        path = process / "net" / table
        for line in path.read_text().splitlines()[1:] if path.exists() else []:
            entry = line.split()
            remote, inode = entry[2], entry[9]
            if inode in inodes and remote.partition(":")[0].strip("0"):
                found.add((table, remote))
    return found
