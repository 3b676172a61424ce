from math import isnan, nan

import numpy as np
import pytest

from fer_ros.errors import DatasetError
from fer_ros.evaluate.figures import Outcome, bands, class_figures, figures


def outcome(truth, answers, sets=None, detected=None, sure=0.8, labels=3):
    truth, answers = np.array(truth), np.array(answers)
    probabilities = np.full((len(truth), labels), (1 - sure) / (labels - 1), np.float32)
    probabilities[np.arange(len(truth)), answers] = sure
    inside = (
        probabilities == probabilities.max(axis=1, keepdims=True) if sets is None else np.array(sets, bool)
    )
    return Outcome(truth, probabilities, inside, np.array(detected or [1] * len(truth), bool))


def test_figures_by_hand_where_every_face_is_found():
    found = figures(outcome([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 0]))
    assert found.n == 6
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.macro_f1 == pytest.approx((2 / 3 + 4 / 5 + 0) / 3)
    assert found.ece == pytest.approx(0.8 - 4 / 6)
    assert (found.coverage, found.mean_set_size) == (pytest.approx(4 / 6), 1.0)
    assert found.accuracy_at_80 == pytest.approx(4 / 6)


def test_a_face_that_is_not_found_is_an_error_an_abstention_and_not_covered():
    found = figures(outcome([0, 1, 1, 0], [0, 1, 1, 0], sets=[[1, 1, 1]] * 4, detected=[1, 1, 1, 0]))
    assert found.accuracy == pytest.approx(3 / 4)
    assert found.macro_f1 == pytest.approx((2 / 3 + 1) / 2)
    assert found.coverage == pytest.approx(3 / 4)
    assert found.mean_set_size == 3.0
    assert found.ece == pytest.approx(0.2)  # of the answers alone
    assert found.accuracy_at_80 == pytest.approx(3 / 4)


def test_what_stands_in_the_row_of_a_face_that_was_not_found_does_not_matter():
    some = outcome([0, 1], [0, 1], detected=[1, 0])
    some.probabilities[1] = nan
    assert figures(some).accuracy == 0.5


def test_no_face_found_at_all():
    found = figures(outcome([0, 1], [0, 1], detected=[0, 0]))
    assert (found.accuracy, found.coverage, found.accuracy_at_80, found.risk_area) == (0, 0, 0, 1)
    assert isnan(found.ece)
    assert isnan(found.mean_set_size)


def test_figures_of_each_class_by_hand():
    happy, sad, angry = class_figures(outcome([0, 0, 1, 1], [0, 1, 1, 1], detected=[1, 1, 1, 0]))
    assert (happy.n, happy.recall, happy.precision, happy.coverage) == (2, 0.5, 1.0, 0.5)
    assert (sad.n, sad.recall, sad.precision) == (2, 0.5, 0.5)
    assert happy.f1 == pytest.approx(2 / 3)
    assert sad.f1 == pytest.approx(2 / 4)
    assert angry.n == 0
    assert all(map(isnan, (angry.recall, angry.precision, angry.f1, angry.mean_set_size)))


def test_the_confusion_matrix_has_a_column_for_no_answer():
    counts = outcome([0, 1, 1], [0, 0, 1], detected=[1, 1, 0], labels=2).confusion()
    assert counts.tolist() == [[1, 0, 0], [1, 0, 1]]


def test_cases_of_each_band():
    found = bands(outcome([0, 1, 2], [0, 1, 1]), np.array([10.0, 30.0, 50.0]), (12, 24, 100))
    assert {edge: len(some.truth) for edge, some in found.items()} == {12: 1, 24: 2}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"truth": np.empty(0, np.int64)}, "no case"),
        ({"sets": np.ones((2, 2), bool)}, r"sets are \(2, 2\), not \(2, 3\)"),
        ({"detected": np.ones(3, bool)}, r"detected are \(3,\), not \(2,\)"),
        ({"truth": np.array([0, 3])}, r"true labels are 0..3, not 0..2"),
        ({"truth": np.array([-1, 2])}, r"true labels are -1..2"),
        ({"probabilities": np.full((2, 3), nan, np.float32)}, "not a number"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, words):
    good = outcome([0, 1], [0, 1])
    arrays = {name: getattr(good, name) for name in ("truth", "probabilities", "sets", "detected")}
    with pytest.raises(DatasetError, match=words):
        Outcome(**arrays | change)
