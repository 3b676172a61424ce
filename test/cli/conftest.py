"""Lets tests of commands share the small models and clips that other tests build."""

import sys
from pathlib import Path

for folder in (
    "datasets",
    "estimators",
    "evaluate",
):  # test folders are no packages, so helpers are found by path
    sys.path.append(str(Path(__file__).parents[1] / folder))
