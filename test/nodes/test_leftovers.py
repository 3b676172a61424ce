"""Shared memory of killed processes goes; that of others stays."""

import os
import time
from fcntl import LOCK_EX, flock

import pytest

from fer_ros.nodes.leftovers import YOUNG_S, free_segments

NAME = "fastrtps_0123456789abcdef"


def write(folder, name, age_s):
    for path in (folder / name, folder / f"{name}_el"):
        path.write_bytes(b"")
        os.utime(path, (time.time() - age_s,) * 2)
    return folder / f"{name}_el"


def test_a_segment_that_nobody_holds_is_removed(tmp_path):
    write(tmp_path, NAME, 2 * YOUNG_S)
    assert free_segments(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_segment_whose_owner_lives_stays(tmp_path):
    lock = write(tmp_path, NAME, 2 * YOUNG_S)
    with lock.open() as held:
        flock(held, LOCK_EX)
        assert free_segments(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("name", "age_s"),
    [
        pytest.param(NAME, 0.0, id="just being made"),
        pytest.param("fastrtps_port7412", 2 * YOUNG_S, id="a port"),
        pytest.param("faster", 2 * YOUNG_S, id="of somebody else"),
    ],
)
def test_other_files_stay(tmp_path, name, age_s):
    write(tmp_path, name, age_s)
    assert free_segments(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 2


def test_where_there_is_no_shared_memory_nothing_is_done(tmp_path):
    assert free_segments(tmp_path / "missing") == 0
