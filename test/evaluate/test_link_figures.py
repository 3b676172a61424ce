from math import isnan

import numpy as np
import pytest

from fer_ros.evaluate.link_clip import LinkClip
from fer_ros.evaluate.link_figures import NOBODY, link_figures, smoothed_labels
from fer_ros.evaluate.link_report import LinkCase, as_json, compare_senders, measured_ladder, to_markdown
from fer_ros.link.ladder import Step
from fer_ros.link.profiles import DIRECT, Direction, LinkProfile
from fer_ros.link.rehearsal import Record, Result, Shot
from fer_ros.link.rung import parse_rung

HZ = 30.0
GOOD, POOR = parse_rung("crops64@30"), parse_rung("quantised@30")


def clip(seconds=4.0):
    """Happy for two seconds, then sad; the quantised rung always says happy."""
    count = round(seconds * HZ)
    full = np.tile(np.array([0.9, 0.1], np.float32), (count, 1))
    full[count // 2 :] = [0.1, 0.9]
    wrong = np.tile(np.array([0.9, 0.1], np.float32), (count, 1))
    sizes = {"crops64": 1000, "quantised": 80}
    shots = tuple(Shot(i / HZ, (), sizes) for i in range(count))
    return LinkClip(shots, full, {"crops64": full, "quantised": wrong})


def results(rung, delay_s, every=1, count=120):
    return Record([Result(i / HZ + delay_s, i, rung) for i in range(0, count, every)], [], 8000, 10)


def test_results_without_delay_agree_always():
    figures = link_figures(clip(), results(GOOD, 0.001), 4.0)
    assert figures.agreement == pytest.approx(1.0, abs=0.02)
    assert figures.fresh == figures.agreement
    assert figures.results_hz == pytest.approx(30.0)


def test_a_late_result_is_wrong_about_a_change_and_right_otherwise():
    figures = link_figures(clip(), results(GOOD, 0.5), 4.0)
    assert figures.fresh == 0.0
    assert figures.agreement == pytest.approx(1.0 - 0.5 / 4 - 0.5 / 4, abs=0.03)
    assert figures.age_mean_s == pytest.approx(0.5, abs=0.04)


def test_a_rung_that_sees_less_agrees_less():
    assert link_figures(clip(), results(POOR, 0.0), 4.0).agreement == pytest.approx(0.5, abs=0.06)


def test_results_that_stop_grow_old_and_stop_counting():
    figures = link_figures(clip(), results(GOOD, 0.0, count=30), 4.0)
    assert figures.age_p95_s > 2.0
    assert figures.agreement == pytest.approx(0.5, abs=0.05)


def test_a_result_that_comes_late_does_not_replace_a_newer_one():
    record = results(GOOD, 0.0)
    record.results.append(Result(3.9, 0, POOR))
    assert link_figures(clip(), record, 4.0).age_p95_s < 0.1


def test_without_any_result_ages_are_not_known():
    figures = link_figures(clip(), Record(), 4.0)
    assert isnan(figures.age_mean_s)
    assert (figures.agreement, figures.results_hz) == (0.0, 0.0)


def test_an_image_without_a_face_is_nobodys():
    rows = np.array([[0.9, 0.1], [np.nan, np.nan]], np.float32)
    assert smoothed_labels(rows, 1 / HZ).tolist() == [0, NOBODY]


def test_the_use_of_a_rung_is_what_it_agrees_in_on_a_free_link():
    steps = [Step(GOOD, 0.5, 1.0), Step(POOR, 0.5, 1.0)]
    found = {str(step.rung): step for step in measured_ladder(clip(), steps, 10.0)}
    assert found["crops64@30"].use > 0.9 > found["quantised@30"].use
    assert found["crops64@30"].size_bytes == 1000


def test_a_report_has_every_sender_on_every_link():
    thin = LinkProfile("thin", Direction(rate_kbps=100.0), Direction(rate_kbps=1000.0))
    cases = [LinkCase("direct", ((0.0, DIRECT),), False), LinkCase("thin", ((0.0, thin),), True)]
    ladder = measured_ladder(clip(), [Step(GOOD, 0.5, 1.0), Step(POOR, 0.5, 1.0)], 10.0)
    done = []
    found = compare_senders(clip(), cases, ladder, "crops", 10.0, lambda: done.append(1))
    assert len(done) == 6
    content = as_json(found, cases)
    assert content["direct"]["best_fixed"] == "crops64@30"
    assert content["thin"]["best_fixed"] == "quantised@30"  # the other needs 250 kbit/s
    text = to_markdown(found, cases)
    assert "### Constant links" in text
    assert "### Links that change" in text
    assert text.count("best fixed:") == 2
