"""Point the CMake files of the ROS wheels at this environment.

The wheels carry two paths of the machine that built them: its Python headers and its NumPy headers.
"""

import re
import sys
import sysconfig
from pathlib import Path

import numpy

PYTHON_HEADERS = re.compile(r"/opt/python/cp3\d+-cp3\d+/include/python3\.\d+")
NUMPY_HEADERS = re.compile(r"/opt/python/cp3\d+-cp3\d+/lib/python3\.\d+/site-packages/numpy/_core/include")


def relocate(prefix: Path) -> int:
    """Rewrite every CMake file below `prefix`/share that names a foreign path; return how many."""
    changed = 0
    for file in (prefix / "share").rglob("*.cmake"):
        text = file.read_text()
        new = PYTHON_HEADERS.sub(
            sysconfig.get_paths()["include"], NUMPY_HEADERS.sub(numpy.get_include(), text)
        )
        if new != text:
            file.write_text(new)
            changed += 1
    return changed


if __name__ == "__main__":
    relocate(Path(sys.prefix))
