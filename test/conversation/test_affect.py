from itertools import pairwise
from math import isnan, nan

import pytest
from conversing import estimate
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.conversation.affect import MAX_FACES, AffectTracker, affect_of
from fer_ros.conversation.observation import Observation
from fer_ros.conversation.params import ConversationParams
from fer_ros.emotions import FERPLUS
from fer_ros.errors import ParameterError


class Stage:
    """A tracker that is shown faces at a frame rate; `now` is 20 ms behind the newest image."""

    def __init__(self, **params):
        self.tracker = AffectTracker(ConversationParams(**params))
        self.t = 100.0
        self.seen = []

    def show(self, seconds, *faces, rate_hz=30.0):
        """Show estimates, given as the arguments of `estimate`, for some seconds; none: no face."""
        for _ in range(round(seconds * rate_hz)):
            self.t += 1 / rate_hz
            for face in faces:
                self.tracker.update(estimate(self.t, **face))
            if not faces:
                self.tracker.update(Observation(self.t, ""))
            self.seen.append(self.affect)
        return self

    @property
    def now(self):
        return self.t + 0.02

    @property
    def affect(self):
        face = self.tracker.focus(self.now)
        return affect_of(self.tracker.attended, face, self.now) if face else None

    @property
    def emotions(self):
        """The present expressions in order, without repetitions."""
        names = [affect.emotion if affect else None for affect in self.seen]
        return [b for a, b in pairwise([..., *names]) if a != b]


def test_a_steady_expression_becomes_the_present_one():
    stage = Stage().show(3.0, {"emotion": "happy"})
    affect = stage.affect
    assert stage.emotions == ["", "happy"]
    assert affect.confidence == pytest.approx(0.9, abs=0.03)
    assert affect.valence == pytest.approx(0.69, abs=0.02)
    assert affect.certain
    assert affect.age_s == pytest.approx(0.02)
    assert affect.since_s == pytest.approx(100.6, abs=0.1)


@pytest.mark.parametrize("rate_hz", [5.0, 15.0, 30.0])
def test_smoothing_takes_the_same_time_at_every_frame_rate(rate_hz):
    stage = Stage().show(4.0, {"emotion": "sad"}, rate_hz=rate_hz)
    assert stage.affect.since_s == pytest.approx(100.6, abs=1 / rate_hz + 0.05)


def test_a_flickering_estimate_does_not_flicker():
    stage = Stage().show(2.0, {"emotion": "neutral"})
    for _ in range(30):
        stage.show(0.1, {"emotion": "neutral"}).show(0.1, {"emotion": "sad"})
    assert len(stage.emotions) <= 3


def test_one_wrong_frame_changes_nothing():
    stage = Stage().show(2.0, {"emotion": "neutral"}).show(0.04, {"emotion": "angry", "p": 1.0})
    assert stage.affect.emotion == "neutral"
    assert not stage.affect.certain


def test_an_expression_is_held_for_its_shortest_time():
    stage = Stage(smoothing_s=0.05, min_hold_s=1.0)
    for _ in range(20):
        stage.show(0.3, {"emotion": "happy"}).show(0.3, {"emotion": "sad"})
    starts = sorted({affect.since_s for affect in stage.seen if affect.emotion})
    assert min(b - a for a, b in pairwise(starts)) >= 1.0


@pytest.mark.parametrize(
    "poor",
    [
        pytest.param({"abstained": True}, id="abstained"),
        pytest.param({"p": nan}, id="not a number"),
        pytest.param({"p": 2.0}, id="more than certain"),
        pytest.param({"p": 1 / 8, "prediction_set": FERPLUS}, id="flat"),
    ],
)
def test_poor_estimates_decay_to_uncertain_instead_of_holding(poor):
    stage = Stage().show(3.0, {"emotion": "happy"}).show(0.1, poor)
    assert not stage.affect.certain
    stage.show(2.0, poor)
    assert stage.affect.emotion == ""
    assert isnan(stage.affect.confidence)


def test_absence_decays_then_ends_attention():
    stage = Stage().show(3.0, {"emotion": "happy"})
    assert stage.tracker.focus(stage.t + 0.6).emotion == "happy"
    assert stage.tracker.attended == "face_1"
    assert stage.tracker.affects(stage.t + 0.6)[0].confidence < 0.7
    assert stage.tracker.focus(stage.t + 1.1) is None
    assert stage.tracker.attended == ""
    assert stage.tracker.affects(stage.t + 3.0)[0].emotion == ""
    assert stage.tracker.affects(stage.t + 10.1) == []
    assert stage.tracker.absent_s(stage.t + 3.0) == pytest.approx(3.0)


def test_frames_without_a_face_count_as_absence():
    stage = Stage().show(2.0)
    assert stage.affect is None
    assert stage.tracker.absent_s(stage.now) == pytest.approx(2.0, abs=0.1)


def test_a_set_of_two_expressions_is_not_certain():
    stage = Stage().show(3.0, {"emotion": "happy", "prediction_set": ("happy", "surprise")})
    assert stage.affect.emotion == "happy"
    assert not stage.affect.certain


def test_a_model_without_sets_is_never_certain():
    assert not Stage().show(3.0, {"prediction_set": ()}).affect.certain


def test_valence_that_was_not_measured_stays_unknown():
    affect = Stage().show(3.0, {"valence": nan, "arousal": nan}).affect
    assert isnan(affect.valence)
    assert isnan(affect.arousal)
    assert affect.trend == ""


def test_valence_is_less_certain_the_less_is_known():
    sure = Stage().show(5.0, {"emotion": "happy", "p": 0.99}).affect
    torn = Stage().show(5.0, {"emotion": "happy", "p": 0.5}).affect
    stage = Stage().show(5.0, {"emotion": "happy", "p": 0.99})
    unseen = stage.show(0.8, {"emotion": "happy", "abstained": True}).affect
    assert sure.valence_sd < 0.15 < min(torn.valence_sd, unseen.valence_sd)
    assert sure.arousal_sd < torn.arousal_sd


def test_the_trend_follows_valence():
    stage = Stage().show(8.0, {"emotion": "neutral"})
    assert stage.affect.trend == "steady"
    assert stage.show(1.5, {"emotion": "happy"}).affect.trend == "rising"
    assert stage.show(2.0, {"emotion": "sad"}).affect.trend == "falling"
    assert stage.show(20.0, {"emotion": "sad"}).affect.trend == "steady"


def test_the_larger_face_matters_with_hysteresis():
    small, large = {"face_id": "a", "size_px": 100.0}, {"face_id": "b", "size_px": 120.0}
    stage = Stage().show(1.0, small)
    assert stage.show(1.0, small, large).affect.face_id == "a"
    larger = {**large, "size_px": 140.0}
    assert stage.show(0.1, small, larger).affect.face_id == "b"
    assert stage.show(1.0, {**small, "size_px": 150.0}, larger).affect.face_id == "b"
    assert stage.show(1.2, small).affect.face_id == "a"


def test_a_label_space_may_change_midway():
    stage = Stage().show(2.0, {"emotion": "happy"})
    for _ in range(90):
        stage.t += 1 / 30
        stage.tracker.update(Observation(stage.t, "face_1", ("happy", "sad"), (0.1, 0.9), ("sad",)))
    assert stage.affect.emotion == "sad"


def test_late_and_repeated_estimates_change_nothing():
    stage = Stage().show(2.0, {"emotion": "happy"})
    before = stage.affect
    stage.tracker.update(estimate(stage.t - 0.2, "sad"))
    stage.tracker.update(estimate(stage.t, "sad"))
    assert stage.affect == before


def test_memory_does_not_grow_with_passers_by():
    tracker = AffectTracker(ConversationParams())
    for index in range(1000):
        tracker.update(estimate(index / 30, face_id=f"face_{index}"))
        tracker.focus(index / 30)
        assert len(tracker.affects(index / 30)) <= MAX_FACES


def test_a_newcomer_is_one_who_came_after_and_is_still_there():
    stage = Stage().show(2.0, {"face_id": "a"}).show(2.0, {"face_id": "b"})
    assert stage.tracker.newcomer(since=101.0) == "b"
    assert stage.tracker.newcomer(since=103.0) == ""
    assert stage.show(3.0).tracker.newcomer(since=101.0) == ""


def test_labels_and_probabilities_must_agree():
    with pytest.raises(ValueError, match="2 probabilities for 1 labels"):
        Observation(0.0, "face_1", ("happy",), (0.5, 0.5))


@pytest.mark.parametrize(
    "params",
    [{"leave": 0.6}, {"leave": 0.55}, {"forget_s": 0.5}, {"seen_s": 4.0}, {"after_s": 0.5, "seen_s": 0.6}],
)
def test_parameters_that_contradict_each_other_are_refused(params):
    with pytest.raises(ParameterError, match=r"lower it|raise it"):
        ConversationParams(**params)


frames = st.lists(
    st.tuples(
        st.floats(0.001, 1.5),
        st.sampled_from(FERPLUS),
        st.floats(0.125, 1.0),
        st.booleans(),
        st.sampled_from("ab"),
    ),
    max_size=60,
)


@given(frames)
def test_what_comes_out_is_always_in_its_range(sequence):
    tracker, now = AffectTracker(ConversationParams()), 0.0
    for gap, emotion, p, abstained, face in sequence:
        now += gap
        tracker.update(estimate(now, emotion, p, face_id=face, abstained=abstained))
        for affect in tracker.affects(now):
            assert isnan(affect.confidence) if not affect.emotion else 0 <= affect.confidence <= 1 + 1e-6
            assert isnan(affect.valence) or -1 <= affect.valence <= 1
            assert isnan(affect.valence_sd) or 0 <= affect.valence_sd <= 1
            assert affect.emotion or not affect.certain
            assert affect.since_s <= now
