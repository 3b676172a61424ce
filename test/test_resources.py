import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fer_ros.resources import own_model, share

PACKAGE = Path(__file__).parent.parent / "fer_ros"


@pytest.mark.parametrize("folder", ["config", "launch", "models"])
def test_the_checkout_is_where_it_is(folder):
    assert share(folder) == PACKAGE.parent / folder


def test_an_installed_package_looks_beside_itself(tmp_path):
    site = tmp_path / "lib" / "python3" / "site-packages"
    shutil.copytree(PACKAGE, site / "fer_ros", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "share" / "fer_ros" / "config").mkdir(parents=True)
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r}); "
        "from fer_ros.resources import share; print(share('config'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip() == str(tmp_path / "share" / "fer_ros" / "config")


def test_a_model_is_a_name_or_a_path(tmp_path):
    assert own_model("robot") == share("models") / "robot"
    assert own_model(str(tmp_path)) == tmp_path
