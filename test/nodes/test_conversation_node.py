"""conversation: estimates and turns in, cues and reactions out, and never a bold one on shaky ground."""

from math import isnan, nan

import pytest
from builtin_interfaces.msg import Time
from fer_ros.msg import ConversationCue, EmotionEstimate, OperatingMode, Reaction, Turn
from std_msgs.msg import Header

from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.rules import STRONG
from fer_ros.conversation.situation import REACTIONS
from fer_ros.conversation.turns import TurnState
from fer_ros.errors import ParameterError
from fer_ros.nodes.conversation import ESTIMATES
from fer_ros.nodes.messages import to_time
from fer_ros.nodes.qos import LATCHED

from .people import LABELS, nobody
from .people import an_estimate as told_by_people

PERIOD_S = 0.05


def an_estimate(stamp, label="happy", probability=0.9, valence=0.5, **fields):
    estimate = told_by_people(stamp, label, probability, **fields)
    estimate.valence = valence
    return estimate


class Talk:
    """Gives a conversation node a stream of estimates."""

    def __init__(self, bench, **parameters):
        self.bench = bench
        bench.start("conversation", parameters)
        self.emotion = bench.publisher(EmotionEstimate, "emotion")
        self.mode = bench.publisher(OperatingMode, "mode", LATCHED)
        self.turn = bench.publisher(Turn, "turn")
        self.cues = bench.listen(ConversationCue, "cue")
        self.reactions = bench.listen(Reaction, "reaction")
        for topic in ("cue", "reaction"):
            bench.until(lambda topic=topic: bench.probe.count_publishers(topic), f"{topic} is published")

    def announce(self, state, turn_id="t1", topic="lunch", stamped=True):
        stamp = to_time(self.bench.now()) if stamped else Time()
        self.turn.publish(Turn(header=Header(stamp=stamp), id=turn_id, topic=topic, state=state))

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


@pytest.mark.parametrize("source", ["ROBOT", "CLOUD", "BOTH"])
def test_whoever_made_an_estimate_it_counts(talk, source):
    def told(stamp):
        estimate = an_estimate(stamp, "happy", 0.9)
        estimate.source = getattr(EmotionEstimate, source)
        return estimate

    assert talk.hear(told, lambda: talk.cues)[0].emotion == "happy"


@pytest.mark.parametrize("stamped", [True, False])
def test_a_cue_names_its_turn_and_every_utterance_gets_a_reaction(bench, stamped):
    talk = Talk(bench, before_s=0.5, after_s=0.5, seen_s=0.3, smoothing_s=0.2)
    end = bench.now() + 1.2
    talk.hear(lambda t: an_estimate(t, "neutral", 0.9, valence=0.0), lambda: bench.now() > end)
    talk.announce(Turn.SPEAKING, stamped=stamped)
    end = bench.now() + 1.0
    talk.hear(lambda t: an_estimate(t, "happy", 0.98, valence=0.8), lambda: bench.now() > end)
    talk.announce(Turn.ENDED, stamped=stamped)
    talk.hear(lambda t: an_estimate(t, "happy", 0.98, valence=0.8), lambda: talk.reactions)
    (reaction,) = talk.reactions
    assert (reaction.turn_id, reaction.topic, reaction.face_id) == ("t1", "lunch", "face_1")
    assert reaction.reaction == Reaction.PLEASED
    assert reaction.confidence > 0.8
    assert reaction.valence_before == pytest.approx(0.0, abs=0.2)
    assert reaction.valence_after == pytest.approx(0.8, abs=0.05)
    assert reaction.header.frame_id == "left_eye"
    assert "turn t1 (lunch) to face_1" in reaction.explanation


def test_the_cue_of_a_turn_carries_its_id(talk):
    talk.announce(Turn.SPEAKING, "t7")
    talk.bench.spin_for(0.2)
    cue = talk.hear(lambda t: an_estimate(t, "happy", 0.9), lambda: talk.cues)[0]
    assert cue.turn_id == "t7"
    assert "while the robot is speaking (lunch)" in cue.explanation


def test_an_utterance_before_the_first_estimate_has_a_reaction_without_numbers(bench):
    talk = Talk(bench, after_s=0.5)
    talk.announce(Turn.SPEAKING)
    talk.announce(Turn.ENDED)
    (reaction,) = bench.until(lambda: talk.reactions, "a reaction")
    assert (reaction.reaction, reaction.face_id) == (Reaction.NONE, "")
    assert isnan(reaction.confidence)
    assert isnan(reaction.valence_before)


@pytest.mark.parametrize(
    ("announcement", "says"),
    [
        pytest.param(Turn(id="", state=Turn.SPEAKING), "a turn has an id of 0", id="no id"),
        pytest.param(Turn(id="t1", state=9), "the state of turn 't1' is 9", id="no such state"),
        pytest.param(Turn(id="t1", topic="x" * 2000), "a topic of 2000 characters", id="a novel"),
    ],
)
def test_a_turn_that_cannot_be_is_named_and_does_no_harm(bench, talk, announcement, says):
    talk.turn.publish(announcement)
    (complaint,) = bench.until(bench.complaints, "a complaint")
    assert says in complaint
    assert talk.hear(lambda t: an_estimate(t, "happy", 0.9), lambda: talk.cues)


def test_an_estimate_from_the_future_is_named_and_does_no_harm(bench, talk):
    talk.emotion.publish(an_estimate(bench.now() + 60.0, "sad", 0.99))
    (complaint,) = bench.until(bench.complaints, "a complaint")
    assert "s ahead of the clock; set the clocks alike, or use_sim_time" in complaint
    assert talk.hear(lambda t: an_estimate(t, "happy", 0.9), lambda: talk.cues)[0].emotion == "happy"


def test_twenty_faces_at_once_are_all_heard(bench):
    node = bench.start("conversation")
    emotion = bench.publisher(EmotionEstimate, "emotion", ESTIMATES)
    now = bench.now()
    for index in range(20):
        emotion.publish(an_estimate(now, face_id=f"face_{index}"))
    bench.until(lambda: len(node._manager.affects(bench.now())) == 20, "twenty faces")


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


@pytest.mark.parametrize("policy", ["default", "care_home", "museum_guide", "nonsense"])
def test_a_policy_is_one_of_the_packages_or_a_clear_error(bench, policy):
    if policy != "nonsense":
        assert bench.start("conversation", {"policy": policy}).params.policy == policy
        return
    with pytest.raises(ParameterError, match=r"nonsense\.yaml"):
        bench.start("conversation", {"policy": policy})


def test_the_constants_of_the_messages_are_those_of_the_core():
    assert {state.name: state.value for state in TurnState} == {
        name: getattr(Turn, name) for name in ("SPEAKING", "LISTENING", "ENDED")
    }
    assert {getattr(Reaction, name.upper()) for name in REACTIONS} == set(REACTIONS)


def test_contradicting_parameters_are_refused(bench):
    with pytest.raises(ParameterError, match=r"leave is 0\.7, not below enter 0\.6"):
        bench.start("conversation", {"leave": 0.7, "enter": 0.6})
    assert ConversationParams().leave < ConversationParams().enter
