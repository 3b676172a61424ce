"""What images say together, and the label that is kept between two that are nearly as likely."""

import numpy as np
import pytest

from fer_ros.estimators.evidence import Evidence

STEP_S = 1 / 30


def said(evidence, *rows):
    """The mean after each of some images, 1/30 s apart."""
    return [evidence.add(np.array(row, np.float32), STEP_S) for row in rows]


def labels(*rows, lead, smoothing_s=0.01):
    return [int(row.argmax()) for row in said(Evidence(smoothing_s, lead), *rows)]


def test_between_two_that_are_nearly_as_likely_the_one_shown_stays():
    unsteady = [(0.50, 0.45, 0.05), (0.45, 0.50, 0.05)] * 4
    assert labels(*unsteady, lead=0.0) == [0, 1] * 4
    assert labels(*unsteady, lead=0.5) == [0] * 8


def test_one_that_leads_by_enough_takes_its_place_at_once():
    assert labels((0.5, 0.4, 0.1), (0.2, 0.7, 0.1), lead=0.5) == [0, 1]


def test_the_one_that_stays_takes_no_more_than_the_other_has():
    _, row = said(Evidence(0.01, 0.5), (0.50, 0.45, 0.05), (0.45, 0.50, 0.05))
    assert row.sum() == pytest.approx(1.0)
    assert row[0] > row[1]
    assert row[0] == pytest.approx(row[1], rel=1e-3)


def test_what_was_kept_leaves_no_trace_in_the_evidence():
    kept, free = Evidence(0.3, 0.5), Evidence(0.3)
    rows = [(0.6, 0.35, 0.05), (0.4, 0.55, 0.05), (0.1, 0.85, 0.05), (0.05, 0.9, 0.05)] * 3
    np.testing.assert_allclose(said(kept, *rows)[-1], said(free, *rows)[-1], rtol=1e-6)


def test_without_smoothing_nothing_is_kept():
    assert labels((0.50, 0.45, 0.05), (0.45, 0.50, 0.05), lead=0.5, smoothing_s=0.0) == [0, 1]
