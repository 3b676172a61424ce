from math import isnan
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_ros.conversation.manager import ConversationManager
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import Policy, load_policy
from fer_ros.conversation.rules import STRONG, Conditions, Rule
from fer_ros.conversation.smoothing import Observation
from fer_ros.emotions import FERPLUS
from fer_ros.mode import Mode

POLICIES = Path(__file__).parents[2] / "config" / "policies"


def estimate(stamp, emotion, p=0.9, face_id="face_1", prediction_set=None, abstained=False):
    probabilities = [(1 - p) / 7] * 8
    probabilities[FERPLUS.index(emotion)] = p
    labels = (emotion,) if prediction_set is None else prediction_set
    return Observation(stamp, face_id, FERPLUS, probabilities, labels, abstained, face_size_px=100.0)


class Talk:
    """A manager that is shown a face 30 times a second and asked 10 times a second."""

    def __init__(self, policy=None):
        self.manager = ConversationManager(
            ConversationParams(), policy or load_policy(POLICIES / "default.yaml")
        )
        self.now = 50.0
        self.cues = []

    def show(self, seconds, emotion=None, **more):
        for index in range(round(seconds * 30)):
            self.now += 1 / 30
            observation = estimate(self.now, emotion, **more) if emotion else Observation(self.now, "")
            self.manager.on_estimate(observation, self.now)
            if index % 3 == 0:
                self.ask()
        return self

    def ask(self):
        cue = self.manager.tick(self.now)
        if cue is not None:
            self.cues.append((round(self.now - 50.0, 1), cue))

    @property
    def names(self):
        return [cue.cue for _, cue in self.cues]


def always(cue, name="only", refractory_s=10.0, **when):
    return Rule(name, cue, Conditions(**when), 0, refractory_s)


def test_a_sad_person_is_comforted_once_per_refractory_time():
    talk = Talk().show(40.0, "sad")
    assert talk.names == ["comfort", "comfort"]
    (first, cue), (second, _) = talk.cues
    assert first == pytest.approx(2.8, abs=0.3)
    assert second - first == pytest.approx(30.0, abs=0.2)
    assert (cue.face_id, cue.emotion, cue.rule) == ("face_1", "sad", "comfort_sadness")
    assert cue.confidence == pytest.approx(0.85, abs=0.06)
    assert cue.explanation.startswith("face_1 has appeared sad for 2.")
    assert cue.explanation.endswith("rule comfort_sadness suggests comfort.")


def test_a_conversation_that_goes_well_then_badly():
    talk = Talk().show(6.0, "happy").show(4.0, "angry").show(5.0, "neutral")
    assert talk.names == ["keep_going", "celebrate", "change_topic", "keep_going"]


def test_an_ambiguous_estimate_gets_caution():
    talk = Talk().show(8.0, "sad", prediction_set=("sad", "neutral"))
    assert talk.names == ["check_in"]
    assert "uncertain now" in talk.cues[0][1].explanation


def test_a_person_who_cannot_be_read_is_waited_for_then_asked():
    talk = Talk().show(15.0, "sad", abstained=True)
    assert talk.names == ["wait", "check_in"]
    assert talk.cues[0][1].explanation.startswith("No expression of face_1 has been clear for 1.")


def test_nobody_there_is_waited_for():
    talk = Talk().show(5.0)
    assert talk.names == ["wait"]
    cue = talk.cues[0][1]
    assert (cue.face_id, cue.emotion) == ("", "")
    assert isnan(cue.confidence)
    assert cue.explanation == "Nobody has been seen for 2.1 s: rule nobody_there suggests wait."


def test_silence_of_the_estimator_is_absence():
    talk = Talk().show(3.0, "happy")
    talk.cues.clear()
    for _ in range(50):
        talk.now += 0.1
        talk.ask()
    assert talk.names == ["wait"]


def test_before_the_first_estimate_there_is_nothing_to_say():
    talk = Talk()
    talk.ask()
    assert talk.cues == []


def test_a_weaker_rule_does_not_speak_in_the_pauses_of_a_stronger_one():
    policy = Policy((always("check_in", "strong", emotion=("sad",)), always("keep_going", "weak")))
    talk = Talk(policy).show(8.0, "sad")
    assert talk.names == ["keep_going", "check_in"]  # weak only before the expression is clear


def test_the_mode_reaches_the_policy():
    talk = Talk(Policy((always("slow_down", mode=("offline",)),)))
    assert talk.show(1.0, "happy").names == []
    talk.manager.on_mode(Mode.OFFLINE)
    assert talk.show(1.0, "happy").names == ["slow_down"]


def test_time_that_begins_anew_frees_the_rules():
    talk = Talk(Policy((always("wait", refractory_s=1000.0),))).show(2.0, "happy")
    talk.now = 3.0
    talk.show(2.0, "happy")
    assert talk.names == ["wait", "wait"]


streams = st.lists(
    st.tuples(
        st.floats(0.01, 0.8),
        st.sampled_from(["sad", "happy", "angry", "neutral"]),
        st.floats(0.3, 1.0),
        st.sampled_from([None, (), ("sad", "happy")]),
        st.booleans(),
        st.integers(1, 40),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(streams, st.sampled_from(["default", "care_home"]))
def test_no_strong_cue_ever_rests_on_a_doubtful_or_old_estimate(stream, name):
    policy = load_policy(POLICIES / f"{name}.yaml")
    manager, now, newest = ConversationManager(ConversationParams(), policy), 0.0, None
    for gap, emotion, p, prediction_set, abstained, repeats in stream:
        for _ in range(repeats):
            now += 1 / 30
            newest = estimate(now, emotion, p, prediction_set=prediction_set, abstained=abstained)
            manager.on_estimate(newest, now)
            check(manager.tick(now), newest, now, policy)
        now += gap
        check(manager.tick(now), newest, now, policy)


def check(cue, newest, now, policy):
    if cue is not None and cue.cue in STRONG:
        assert tuple(newest.prediction_set) == (cue.emotion,)
        assert not newest.abstained
        assert now - cue.stamp <= policy.max_age_s
