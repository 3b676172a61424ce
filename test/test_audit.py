"""The audit log: whole lines of JSON, only ever appended, and a full disk that stops nobody."""

import json
import resource
import stat
import threading
from pathlib import Path

import pytest

from fer_ros.audit import AuditLog
from fer_ros.errors import ParameterError

FULL = Path("/dev/full")


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "audit.jsonl"


def test_a_line_says_when_and_what(path):
    AuditLog(path).write(1.25, "cue", cue="wait", rule="nobody — là")
    assert lines(path) == [
        {"time": "1970-01-01T00:00:01.250+00:00", "kind": "cue", "cue": "wait", "rule": "nobody — là"}
    ]


def test_what_was_there_stays(path):
    for number in range(3):
        log = AuditLog(path)
        log.write(float(number), "enable", enabled=True)
        log.close()
    assert [line["time"][17:19] for line in lines(path)] == ["00", "01", "02"]


def test_two_writers_do_not_mix_their_lines(path):
    def write(log):
        for number in range(500):
            log.write(float(number), "mode", reason="x" * 200)

    writers = [threading.Thread(target=write, args=(AuditLog(path),)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(lines(path)) == 1000


def test_only_its_owner_reads_it(path):
    AuditLog(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_that_was_cut_off_is_not_joined_by_the_next(path):
    path.write_text('{"time": "19')
    AuditLog(path).write(0.0, "notice")
    assert [line[:8] for line in path.read_text().splitlines()] == ['{"time":', '{"time":']


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_told_and_counted():
    log = AuditLog(FULL)
    log.write(0.0, "notice")
    log.write(0.0, "mode")
    assert (log.failure, log.lost) == ("No space left on device", 2)


def test_a_disk_that_has_room_again_is_used_again(path):
    log = AuditLog(path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, hard))  # to this process, a disk that is full
    try:
        log.write(0.0, "notice")
        log.write(0.0, "mode")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    log.write(0.0, "cue")
    assert (log.failure, log.lost) == ("", 2)
    assert json.loads(path.read_text().splitlines()[-1])["kind"] == "cue"


@pytest.mark.parametrize("place", ["", "gone/audit.jsonl"], ids=["a folder", "in no folder"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path, place):
    with pytest.raises(ParameterError, match=r"cannot be written .*; name another place"):
        AuditLog(tmp_path / place)
