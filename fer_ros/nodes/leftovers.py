"""The shared memory that a killed process leaves behind: 35 MB for one that sends images, each time."""

import re
import time
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 where Fast DDS keeps its segments
# A segment and the file that its owner keeps locked. Those of ports are not ours to judge: they have several.
LOCK = re.compile(r"(fast(?:rtps|dds)_[0-9a-f]{16})_el")
YOUNG_S = 10.0  # one that is just being made may not be locked yet


def free_segments(folder: Path = SHARED_MEMORY) -> int:
    """Remove the Fast DDS segments of processes that are dead, as `fastdds shm clean` does; how many.

    Args:
        folder: where they are; on a machine that has no such folder nothing is done.
    """
    oldest_young = time.time() - YOUNG_S
    freed = 0
    for lock in folder.glob("fast*_el"):
        name = LOCK.fullmatch(lock.name)
        with suppress(OSError):  # its owner lives, or is somebody else
            if name is not None and lock.stat().st_mtime < oldest_young:
                freed += _free(lock, folder / name[1])
    return freed


def _free(lock: Path, segment: Path) -> bool:
    with lock.open("rb") as held:
        flock(held, LOCK_EX | LOCK_NB)
        segment.unlink(missing_ok=True)
        lock.unlink()
    return True
