"""What images say together, and the expression that is followed through them."""

import numpy as np
import pytest

from fer_ros.estimators.evidence import Evidence

STEP_S = 1 / 30
CLEAR, OTHER = (0.98, 0.01, 0.01), (0.01, 0.98, 0.01)
FAINT, FAINT_OTHER = (0.50, 0.45, 0.05), (0.45, 0.50, 0.05)


def said(evidence, *rows, step_s=STEP_S):
    """The mean after each of some images."""
    return [evidence.add(np.array(row, np.float32), step_s) for row in rows]


def labels(*rows, smoothing_s=0.3, changes_per_s=0.2, step_s=STEP_S):
    evidence = Evidence(smoothing_s, changes_per_s)
    return [int(row.argmax()) for row in said(evidence, *rows, step_s=step_s)]


def delay(shown):
    """Images of a new expression before it is shown."""
    return shown[20:].index(1)


def test_between_two_that_are_nearly_as_likely_the_one_shown_stays():
    unsteady = [FAINT, FAINT_OTHER] * 40
    assert labels(*unsteady, smoothing_s=0.01, changes_per_s=0.0) == [0, 1] * 40
    assert labels(*unsteady, smoothing_s=0.01) == [0] * 80


def test_clear_evidence_turns_the_label_sooner_than_the_mean_would():
    change = [CLEAR] * 20 + [OTHER] * 20
    assert delay(labels(*change)) < delay(labels(*change, changes_per_s=0.0))


def test_faint_evidence_has_to_last():
    shown = labels(*[CLEAR] * 20, *[FAINT_OTHER] * 400)
    assert shown[20:50] == [0] * 30
    assert shown[-1] == 1


def test_a_single_image_does_not_turn_the_label():
    assert labels(*[CLEAR] * 20, OTHER, *[CLEAR] * 20) == [0] * 41


@pytest.mark.parametrize("rate_hz", [5, 10, 15, 30])
def test_a_change_is_shown_within_half_a_second_at_any_rate(rate_hz):
    change = [CLEAR] * 20 + [OTHER] * 20
    assert (delay(labels(*change, step_s=1 / rate_hz)) + 1) / rate_hz <= 0.5


def test_fewer_expected_changes_keep_a_label_for_longer():
    change = [CLEAR] * 20 + [OTHER] * 40
    assert delay(labels(*change, changes_per_s=0.001)) > delay(labels(*change, changes_per_s=1.0))


def test_where_the_expression_changes_the_mean_begins_anew():
    evidence = Evidence(0.3, 0.2)
    rows = said(evidence, *[CLEAR] * 20, *[OTHER] * 20)
    turned = next(i for i, row in enumerate(rows) if row.argmax() == 1)
    np.testing.assert_allclose(rows[turned], OTHER, atol=1e-6)


def test_the_expression_followed_is_the_likeliest_in_the_mean():
    rows = said(Evidence(0.01, 0.2), FAINT, FAINT_OTHER)
    assert rows[1].sum() == pytest.approx(1.0)
    assert rows[1][0] > rows[1][1]
    assert rows[1][0] == pytest.approx(rows[1][1], rel=1e-3)


def test_a_steady_face_has_the_plain_mean():
    rows = [CLEAR, (0.8, 0.1, 0.1), (0.7, 0.1, 0.2), (0.85, 0.1, 0.05)] * 3
    np.testing.assert_allclose(said(Evidence(0.3, 0.2), *rows), said(Evidence(0.3), *rows), rtol=1e-6)


def test_long_certainty_does_not_make_it_deaf():
    short, long = ([(1.0, 0.0, 0.0)] * count + [OTHER] * 20 for count in (20, 2000))
    assert delay(labels(*long)[-40:]) == delay(labels(*short))


@pytest.mark.parametrize("step_s", [0.0, STEP_S], ids=["one stamp", "30 a second"])
def test_no_expression_is_ever_ruled_out(step_s):
    evidence = Evidence(0.3, 1e-9)
    certain, opposite = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
    with np.errstate(all="raise"):
        said(evidence, *[certain] * 500, step_s=step_s)
        assert said(evidence, *[opposite] * 100)[-1].argmax() == 1


def test_without_smoothing_nothing_is_followed():
    assert labels(FAINT, FAINT_OTHER, smoothing_s=0.0) == [0, 1]
