"""Lets tests import the programs that make the documents, and the extension of the site."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
for folder in ("scripts", "docs/_ext"):
    sys.path.append(str(ROOT / folder))
