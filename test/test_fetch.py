"""Downloads from a server on this machine that serves, cuts, corrupts, redirects, refuses and hangs."""

from dataclasses import replace
from hashlib import sha256
from threading import Event
from time import monotonic

import pytest
from mirror import mirror_of

from fer_ros.fetch import ASSETS, FetchError, fetch, find, is_intact, pick

CONTENT = bytes(range(256)) * 2000
ASSET = replace(ASSETS[0], sha256=sha256(CONTENT).hexdigest())
PATIENCE_S, SHORT_S = 20.0, 0.5


@pytest.fixture
def mirror(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with mirror_of(CONTENT) as mirror:
        yield mirror


def test_a_file_arrives_whole_under_its_name(mirror, tmp_path):
    seen = []
    path = fetch(ASSET, tmp_path / "new", PATIENCE_S, mirror.url, lambda *bar: seen.append(bar))
    assert path == tmp_path / "new" / ASSET.file
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_everybody_may_read_what_was_fetched(mirror, tmp_path):
    assert fetch(ASSET, tmp_path, PATIENCE_S, mirror.url).stat().st_mode & 0o777 == 0o644


def test_a_file_that_is_here_is_not_fetched_again(mirror, tmp_path):
    (tmp_path / ASSET.file).write_bytes(CONTENT)
    fetch(ASSET, tmp_path, PATIENCE_S, mirror.url)
    assert mirror.ranges == []


def test_a_broken_file_is_replaced(mirror, tmp_path):
    (tmp_path / ASSET.file).write_bytes(CONTENT[:100])
    assert is_intact(ASSET, fetch(ASSET, tmp_path, PATIENCE_S, mirror.url))


def test_a_redirection_is_followed(mirror, tmp_path):
    mirror.behaviour = "redirect"
    assert is_intact(ASSET, fetch(ASSET, tmp_path, PATIENCE_S, mirror.url))


@pytest.mark.parametrize("resumes", [True, False], ids=["resumed", "begun again"])
def test_a_download_that_is_cut_goes_on(mirror, tmp_path, resumes):
    mirror.behaviour, mirror.resumes = "cut", resumes
    assert is_intact(ASSET, fetch(ASSET, tmp_path, PATIENCE_S, mirror.url))
    first, second = (int(asked[len("bytes=") : -1] or 0) for asked in mirror.ranges)
    assert (first, 0 < second <= len(CONTENT) // 2) == (0, True)


INTERRUPTED = r"127.0.0.1:\d+ cut the connection or stopped sending, 4 times"
CORRUPT = rf"has sha256 (?!{ASSET.sha256})[0-9a-f]{{64}}, not {ASSET.sha256}: it was not kept"
BAD = [
    pytest.param("cut always", INTERRUPTED, id="cut again and again"),
    pytest.param("stall", INTERRUPTED, id="stops sending"),
    pytest.param("refuse", r"/files/face_landmarker.task answered 404 Not Found", id="not there"),
    pytest.param("corrupt", CORRUPT, id="corrupt"),
]


@pytest.mark.parametrize(("behaviour", "says"), BAD)
def test_what_goes_wrong_is_said_and_nothing_is_kept(mirror, tmp_path, behaviour, says):
    mirror.behaviour = behaviour
    with pytest.raises(FetchError, match=says):
        fetch(ASSET, tmp_path, SHORT_S, mirror.url)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_download_leaves_the_old_file(mirror, tmp_path):
    old = tmp_path / ASSET.file
    old.write_bytes(b"an older version")
    mirror.behaviour = "corrupt"
    with pytest.raises(FetchError):
        fetch(ASSET, tmp_path, PATIENCE_S, mirror.url)
    assert old.read_bytes() == b"an older version"


def test_an_address_that_does_not_answer_is_given_up_in_time(mirror, tmp_path):
    mirror.behaviour = "hang"
    began = monotonic()
    with pytest.raises(FetchError, match=r"127.0.0.1:\d+ did not answer within 0.3 s"):
        fetch(ASSET, tmp_path, 0.3, mirror.url)
    assert monotonic() - began < 3.0


def test_silence_has_one_name_whoever_notices_it_first(mirror, tmp_path, monkeypatch):
    mirror.behaviour = "hang"
    patient = Event.wait
    monkeypatch.setattr(Event, "wait", lambda self, timeout=None: patient(self, timeout and timeout + 5))
    with pytest.raises(FetchError, match=r"127.0.0.1:\d+ did not answer within 0.3 s"):
        fetch(ASSET, tmp_path, 0.3, mirror.url)


@pytest.mark.parametrize(
    ("prefix", "says"),
    [
        pytest.param("http://127.0.0.1:1", "127.0.0.1:1 cannot be reached", id="nobody listens"),
        pytest.param("nonsense", "nonsense/face_landmarker.task is not an address", id="no scheme"),
    ],
)
def test_a_bad_address_is_named(tmp_path, prefix, says):
    with pytest.raises(FetchError, match=says):
        fetch(ASSET, tmp_path, PATIENCE_S, prefix)


def test_a_folder_that_is_a_file_is_refused(mirror, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FetchError, match="file cannot be written to"):
        fetch(ASSET, tmp_path / "file", PATIENCE_S, mirror.url)


def test_the_first_folder_that_holds_a_file_wins(tmp_path):
    for name in ("b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ASSET.file).touch()
    assert find(ASSET, [tmp_path / "a", tmp_path / "b", tmp_path / "c"]) == tmp_path / "b" / ASSET.file
    assert find(ASSET, [tmp_path / "a"]) is None


def test_assets_go_by_name_and_by_file():
    assert pick([ASSETS[1].file, ASSETS[1].name]) == [ASSETS[1]]
    assert pick([]) == list(ASSETS)


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(FetchError, match="'resnet'; choose of mediapipe, yunet"):
        pick(["resnet"])
