"""Downloads from a server on this machine that serves, cuts, corrupts, redirects, refuses and hangs."""

import signal
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
import requests
from mirror import mirror_of

from fer_ros import transfer
from fer_ros.fetch import ASSETS, MIRRORS, FetchError, addresses, fetch, find, is_intact, pick

CONTENT = bytes(range(256)) * 2000
ASSET = replace(ASSETS[0], sha256=sha256(CONTENT).hexdigest())
PATIENCE_S, SHORT_S = 20.0, 0.3
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture
def mirror(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with mirror_of(CONTENT) as mirror:
        yield mirror


def get(folder, *prefixes, timeout_s=PATIENCE_S, progress=None):
    return fetch(ASSET, folder, timeout_s, addresses(ASSET, prefixes), progress)


def until(condition, what):
    end = monotonic() + PATIENCE_S
    while not condition():
        assert monotonic() < end, f"not within {PATIENCE_S} s: {what}"


def test_a_file_arrives_whole_under_its_name(mirror, tmp_path):
    seen = []
    path = get(tmp_path / "new", mirror.url, progress=lambda *bar: seen.append(bar))
    assert path == tmp_path / "new" / ASSET.file
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert list(path.parent.iterdir()) == [path]


def test_everybody_may_read_what_was_fetched(mirror, tmp_path):
    assert get(tmp_path, mirror.url).stat().st_mode & 0o777 == 0o644


def test_a_file_that_is_here_is_not_fetched_again(mirror, tmp_path):
    (tmp_path / ASSET.file).write_bytes(CONTENT)
    get(tmp_path, mirror.url)
    assert mirror.ranges == []
    assert list(tmp_path.iterdir()) == [tmp_path / ASSET.file]


def test_a_broken_file_is_replaced(mirror, tmp_path):
    (tmp_path / ASSET.file).write_bytes(CONTENT[:100])
    assert is_intact(ASSET, get(tmp_path, mirror.url))


@pytest.mark.parametrize("resumes", [True, False], ids=["resumed", "begun again"])
def test_a_download_that_is_cut_goes_on(mirror, tmp_path, resumes):
    mirror.behaviour, mirror.resumes = "cut", resumes
    assert is_intact(ASSET, get(tmp_path, mirror.url))
    first, second = (int(asked[len("bytes=") : -1] or 0) for asked in mirror.ranges)
    assert (first, 0 < second <= len(CONTENT) // 2) == (0, True)


def test_a_connection_that_is_cut_again_and_again_is_enough_while_it_brings_something(mirror, tmp_path):
    mirror.behaviour = "crumbs"
    assert is_intact(ASSET, get(tmp_path, mirror.url))
    assert len(mirror.ranges) > transfer.ATTEMPTS


def test_a_length_that_promises_too_much_does_no_harm(mirror, tmp_path):
    mirror.behaviour = "more"
    assert is_intact(ASSET, get(tmp_path, mirror.url))


@pytest.mark.parametrize("behaviour", ["cut always", "stall"])
def test_what_came_before_a_connection_broke_is_taken_up_the_next_time(mirror, tmp_path, behaviour):
    mirror.behaviour = behaviour
    with pytest.raises(
        FetchError, match=r"127.0.0.1:\d+ cut the connection or stopped sending, 4 times in a row"
    ):
        get(tmp_path, mirror.url, timeout_s=SHORT_S)
    (part,) = tmp_path.iterdir()
    mirror.behaviour, mirror.ranges = "serve", []
    have = part.stat().st_size
    assert have > len(CONTENT) // 2
    assert is_intact(ASSET, get(tmp_path, mirror.url))
    assert mirror.ranges == [f"bytes={have}-"]
    assert list(tmp_path.iterdir()) == [tmp_path / ASSET.file]


def test_a_partial_file_of_something_else_is_fetched_whole(mirror, tmp_path):
    (tmp_path / f"{ASSET.file}.part").write_bytes(b"of another version")
    assert is_intact(ASSET, get(tmp_path, mirror.url))
    assert mirror.ranges == ["bytes=18-", ""]


def test_a_partial_file_that_lacks_nothing_is_not_fetched_again(mirror, tmp_path):
    (tmp_path / f"{ASSET.file}.part").write_bytes(CONTENT)
    assert is_intact(ASSET, get(tmp_path, mirror.url))
    assert mirror.ranges == [f"bytes={len(CONTENT)}-"]


BAD = [
    pytest.param("refuse", r"/files/face_landmarker.task answered 404 Not Found", id="not there"),
    pytest.param(
        "corrupt", rf"has sha256 (?!{ASSET.sha256})[0-9a-f]{{64}}, not {ASSET.sha256}", id="corrupt"
    ),
    pytest.param("less", rf"not {ASSET.sha256}: it was not kept", id="shorter than it is"),
    pytest.param("/files/again", r"127.0.0.1:\d+ redirects in circles", id="in circles"),
    pytest.param("ftp://127.0.0.1/x", "redirects from http to ftp, which is refused", id="to another scheme"),
    pytest.param("file:///etc/hostname", "from http to file, which is refused", id="to a file"),
    pytest.param("http://127.0.0.1:1/x", r"127.0.0.1:\d+ cannot be reached", id="to nobody"),
]


@pytest.mark.parametrize(("behaviour", "says"), BAD)
def test_what_goes_wrong_is_said_and_nothing_is_kept(mirror, tmp_path, behaviour, says):
    mirror.behaviour = behaviour
    with pytest.raises(FetchError, match=says):
        get(tmp_path, mirror.url)
    assert list(tmp_path.iterdir()) == []


def test_a_redirection_is_followed(mirror, tmp_path):
    mirror.behaviour = "redirect"
    assert is_intact(ASSET, get(tmp_path, mirror.url))


def test_a_redirection_does_not_leave_https():
    answer = requests.Response()
    answer.status_code, answer.url = 302, "https://models.example/x"
    answer.headers["Location"] = "http://models.example/x"
    with pytest.raises(FetchError, match=r"models.example redirects from https to http"):
        transfer._Session().get_redirect_target(answer)


def test_a_server_that_goes_on_for_ever_does_not_fill_the_disk(mirror, tmp_path, monkeypatch):
    monkeypatch.setattr(transfer, "LARGEST_BYTES", 1 << 18)
    with pytest.raises(FetchError, match="is larger than"):
        get(tmp_path, mirror.url)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= (1 << 18) + transfer.CHUNK_BYTES


def test_a_failed_download_leaves_the_old_file(mirror, tmp_path):
    old = tmp_path / ASSET.file
    old.write_bytes(b"an older version")
    mirror.behaviour = "corrupt"
    with pytest.raises(FetchError):
        get(tmp_path, mirror.url)
    assert old.read_bytes() == b"an older version"


def test_the_next_mirror_is_asked_for_what_the_first_does_not_give(mirror, tmp_path):
    mirror.behaviour = "corrupt"
    with mirror_of(CONTENT) as second:
        assert is_intact(ASSET, get(tmp_path, "http://127.0.0.1:1", mirror.url, second.url))
    assert (mirror.ranges, second.ranges) == ([""], [""])


def test_the_next_mirror_goes_on_where_the_first_was_cut(mirror, tmp_path):
    mirror.behaviour = "cut always"
    with mirror_of(CONTENT) as second:
        assert is_intact(ASSET, get(tmp_path, mirror.url, second.url))
    assert int(second.ranges[0][len("bytes=") : -1]) > len(CONTENT) // 2


def test_what_every_mirror_lacks_is_said_of_each(mirror, tmp_path):
    mirror.behaviour = "refuse"
    with pytest.raises(FetchError, match=r"127.0.0.1:1 cannot be reached; http.* answered 404"):
        get(tmp_path, "http://127.0.0.1:1", mirror.url)


def test_mirrors_come_before_the_official_address_and_those_named_are_the_only_ones(monkeypatch):
    assert addresses(ASSET) == [ASSET.url]
    monkeypatch.setenv(MIRRORS, "http://a/m/  https://b")
    assert addresses(ASSET) == [f"http://a/m/{ASSET.file}", f"https://b/{ASSET.file}", ASSET.url]
    assert addresses(ASSET, ["http://c"]) == [f"http://c/{ASSET.file}"]


def test_an_address_that_does_not_answer_is_given_up_in_time(mirror, tmp_path):
    mirror.behaviour = "hang"
    began = monotonic()
    with pytest.raises(FetchError, match=r"127.0.0.1:\d+ did not answer within 0.3 s"):
        get(tmp_path, mirror.url, timeout_s=SHORT_S)
    assert monotonic() - began < 3.0


def test_silence_has_one_name_whoever_notices_it_first(mirror, tmp_path, monkeypatch):
    mirror.behaviour = "hang"
    patient = Event.wait
    monkeypatch.setattr(Event, "wait", lambda self, timeout=None: patient(self, timeout and timeout + 5))
    with pytest.raises(FetchError, match=r"127.0.0.1:\d+ did not answer within 0.3 s"):
        get(tmp_path, mirror.url, timeout_s=SHORT_S)


@pytest.mark.parametrize(
    ("prefix", "says"),
    [
        pytest.param("http://127.0.0.1:1", "127.0.0.1:1 cannot be reached", id="nobody listens"),
        pytest.param("nonsense", "nonsense/face_landmarker.task is not an address", id="no scheme"),
        pytest.param("ftp://127.0.0.1", "ftp://127.0.0.1/face_landmarker.task is not of the web", id="ftp"),
        pytest.param("http://me:secret@127.0.0.1:1", ": 127.0.0.1:1 cannot be reached", id="with a password"),
    ],
)
def test_a_bad_address_is_named_without_its_secrets(tmp_path, prefix, says):
    with pytest.raises(FetchError, match=says) as raised:
        get(tmp_path, prefix)
    assert "secret" not in str(raised.value)


def test_a_proxy_is_asked(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", mirror.url)
    monkeypatch.setenv("NO_PROXY", "")
    assert is_intact(ASSET, get(tmp_path, "http://models.example/x"))
    assert mirror.paths == [f"http://models.example/x/{ASSET.file}"]


def test_no_proxy_is_asked_where_none_is_wanted(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert is_intact(ASSET, get(tmp_path, mirror.url))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_to_blame(tmp_path, monkeypatch, scheme):
    for name in PROXIES:
        monkeypatch.setenv(name, "http://127.0.0.1:1")
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(FetchError, match=r"the proxy to models.example cannot be reached or refuses"):
        get(tmp_path, f"{scheme}://models.example")


def test_a_folder_that_is_a_file_is_refused(mirror, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FetchError, match="file cannot be written to"):
        get(tmp_path / "file", mirror.url)


def test_a_full_disk_is_said_and_what_filled_it_is_gone(mirror, tmp_path):
    (tmp_path / f"{ASSET.file}.part").symlink_to("/dev/full")
    with pytest.raises(FetchError, match=r"cannot be written to \(No space left on device\); give --to"):
        get(tmp_path, mirror.url)
    assert list(tmp_path.iterdir()) == []


PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from fer_ros.fetch import ASSETS, fetch
url, folder, digest = sys.argv[1:]
fetch(replace(ASSETS[0], sha256=digest), Path(folder), 20.0, [url])
"""


@pytest.fixture
def process(mirror, tmp_path):
    """Starts processes that fetch the file."""
    started = []

    def start():
        words = [f"{mirror.url}/{ASSET.file}", str(tmp_path), ASSET.sha256]
        started.append(subprocess.Popen([sys.executable, "-c", PROGRAM, *words]))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def test_what_does_not_fit_leaves_nothing_behind(mirror, tmp_path):
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n{PROGRAM}"
    words = [f"{mirror.url}/{ASSET.file}", str(tmp_path), ASSET.sha256]
    command = [sys.executable, "-c", limited, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert "cannot be written to (File too large)" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_process_goes_on_where_another_was_killed(mirror, tmp_path, process):
    mirror.behaviour = "hold"
    killed, part = process(), tmp_path / f"{ASSET.file}.part"
    until(lambda: part.is_file() and part.stat().st_size > transfer.CHUNK_BYTES, "something has come")
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    have = part.stat().st_size
    mirror.behaviour = "serve"
    assert process().wait(PATIENCE_S) == 0
    assert mirror.ranges == ["", f"bytes={have}-"]
    assert (tmp_path / ASSET.file).read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [tmp_path / ASSET.file]


def test_of_two_processes_one_fetches_and_the_other_waits_for_it(mirror, tmp_path, process):
    mirror.behaviour = "hold"
    first = process()
    until(lambda: mirror.ranges, "the first has asked")
    second = process()
    until(lambda: _waits_for_a_lock(second.pid), "the second waits")
    mirror.released.set()
    assert (first.wait(PATIENCE_S), second.wait(PATIENCE_S)) == (0, 0)
    assert mirror.ranges == [""]
    assert (tmp_path / ASSET.file).read_bytes() == CONTENT


def _waits_for_a_lock(pid):
    waiting = (line.split() for line in Path("/proc/locks").read_text().splitlines() if "->" in line)
    return any(str(pid) in words for words in waiting)


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
