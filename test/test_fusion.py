from dataclasses import replace
from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fer_ros.emotions import FER2013, FERPLUS, valence_arousal
from fer_ros.estimators.estimate import UNSURE, Estimate
from fer_ros.fusion import combine, corrected, information

HAPPY, SAD, NEUTRAL = (FERPLUS.index(label) for label in ("happy", "sad", "neutral"))


def distribution(**shares):
    """These labels' probabilities; the others share what is left."""
    left = 1.0 - sum(shares.values())
    rest = left / (len(FERPLUS) - len(shares))
    return np.array([shares.get(label, rest) for label in FERPLUS], np.float32)


def estimate(model="robot@1", prediction_set=("happy",), **shares):
    return Estimate(
        1.0,
        model,
        "face_1",
        (0.1, 0.2, 0.3, 0.4),
        FERPLUS,
        distribution(**shares),
        prediction_set,
        0.9,
        abstained=False,
        reason="",
        valence=0.1,
        arousal=0.2,
        face_size_px=80.0,
        rate_hz=30.0,
        frames=7,
    )


HAPPY_FACE, SAD_FACE = estimate(happy=0.8), estimate(sad=0.8, prediction_set=("sad",))


def combined(now, then, cloud, weight=0.5):
    return combine(now, then, cloud, weight, sure_from=0.4)


def test_image_face_and_box_are_the_robots_and_the_model_is_both():
    found = combined(HAPPY_FACE, HAPPY_FACE, estimate("cloud@2", sad=0.5))
    same = ("stamp", "face_id", "box", "labels", "face_size_px", "rate_hz", "frames", "coverage")
    assert [getattr(found, name) for name in same] == [getattr(HAPPY_FACE, name) for name in same]
    assert found.model == "robot@1+cloud@2"


def test_while_the_face_stays_the_same_it_is_a_mean_of_both():
    found = combined(HAPPY_FACE, HAPPY_FACE, SAD_FACE).probabilities
    assert found[HAPPY] == pytest.approx(found[SAD])
    assert found[HAPPY] > 2 * found[NEUTRAL]
    assert found.sum() == pytest.approx(1.0)


def test_where_both_say_the_same_nothing_changes():
    found = combined(HAPPY_FACE, HAPPY_FACE, HAPPY_FACE).probabilities
    assert found == pytest.approx(HAPPY_FACE.probabilities, abs=1e-6)


def test_a_cloud_that_agreed_about_the_old_face_does_not_hold_back_the_new_one():
    found = combined(SAD_FACE, HAPPY_FACE, HAPPY_FACE)
    assert found.probabilities == pytest.approx(SAD_FACE.probabilities, abs=1e-6)


def test_what_the_cloud_corrected_stays_corrected_in_the_next_images():
    cloud = distribution(happy=0.6, neutral=0.3)
    robot_then = distribution(happy=0.3, neutral=0.6)
    robot_now = distribution(happy=0.32, neutral=0.58)
    assert corrected(robot_now, robot_then, cloud, 0.9).argmax() == HAPPY


@pytest.mark.parametrize(("weight", "closest"), [(0.0, HAPPY), (1.0, SAD)])
def test_at_the_ends_of_the_weight_one_of_them_speaks_alone(weight, closest):
    found = combined(HAPPY_FACE, HAPPY_FACE, SAD_FACE, weight).probabilities
    assert found[closest] == pytest.approx(0.8, abs=1e-4)


def test_a_cloud_that_knows_nothing_changes_nothing():
    found = combined(HAPPY_FACE, HAPPY_FACE, estimate()).probabilities
    assert found == pytest.approx(HAPPY_FACE.probabilities, abs=1e-6)


def test_two_that_know_nothing_know_nothing_together():
    assert combined(estimate(), estimate(), estimate()).probabilities == pytest.approx(distribution())


def test_information_is_nothing_for_a_guess_and_most_for_certainty():
    sure = np.eye(len(FERPLUS), dtype=np.float32)[0]
    found = information(np.stack([distribution(), distribution(happy=0.5), sure]))
    assert found[0] == pytest.approx(0.0, abs=1e-6)
    assert found[2] == pytest.approx(np.log(len(FERPLUS)))
    assert found[0] < found[1] < found[2]


def test_the_prediction_set_is_the_robots_and_the_likeliest_label():
    cloud = estimate("cloud@1", sad=0.99, prediction_set=("sad", "fear"))
    found = combined(estimate(happy=0.5), estimate(happy=0.5), cloud, 0.9)
    assert (found.label, found.prediction_set) == ("sad", ("sad", "happy"))


def test_the_prediction_set_is_in_the_order_of_the_combined_distribution():
    own = estimate(happy=0.4, sad=0.35, prediction_set=("happy", "sad"))
    found = combined(own, own, estimate("cloud@1", happy=0.1, sad=0.8))
    assert found.prediction_set == ("sad", "happy")


def test_two_that_contradict_each_other_abstain():
    three = [estimate(**{label: 0.5}) for label in ("happy", "sad")]
    found = combine(three[0], three[0], three[1], 0.5, sure_from=0.5)
    assert (found.abstained, found.reason) == (True, UNSURE)


def test_two_that_were_unsure_and_agree_need_not_abstain():
    own = replace(estimate(happy=0.35), abstained=True, reason=UNSURE)
    found = combined(own, own, estimate("cloud@1", happy=0.7))
    assert (found.abstained, found.reason) == (False, "")


def test_valence_and_arousal_follow_the_combined_distribution():
    found = combined(HAPPY_FACE, HAPPY_FACE, SAD_FACE)
    assert (found.valence, found.arousal) == valence_arousal(FERPLUS, found.probabilities)


OTHER_LABELS = replace(HAPPY_FACE, labels=FER2013, probabilities=np.full(7, 1 / 7, np.float32))
NOTHING_SAID = replace(HAPPY_FACE, probabilities=np.empty(0, np.float32))


@pytest.mark.parametrize("other", [OTHER_LABELS, NOTHING_SAID], ids=["other labels", "no distribution"])
@pytest.mark.parametrize("place", [1, 2])
def test_what_cannot_be_combined_leaves_the_robots_estimate_as_it_is(other, place):
    three = [HAPPY_FACE, HAPPY_FACE, HAPPY_FACE]
    three[place] = other
    assert combined(*three) is HAPPY_FACE


def test_a_robot_that_could_not_read_the_face_is_passed_as_it_is():
    assert combined(NOTHING_SAID, HAPPY_FACE, HAPPY_FACE) is NOTHING_SAID
    assert isnan(combined(Estimate(1.0, "robot@1"), HAPPY_FACE, HAPPY_FACE).valence)


weights = arrays(np.float32, (8,), elements=st.floats(0.0, 1.0, width=32)).filter(lambda w: w.sum() > 0.01)


@given(weights, weights, weights, st.floats(0.0, 1.0))
def test_it_is_always_a_distribution(now, then, cloud, weight):
    found = corrected(*(each / each.sum() for each in (now, then, cloud)), weight)
    assert np.isfinite(found).all()
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1.0, abs=1e-5)
    assert found.dtype == np.float32
