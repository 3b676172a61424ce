"""`fer_ros models`, as it is typed."""

import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from mirror import mirror_of

from fer_ros import environment, fetch
from fer_ros.cli import models, models_fetch
from fer_ros.cli.main import main

CONTENT = b"weights" * 1000
ASSETS = tuple(replace(asset, sha256=sha256(CONTENT).hexdigest()) for asset in fetch.ASSETS)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, and assets whose content is a few bytes."""
    monkeypatch.setattr(fetch, "ASSETS", ASSETS)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("FER_ROS_MODEL_PATH", "")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    return environment.model_cache()


@pytest.fixture
def mirror():
    with mirror_of(CONTENT) as mirror:
        yield mirror


def on_a_terminal(arguments):
    """What a command shows on a terminal, and its exit status."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "fer_ros.cli.main", *arguments]
    environ = {**os.environ, "TERM": "xterm"}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the terminal is gone when the process is
        while chunk := os.read(ours, 1 << 16):
            shown += chunk
    os.close(ours)
    return shown.decode(), process.wait(20.0)


def test_fetch_brings_every_model_and_says_its_licence(cache, mirror, capsys):
    assert main(["models", "fetch", "--from", mirror.url]) == 0
    assert {path.name for path in cache.iterdir()} == {asset.file for asset in ASSETS}
    out = capsys.readouterr().out
    assert all(asset.licence in out for asset in ASSETS)


def test_fetch_takes_names_and_a_folder(cache, mirror, tmp_path):
    assert main(["models", "fetch", "yunet", "--from", mirror.url, "--to", str(tmp_path / "here")]) == 0
    assert [path.name for path in (tmp_path / "here").iterdir()] == [ASSETS[1].file]


def test_fetch_leaves_what_is_here(cache, mirror, tmp_path, monkeypatch, capsys):
    shared = tmp_path / "shared"
    main(["models", "fetch", "--from", mirror.url, "--to", str(shared)])
    monkeypatch.setenv("FER_ROS_MODEL_PATH", str(shared))
    mirror.ranges.clear()
    assert main(["models", "fetch", "--from", mirror.url]) == 0
    assert (mirror.ranges, cache.exists()) == ([], False)
    assert f"{ASSETS[0].file} is in {shared}" in capsys.readouterr().out


def test_a_model_that_cannot_be_fetched_is_an_error(cache, mirror, capsys):
    mirror.behaviour = "refuse"
    assert main(["models", "fetch", "yunet", "--from", mirror.url]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    asset = ASSETS[1]
    by_hand = f"; try again, or put into {cache} by other means: {asset.url} (sha256 {asset.sha256})"
    assert re.search(rf"answered 404 Not Found{re.escape(by_hand)}$", line)
    assert ASSETS[0].url not in line


def test_mirrors_are_tried_in_turn(cache, mirror, capsys):
    assert main(["models", "fetch", "--from", "http://127.0.0.1:1", "--from", mirror.url]) == 0
    assert {path.name for path in cache.iterdir()} == {asset.file for asset in ASSETS}


def test_mirrors_of_the_environment_come_before_the_official_address(cache, mirror, monkeypatch):
    official = tuple(replace(asset, url=f"{mirror.url}/official/{asset.file}") for asset in ASSETS)
    monkeypatch.setattr(fetch, "ASSETS", official)
    monkeypatch.setenv("FER_ROS_MODEL_MIRRORS", f"http://127.0.0.1:1 {mirror.url}/mine")
    assert main(["models", "fetch", "yunet"]) == 0
    monkeypatch.setenv("FER_ROS_MODEL_MIRRORS", "http://127.0.0.1:1")
    assert main(["models", "fetch", "mediapipe"]) == 0
    asked = [path.rpartition("/")[0] for path in mirror.paths]
    assert asked == ["/files/mine", "/files/official"]


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(cache, mirror, capsys, monkeypatch):
    monkeypatch.setattr(models_fetch, "LINE_EVERY_S", 0.0)
    assert main(["models", "fetch", "yunet", "--from", mirror.url]) == 0
    assert f"{ASSETS[1].file}: 0.0 of 0.0 MB" in capsys.readouterr().err.splitlines()


def test_a_short_download_says_nothing_of_its_progress(cache, mirror, capsys):
    assert main(["models", "fetch", "--from", mirror.url]) == 0
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar(cache, mirror):
    """A real terminal, and the command as a real process: the bar is drawn, and it is gone in the end."""
    shown, status = on_a_terminal(["models", "fetch", "yunet", "--from", mirror.url, "--to", str(cache)])
    assert status == 1  # the content is not the model's
    assert f"{ASSETS[1].file} " in shown
    assert "\N{BOX DRAWINGS HEAVY HORIZONTAL}" in shown


def test_an_optional_model_that_cannot_be_fetched_is_one_line(cache, mirror, capsys):
    mirror.behaviour = "hang"
    assert main(["models", "fetch", "--optional", "--timeout", "0.3", "--from", mirror.url]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert all(f"{asset.file}: 127.0.0.1" in line for asset in ASSETS)
    assert "did not answer within 0.3 s" in line


def test_list_says_where_models_are_and_how_to_get_those_that_are_not(cache, capsys):
    assert main(["models", "list"]) == 0
    out = capsys.readouterr().out
    assert "robot@" in out
    assert "missing; `fer_ros models fetch yunet` gets it" in out


def test_list_for_programs(cache, mirror, capsys):
    main(["models", "fetch", "yunet", "--from", mirror.url])
    capsys.readouterr()
    main(["models", "list", "--json"])
    listed = json.loads(capsys.readouterr().out)
    paths = {entry["name"]: entry["path"] for entry in listed["third_party"]}
    assert paths == {"mediapipe": None, "yunet": str(cache / ASSETS[1].file)}
    assert {"robot", "cloud"} <= {entry["name"] for entry in listed["own"]}


def test_list_goes_on_past_a_broken_model(cache, capsys, tmp_path, monkeypatch):
    (tmp_path / "models" / "broken").mkdir(parents=True)
    (tmp_path / "models" / "broken" / "card.yaml").write_text("name: broken")
    monkeypatch.setattr(models, "share", lambda folder: tmp_path / folder)
    assert main(["models", "list"]) == 0
    assert "holds no model.onnx" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["robot", "cloud"])
def test_show_gives_the_card(name, capsys):
    assert main(["models", "show", name]) == 0
    text = capsys.readouterr().out
    assert all(word in text for word in (f"{name}@", "contempt", "licence", "accuracy", "limits:"))


def test_show_for_programs(capsys):
    assert main(["models", "show", "robot", "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["heads"]["ferplus"]["labels"][3] == "happy"
    assert card["figures"]


def test_show_a_model_of_others(cache, capsys):
    assert main(["models", "show", "yunet"]) == 0
    assert "MIT" in capsys.readouterr().out


def test_an_unknown_model_is_one_line(capsys):
    assert main(["models", "show", "nix"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("text", ["soon", "0", "-1", "inf"])
def test_a_timeout_is_a_number_of_seconds(text, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["models", "fetch", "--timeout", text])
    assert ended.value.code == 2
    assert "--timeout" in capsys.readouterr().err


def test_the_pinned_checksums_are_those_of_files_that_are_here():
    """Where the real files are, they are what is pinned."""
    found = [(asset, fetch.find(asset, environment.model_folders())) for asset in fetch.ASSETS]
    here = [(asset, path) for asset, path in found if path]
    if not here:
        pytest.skip("no third-party model is here: `fer_ros models fetch` gets them")
    assert all(fetch.is_intact(asset, path) for asset, path in here)
