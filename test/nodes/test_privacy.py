"""Privacy: the whole graph sees a person for a while, and no picture is left anywhere."""

import pytest

from fer_ros.errors import ImageError
from fer_ros.images import image_from_file

from .domain import environment, unused_domain
from .program import Program, fer_ros
from .running import BUILTIN, LIGHT

ROS_LOGS = ".ros"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Where a program ran that saw a face: its home, working, temporary and cache folder in one."""
    home = tmp_path_factory.mktemp("home")
    everywhere = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(home))
    with unused_domain() as domain:
        env = environment(domain, **everywhere, PYTHONDONTWRITEBYTECODE="1")
        for name in ("ROS_LOG_DIR", "ORT_DISABLE_TELEMETRY"):  # what makes it silent is its own doing
            env.pop(name, None)
        command = fer_ros(
            "run", "--verbose", "--duration", 12, "--camera.compressed", "true", *BUILTIN, *LIGHT
        )
        ended = Program(command, env=env, cwd=home).end()
    assert ended.status == 0, ended.err  # a face was seen: there was something to leave behind
    return home


def files_of(home):
    return [path for path in home.rglob("*") if path.is_file()]


def test_no_file_is_left_but_the_logs_of_ros(home):
    assert [path for path in files_of(home) if path.relative_to(home).parts[0] != ROS_LOGS] == []


def test_no_log_holds_a_picture(home):
    for path in files_of(home):
        with pytest.raises(ImageError):
            image_from_file(path)
        path.read_text(encoding="utf-8")  # words, not bytes
