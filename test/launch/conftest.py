"""Real processes, started as a user starts them; helpers and fixtures are those of the nodes' tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from nodes.conftest import bench, domain, programs, pytest_pycollect_makemodule

__all__ = ["bench", "domain", "programs", "pytest_pycollect_makemodule"]
