import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.emotions import FERPLUS, LABEL_SPACES, VALENCE_AROUSAL, merge_to_three, valence_arousal


@pytest.mark.parametrize("space", LABEL_SPACES)
def test_every_label_is_named_once_and_has_a_place(space):
    labels = LABEL_SPACES[space]
    assert len(set(labels)) == len(labels)
    assert all(label in VALENCE_AROUSAL for label in labels)


def test_ferplus_is_fer2013_and_contempt():
    assert (*LABEL_SPACES["fer2013"], "contempt") == FERPLUS


@pytest.mark.parametrize(
    ("label", "signs"), [("happy", (1, 1)), ("sad", (-1, -1)), ("angry", (-1, 1)), ("neutral", (0, 0))]
)
def test_expressions_lie_where_the_circumplex_has_them(label, signs):
    probabilities = np.array([name == label for name in FERPLUS], np.float32)
    assert tuple(np.sign(valence_arousal(FERPLUS, probabilities))) == signs


def test_what_has_no_place_makes_the_whole_not_measured():
    assert np.isnan(valence_arousal(("happy", "unknown"), np.array([0.5, 0.5], np.float32))).all()


@given(st.lists(st.floats(0.01, 1.0), min_size=8, max_size=8))
def test_merging_keeps_the_whole(weights):
    probabilities = np.array(weights, np.float32) / np.float32(sum(weights))
    merged = merge_to_three(FERPLUS, probabilities)
    assert merged.sum() == pytest.approx(1.0, abs=1e-5)
    assert merged[0] == pytest.approx(probabilities[FERPLUS.index("happy")])
