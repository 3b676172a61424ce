"""Lets tests import the examples, which are programs and no package."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "examples"))
