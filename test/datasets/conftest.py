"""Lets tests of models and datasets share the small ones they build."""

import sys
from pathlib import Path

for folder in ("datasets", "estimators"):  # test folders are no packages, so helpers are found by path
    sys.path.append(str(Path(__file__).parents[1] / folder))
