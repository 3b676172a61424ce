"""`fer_ros link plot`: a bag in, a picture out; and one line where there is none."""

import json

import cv2
import pytest
from bags.runs import a_run, mcap_of
from sources.recordings import truncate

from fer_ros.cli.main import main


@pytest.fixture
def bag(tmp_path):
    return a_run(10.0).write(tmp_path / "talk")


def plot(capsys, *arguments):
    status = main(["link", "plot", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out.strip(), said.err.strip()


def test_a_bag_becomes_one_picture_and_one_line(bag, tmp_path, capsys):
    status, out, err = plot(capsys, bag, "--out", tmp_path / "run.png")
    assert (status, err) == (0, "")
    assert "run.png: 10.0 s, 5 mode changes, 120 cloud results 100 ms old on arrival" in out
    assert min(cv2.imread(str(tmp_path / "run.png")).shape[:2]) > 500
    assert (tmp_path / "run.png").stat().st_size < 300_000


def test_the_same_bag_gives_the_same_picture(bag, tmp_path, capsys):
    for name in ("a.png", "b.png"):
        plot(capsys, bag, "--out", tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_programs_get_the_figures(bag, tmp_path, capsys):
    _, out, _ = plot(capsys, bag, "--out", tmp_path / "run.png", "--json")
    figures = json.loads(out)
    assert (figures["mode_changes"], set(figures["rung_s"])) == (5, {"crops64@15", "nothing"})


def test_a_truncated_bag_is_drawn_as_far_as_it_goes_and_one_line_says_so(bag, tmp_path, capsys):
    truncate(mcap_of(bag), 0.5)
    status, _, err = plot(capsys, bag, "--out", tmp_path / "run.png")
    assert (status, len(err.splitlines())) == (0, 1)
    assert "is damaged and read as far as it goes" in err
    assert (tmp_path / "run.png").is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["nowhere"], "nowhere does not exist", id="absent"),
        pytest.param([__file__], "can be read as a bag", id="no bag"),
        pytest.param(["nowhere", "--out", "run.jpg"], "run.jpg is no name for a plot", id="no PNG"),
    ],
)
def test_what_cannot_be_drawn_is_one_line(tmp_path, monkeypatch, capsys, arguments, says):
    monkeypatch.chdir(tmp_path)
    status, out, err = plot(capsys, *arguments)
    assert (status, out, len(err.splitlines())) == (1, "", 1)
    assert says in err


def test_a_folder_that_takes_no_picture_is_named(bag, tmp_path, capsys):
    status, _, err = plot(capsys, bag, "--out", tmp_path / "absent" / "run.png")
    assert status == 1
    assert "absent/run.png cannot be written" in err
