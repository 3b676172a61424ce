"""Write config/security anew, ROS 4 HRI too: cd test && ../.venv/bin/python -m nodes.policies_anew."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from . import hri_package, interface_package
from .program import ROOT, fer_ros


def main():
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, **interface_package.environment(hri_package.build(Path(folder)))}
        command = fer_ros("security", "--out", ROOT / "config" / "security")
        return subprocess.run([sys.executable, *command], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
