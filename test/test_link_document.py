"""The document about three links: every figure in it is from the recordings that it is given."""

import re

import pytest
from bags.runs import OFFLINE, ONLINE, Script, a_run

from benchmarks.link_document import CASES, Told, document
from fer_ros.bags.run import read_run
from fer_ros.evaluate.run_figures import figures_of

COMMAND = "python -m benchmarks.link_document"


def told(case, script, folder):
    run = read_run(script.write(folder / case.file))
    return Told(case, run, figures_of(run))


@pytest.fixture
def text(tmp_path):
    return document(
        [told(c, a_run(12.0, "walk" if c.file == "walk" else "wifi"), tmp_path) for c in CASES], COMMAND
    )


def section(text, title):
    return text.partition(f"## {title}")[2].partition("\n## ")[0]


def test_each_link_has_its_command_its_plot_and_its_lesson(text):
    for case in CASES:
        found = section(text, case.title)
        assert (
            f"`fer_ros run --duration {case.seconds:g} {' '.join(case.options)} --record {case.file}`"
            in found
        )
        assert f"({case.file}.png)" in found
        assert "ONLINE" in found


def test_the_table_holds_the_figures_of_the_recordings(text):
    rows = dict(re.findall(r"^\| ([^|]+?) +\| ([^|]+?) \|", text, re.MULTILINE))
    assert rows["their age on arrival, median"] == "100 ms"
    assert rows["mode changes"] == "5"
    assert rows["time on each rung"] == "crops64@15 10.0 s, nothing 2.0 s"


def test_the_cut_is_told_with_what_it_did(text):
    """It is cut from 4 to 6 s; OFFLINE comes at 4.4 s and ONLINE at 8 s."""
    found = section(text, "A wifi, cut and mended")
    assert "OFFLINE 0.40 s after the cut, and ONLINE again 2.0 s after the mending" in found
    assert "The cut was from 4.0 to 6.0 s" in found


def test_the_way_there_and_back_is_the_profiles(text):
    assert "takes 80 ms of that" in section(text, "A wifi")


def test_a_run_in_which_little_happened_says_so(tmp_path):
    cut = next(case for case in CASES if case.file == "cut")
    early = Script().mode(0.0, ONLINE).link(0.0).estimate("emotion", 1.0)
    never = Script().mode(0.0, OFFLINE).link(0.0).link(1.0, cut=True).link(2.0).estimate("emotion", 3.0)
    for name, script, words in (
        ("early", early, "The recording ends before the link was cut."),
        ("never", never, "not ONLINE when the link was cut, and not ONLINE again"),
    ):
        found = document([told(cut, script, tmp_path / name)], COMMAND)
        assert words in found
        assert " nan" not in found.lower()
