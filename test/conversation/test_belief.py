from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.conversation.belief import Belief

LABELS = ("happy", "sad", "neutral")
DT_S = 1 / 30


def shown(seconds, probabilities, rate_hz=30.0, belief=None, labels=LABELS):
    belief = belief or Belief(memory_s=0.8, looks=1.0)
    for _ in range(round(seconds * rate_hz)):
        belief.add(labels, probabilities, 1 / rate_hz)
    return belief


def probability(belief, label, unseen_s=0.0):
    return belief.likeliest(label, unseen_s)[2]


def test_before_the_first_estimate_nothing_is_likely():
    assert Belief(0.8, 1.0).likeliest("happy") == ("", 0.0, 0.0)


@pytest.mark.parametrize("p", [0.4, 0.6, 0.9, 0.99])
def test_a_steady_estimate_keeps_its_probability_however_long_it_lasts(p):
    for seconds in (6.0, 600.0):
        belief = shown(seconds, (p, (1 - p) / 2, (1 - p) / 2))
        assert probability(belief, "happy") == pytest.approx(p, abs=0.01)


@pytest.mark.parametrize("rate_hz", [5.0, 15.0, 60.0])
def test_the_frame_rate_does_not_matter(rate_hz):
    belief = shown(1.0, (0.9, 0.05, 0.05), rate_hz)
    assert probability(belief, "happy") == pytest.approx(
        probability(shown(1.0, (0.9, 0.05, 0.05)), "happy"), abs=0.02
    )


def test_several_looks_add_up():
    once, twice = (shown(6.0, (0.6, 0.2, 0.2), belief=Belief(0.8, looks)) for looks in (1.0, 2.0))
    odds = log(0.6 / 0.2)
    assert probability(once, "happy") == pytest.approx(exp(odds) / (exp(odds) + 2), abs=0.01)
    assert probability(twice, "happy") == pytest.approx(exp(2 * odds) / (exp(2 * odds) + 2), abs=0.01)


def test_what_is_not_seen_fades_to_nothing_known():
    belief = shown(5.0, (0.9, 0.05, 0.05))
    assert 0.4 < probability(belief, "happy", unseen_s=0.8) < 0.8
    assert probability(belief, "happy", unseen_s=30.0) == pytest.approx(1 / 3)
    belief.fade(30.0)
    assert probability(belief, "happy") == pytest.approx(1 / 3)


def test_an_expression_that_comes_and_goes_leaves_none_likely():
    belief = Belief(0.8, 1.0)
    for index in range(300):
        belief.add(LABELS, (0.9, 0.05, 0.05) if index // 3 % 2 else (0.05, 0.9, 0.05), DT_S)
    assert belief.likeliest("")[1] < 0.55


@pytest.mark.parametrize("certain", [(0.0, 1.0, 0.0), (1e-30, 1.0, 1e-30)])
def test_no_single_frame_is_proof(certain):
    belief = shown(3.0, (0.8, 0.1, 0.1))
    belief.add(LABELS, certain, DT_S)
    assert belief.likeliest("")[0] == "happy"


def test_one_frame_after_a_long_gap_says_what_a_quarter_of_a_second_says():
    late, brief = shown(5.0, (0.1, 0.8, 0.1)), Belief(0.8, 1.0)
    late.add(LABELS, (0.9, 0.05, 0.05), 60.0)
    brief.add(LABELS, (0.9, 0.05, 0.05), 0.25)
    assert probability(late, "happy") == pytest.approx(probability(brief, "happy"))


def test_labels_may_change_and_shared_ones_keep_their_evidence():
    belief = shown(3.0, (0.9, 0.05, 0.05))
    before = probability(belief, "happy")
    belief.add(("sad", "happy", "neutral", "contempt"), (0.05, 0.85, 0.05, 0.05), DT_S)
    assert probability(belief, "happy") == pytest.approx(before, abs=0.06)
    assert probability(belief, "contempt") < 0.1
    belief.add(("sad", "fear"), (0.5, 0.5), DT_S)
    assert probability(belief, "happy") == 0.0


def impressions(random, seconds, lasts_s):
    """(truth, calibrated probabilities) of a face that is misread alike while an impression lasts."""
    truth, seen = 0, np.full(3, 1 / 3)
    for step in range(round(seconds / DT_S)):
        changes = random.random() < DT_S / 10.0
        truth = int(random.integers(3)) if changes else truth
        if changes or step % round(lasts_s / DT_S) == 0:
            evidence = random.normal(0.0, 1.0, 3)
            evidence[truth] += 1.5
            odds = np.exp(1.5 * evidence)  # the likelihood ratios of that impression
            seen = odds / odds.sum()
        yield truth, seen


@pytest.mark.parametrize("lasts_s", [0.2, 0.8, 3.0])
def test_what_is_claimed_is_right_at_least_as_often_whether_errors_last_or_not(lasts_s):
    belief, claimed, right, single = Belief(0.8, 1.0), [], [], []
    for truth, seen in impressions(np.random.default_rng(7), 1200.0, lasts_s):
        belief.add(LABELS, seen.tolist(), DT_S)
        best, p, _ = belief.likeliest("")
        claimed.append(p)
        right.append(LABELS.index(best) == truth)
        single.append(int(seen.argmax()) == truth)
    claimed, right = np.array(claimed), np.array(right)
    for low, high in ((0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        chosen = (claimed >= low) & (claimed < high)
        assert claimed[chosen].mean() <= right[chosen].mean() + 0.03
    assert right.mean() > np.mean(single) + 0.02
    assert right.mean() < claimed.mean() + 0.25


def test_adding_up_log_odds_frame_by_frame_would_be_overconfident():
    total, claimed, right = np.zeros(3), [], []
    for truth, seen in impressions(np.random.default_rng(7), 600.0, 3.0):
        total = np.exp(-DT_S / 0.8) * total + np.log(seen)
        odds = np.exp(total - total.max())
        claimed.append(odds.max() / odds.sum())
        right.append(int(odds.argmax()) == truth)
    assert np.mean(claimed) > np.mean(right) + 0.1


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 5)), max_size=30), st.floats(0.05, 60)
)
def test_probabilities_stay_probabilities(frames, memory_s):
    belief = Belief(memory_s, 3.0)
    for a, b, dt_s in frames:
        belief.add(("happy", "sad"), (a / (a + b + 1e-9), b / (a + b + 1e-9)), dt_s)
        best, p, own = belief.likeliest("sad")
        assert best in ("happy", "sad")
        assert 0.5 <= p <= 1.0
        assert 0.0 <= own <= p
