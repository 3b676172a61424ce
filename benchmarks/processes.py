"""The children of a process, as Linux's /proc shows them."""

from pathlib import Path

PROC = Path("/proc")


def children_of(parent: int) -> dict[int, list[str]]:
    """The children of a process, and their command lines."""
    tasks = list((PROC / str(parent) / "task").iterdir())
    found = [child for task in tasks for child in _read(task / "children").split()]
    return {int(child): _read(PROC / child / "cmdline").split("\0")[:-1] for child in found}


def child_of(parent: int, last_argument: str) -> int:
    """The child of a process whose command line ends with an argument; 0: there is none."""
    children = children_of(parent).items()
    return next((pid for pid, arguments in children if arguments[-1:] == [last_argument]), 0)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the process, or the thread, has just ended
        return ""
