import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.estimators.calibration import (
    conformal_threshold,
    fit_temperature,
    in_set,
    set_labels,
    softmax,
)

LABELS = ("angry", "happy", "sad", "neutral")
SEEDS = st.integers(0, 2**32 - 1)


def sample(seed: int, count: int, spread: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and labels drawn from the distributions that they stand for."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, spread, (count, len(LABELS))).astype(np.float32)
    cumulative = softmax(logits).cumsum(axis=1)
    labels = (random.random((count, 1)) > cumulative[:, :-1]).sum(axis=1)
    return logits, labels.astype(np.int64)


@given(SEEDS, st.floats(0.1, 10))
def test_softmax_sums_to_one_and_keeps_the_order(seed, temperature):
    logits, _ = sample(seed, 5)
    probabilities = softmax(logits, temperature)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (probabilities.argmax(axis=1) == logits.argmax(axis=1)).all()


def test_softmax_of_huge_logits_is_finite():
    assert softmax(np.array([1e4, -1e4], np.float32)).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("factor", [0.25, 1.0, 4.0])
def test_the_fitted_temperature_undoes_overconfidence(factor):
    logits, labels = sample(0, 20_000)
    assert fit_temperature(logits * np.float32(factor), labels) == pytest.approx(factor, rel=0.05)


@pytest.mark.parametrize("coverage", [0.5, 0.9, 0.99])
def test_sets_on_new_data_cover_as_promised_even_when_miscalibrated(coverage):
    logits, labels = sample(2, 8_000)
    probabilities = softmax(logits, 0.3)
    threshold = conformal_threshold(probabilities[:4_000], labels[:4_000], coverage)
    inside = in_set(probabilities[4_000:], threshold)
    covered = inside[np.arange(4_000), labels[4_000:]].mean()
    assert covered >= coverage - 0.02


def test_the_finite_sample_correction_asks_for_one_more_than_the_quantile():
    probabilities = np.array([[p, 1 - p] for p in (0.9, 0.8, 0.7, 0.6)], np.float32)
    truth = np.zeros(4, np.int64)
    assert conformal_threshold(probabilities, truth, 0.5) == pytest.approx(0.7)  # rank ceil(5 * 0.5)
    assert conformal_threshold(probabilities, truth, 0.9) == 0.0  # four cannot promise 90 %


@given(SEEDS, st.floats(0, 1))
def test_a_prediction_set_is_never_empty_and_most_likely_first(seed, threshold):
    probabilities = softmax(sample(seed, 1)[0][0])
    found = set_labels(probabilities, in_set(probabilities, threshold), LABELS)
    ranks = [probabilities[LABELS.index(label)] for label in found]
    assert found[0] == LABELS[int(probabilities.argmax())]
    assert ranks == sorted(ranks, reverse=True)
    assert all(rank >= threshold for rank in ranks[1:])


def test_a_lower_threshold_never_shrinks_a_set():
    probabilities = np.array([0.5, 0.3, 0.15, 0.05], np.float32)
    sizes = [len(set_labels(probabilities, in_set(probabilities, t), LABELS)) for t in (0.6, 0.3, 0.1, 0.0)]
    assert sizes == [1, 2, 3, 4]


@pytest.mark.parametrize("coverage", [0.0, 1.0, 1.5])
def test_coverage_out_of_bounds_is_named(coverage):
    with pytest.raises(ValueError, match=f"coverage is {coverage}"):
        conformal_threshold(np.ones((1, 1), np.float32), np.zeros(1, np.int64), coverage)


def test_nothing_can_be_fitted_on_no_labels():
    none = np.empty((0, 4), np.float32), np.empty(0, np.int64)
    for fit in (fit_temperature, conformal_threshold):
        with pytest.raises(ValueError, match="at least one"):
            fit(*none)
