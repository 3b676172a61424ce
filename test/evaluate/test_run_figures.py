"""Figures of a recorded run, from runs whose figures are known."""

from math import isnan, nan

import pytest
from bags.runs import CLOUD, ONLINE, Script, a_run

from fer_ros.bags.run import read_run
from fer_ros.evaluate.run_figures import figures_of, newest_age, spans


def recorded(script, tmp_path):
    return read_run(script.write(tmp_path / "talk"))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return recorded(a_run(10.0), tmp_path_factory.mktemp("run"))


def test_modes_last_until_the_next_one(run):
    figures = figures_of(run)
    assert figures.mode_changes == 5
    assert figures.mode_s["ONLINE"] == pytest.approx(2.4 + 2.0, abs=0.05)
    assert figures.mode_s["OFFLINE"] == pytest.approx(1.0 + 2.1, abs=0.05)
    assert sum(figures.mode_s.values()) == pytest.approx(run.span_s)


def test_the_same_name_again_is_no_change():
    changes = [(0.0, "a"), (1.0, "a"), (2.0, "b"), (3.0, "a")]
    assert spans(changes, 5.0) == [(0.0, 2.0, "a"), (2.0, 3.0, "b"), (3.0, 5.0, "a")]
    assert spans([], 5.0) == []


def test_time_on_a_rung_counts_from_its_first_report(run):
    assert figures_of(run).rung_s == pytest.approx({"crops64@15": 8.0, "nothing": 2.0}, abs=0.05)


def test_ages_are_told_on_arrival_and_at_every_moment(run):
    """Results are 100 ms old when they come, every 67 ms; while the link is cut for 2 s none does."""
    figures = figures_of(run)
    assert (figures.arrival_p50_ms, figures.arrival_p95_ms) == pytest.approx((100, 100), abs=1)
    assert figures.newest_p50_ms == pytest.approx(100 + 67 / 2, abs=15)
    assert figures.newest_p95_ms == pytest.approx(100 + 1500, abs=100)


def test_the_newest_result_ages_until_the_next_one_comes(tmp_path):
    script = Script().mode(0.0, ONLINE).estimate("emotion", 4.0)
    script.estimate("emotion/cloud", 1.0, age_s=0.2).estimate("emotion/cloud", 3.0, age_s=0.5)
    times, ages = newest_age(recorded(script, tmp_path))
    assert times == pytest.approx([1.0, 3.0, 3.0, 4.0])
    assert ages == pytest.approx([0.2, 2.2, 0.5, 1.5])


def test_a_result_that_was_overtaken_makes_nothing_younger(tmp_path):
    script = Script().mode(0.0, ONLINE).estimate("emotion", 2.0)
    script.estimate("emotion/cloud", 1.0, age_s=0.1).estimate("emotion/cloud", 1.1, age_s=0.9, source=CLOUD)
    assert newest_age(recorded(script, tmp_path))[0] == pytest.approx([1.0, 2.0])


def test_the_longest_gap_is_found_where_it_is(tmp_path):
    script = (
        Script().estimate("emotion", 0.0).estimate("emotion", 0.1).estimate("emotion", 0.9).mode(1.0, ONLINE)
    )
    figures = figures_of(recorded(script, tmp_path))
    assert (figures.longest_gap_ms, figures.gap_at_s) == pytest.approx((800.0, 0.1))


def test_what_did_not_happen_has_no_figure(tmp_path):
    figures = figures_of(recorded(Script().estimate("emotion", 0.0).link(1.0, goodput_bps=nan), tmp_path))
    assert isnan(figures.newest_p95_ms)
    assert (figures.results, figures.mode_changes, figures.mode_s) == (0, 0, {})
    plain = figures.as_dict()
    assert (plain["arrival_p50_ms"], plain["longest_gap_ms"], plain["goodput_kbps"]) == (None, None, None)


def test_estimates_are_counted_by_whose_they_are(run):
    estimates = figures_of(run).estimates
    assert set(estimates) == {"robot", "both"}
    assert sum(estimates.values()) == 300
