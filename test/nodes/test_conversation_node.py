"""conversation: a stream of estimates in, cues out, and never a bold one on shaky ground."""

from math import nan

import pytest
from fer_ros.msg import ConversationCue, EmotionEstimate, OperatingMode

from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.rules import STRONG
from fer_ros.errors import ParameterError
from fer_ros.nodes.qos import LATCHED

from .people import LABELS, an_estimate, nobody

PERIOD_S = 0.05


class Talk:
    """Gives a conversation node a stream of estimates."""

    def __init__(self, bench, **parameters):
        self.bench = bench
        bench.start("conversation", parameters)
        self.emotion = bench.publisher(EmotionEstimate, "emotion")
        self.mode = bench.publisher(OperatingMode, "mode", LATCHED)
        self.cues = bench.listen(ConversationCue, "cue")
        bench.until(lambda: bench.probe.count_publishers("cue"), "cue is published")

    def hear(self, make_estimate, until):
        """Publish what `make_estimate` gives for each moment until a condition holds."""
        timer = self.bench.probe.create_timer(
            PERIOD_S, lambda: self.emotion.publish(make_estimate(self.bench.now()))
        )
        self.bench.until(until, "a cue")
        timer.cancel()
        return self.cues


@pytest.fixture
def talk(bench):
    return Talk(bench)


def unsure(stamp):
    estimate = an_estimate(stamp, "neutral", 1.0 / len(LABELS))
    estimate.abstained, estimate.reason, estimate.prediction_set = True, "unsure", list(LABELS)
    return estimate


def broken(stamp):
    estimate = an_estimate(stamp)
    estimate.probabilities = [nan] * len(LABELS)
    estimate.valence = estimate.arousal = estimate.face_size_px = nan
    return estimate


def test_a_happy_person_gives_a_cue_that_says_what_it_rests_on(talk):
    cue = talk.hear(lambda t: an_estimate(t, "happy", 0.9), lambda: talk.cues)[0]
    assert (cue.cue, cue.emotion, cue.face_id) == (ConversationCue.KEEP_GOING, "happy", "face_1")
    assert 0.5 < cue.confidence <= 1.0
    assert cue.rule == "going_well"
    assert "face_1 has appeared happy" in cue.explanation
    assert cue.header.frame_id == "left_eye"
    assert cue.turn_id == ""


def test_lasting_joy_is_celebrated(talk):
    def celebrated():
        return talk.cues and talk.cues[-1].cue == ConversationCue.CELEBRATE

    cues = talk.hear(lambda t: an_estimate(t, "happy", 0.97), celebrated)
    assert cues[0].cue == ConversationCue.KEEP_GOING


def test_lasting_sadness_is_comforted(talk):
    cues = talk.hear(lambda t: an_estimate(t, "sad", 0.95), lambda: talk.cues)
    assert cues[0].cue == ConversationCue.COMFORT


@pytest.mark.parametrize("make_estimate", [unsure, nobody], ids=["unsure", "nobody"])
def test_what_is_not_known_gives_cautious_cues_only(talk, make_estimate):
    end = talk.bench.now() + 4.0
    cues = talk.hear(make_estimate, lambda: talk.cues and talk.bench.now() > end)
    assert not {cue.cue for cue in cues} & set(STRONG)
    assert all(cue.emotion == "" for cue in cues)


def test_estimates_that_are_no_numbers_do_no_harm(bench, talk):
    end = bench.now() + 1.0
    talk.hear(broken, lambda: bench.now() > end)
    assert not {cue.cue for cue in talk.cues} & set(STRONG)
    talk.hear(
        lambda t: an_estimate(t, "happy", 0.9),
        lambda: talk.cues and talk.cues[-1].cue == ConversationCue.KEEP_GOING,
    )


def test_no_cue_before_the_first_estimate(bench, talk):
    bench.spin_for(1.0)
    assert talk.cues == []


def test_a_mode_that_does_not_exist_is_named_and_does_no_harm(bench, talk):
    talk.mode.publish(OperatingMode(mode=77))
    (complaint,) = bench.until(bench.complaints, "a complaint")
    assert "mode is 77" in complaint
    assert talk.hear(lambda t: an_estimate(t, "happy", 0.9), lambda: talk.cues)


def test_labels_and_probabilities_that_do_not_match_are_named_and_do_no_harm(bench, talk):
    estimate = an_estimate(bench.now())
    estimate.labels = ["happy"]
    talk.emotion.publish(estimate)
    (complaint,) = bench.until(bench.complaints, "a complaint")
    assert "1 labels for 8 probabilities" in complaint
    assert talk.hear(lambda t: an_estimate(t, "happy", 0.9), lambda: talk.cues)


def test_a_policy_of_ones_own_is_followed(bench, tmp_path):
    policy = tmp_path / "mine.yaml"
    policy.write_text("rules:\n  - {name: always, cue: slow_down, when: {emotion: [happy]}}\n")
    talk = Talk(bench, policy=str(policy))
    cue = talk.hear(lambda t: an_estimate(t, "happy", 0.9), lambda: talk.cues)[0]
    assert (cue.cue, cue.rule) == ("slow_down", "always")


@pytest.mark.parametrize("policy", ["default", "care_home", "nonsense"])
def test_a_policy_is_one_of_the_packages_or_a_clear_error(bench, policy):
    if policy != "nonsense":
        assert bench.start("conversation", {"policy": policy}).params.policy == policy
        return
    with pytest.raises(ParameterError, match=r"nonsense\.yaml"):
        bench.start("conversation", {"policy": policy})


def test_contradicting_parameters_are_refused(bench):
    with pytest.raises(ParameterError, match=r"leave is 0\.7, not below enter 0\.6"):
        bench.start("conversation", {"leave": 0.7, "enter": 0.6})
    assert ConversationParams().leave < ConversationParams().enter
