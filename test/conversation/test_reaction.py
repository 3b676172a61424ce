from dataclasses import replace
from math import isnan, nan

import pytest
from conversing import Talk, always
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import Policy
from fer_ros.conversation.reaction import Sight, judge
from fer_ros.conversation.timeline import Window

PARAMS = ConversationParams()
NEUTRAL = Window(present_s=3.0, known_s=3.0, mean=0.0, variance=0.05, surprise=0.0)
UNSEEN = Window(present_s=0.0, known_s=0.0, mean=nan, variance=nan, surprise=0.0)
CALM = Sight(before=NEUTRAL, during=NEUTRAL, after=NEUTRAL, gone_s=0.0, watched=True)
QUIET = Policy((always("wait", absent_s=1000.0),))


def moved(mean, **fields):
    return replace(NEUTRAL, mean=mean, **fields)


@pytest.mark.parametrize(
    ("sight", "expected"),
    [
        pytest.param(CALM, "none", id="nothing happened"),
        pytest.param(replace(CALM, after=moved(0.5)), "pleased", id="smiles after"),
        pytest.param(replace(CALM, during=moved(0.5)), "pleased", id="smiles during"),
        pytest.param(replace(CALM, after=moved(-0.4)), "upset", id="frowns after"),
        pytest.param(replace(CALM, during=moved(0.5), after=moved(-0.4)), "upset", id="the later one counts"),
        pytest.param(
            replace(CALM, during=moved(-0.4), after=moved(0.5)), "pleased", id="also for the better"
        ),
        pytest.param(replace(CALM, during=moved(-0.4), after=UNSEEN), "upset", id="seen during alone"),
        pytest.param(replace(CALM, after=moved(0.15)), "none", id="too little"),
        pytest.param(replace(CALM, after=moved(0.3, variance=0.4)), "none", id="too uncertain"),
        pytest.param(replace(CALM, after=moved(0.5, known_s=0.3)), "none", id="seen too briefly after"),
        pytest.param(replace(CALM, before=UNSEEN, after=moved(0.5)), "none", id="not seen before"),
        pytest.param(replace(CALM, during=moved(0.0, surprise=0.7)), "surprised", id="surprise"),
        pytest.param(
            replace(CALM, during=moved(0.0, surprise=0.7), after=moved(0.5)), "surprised", id="pleasantly"
        ),
        pytest.param(
            replace(CALM, during=moved(0.0, surprise=0.7), after=moved(-0.5)),
            "upset",
            id="surprised, then hurt",
        ),
        pytest.param(
            replace(CALM, before=moved(0.0, surprise=0.8), after=moved(0.0, surprise=0.8)),
            "none",
            id="surprised before",
        ),
        pytest.param(replace(CALM, gone_s=2.0, after=UNSEEN), "lost", id="gone"),
        pytest.param(replace(CALM, gone_s=1.0, after=moved(0.5)), "pleased", id="gone just now"),
        pytest.param(replace(CALM, gone_s=2.0, watched=False), "none", id="nobody looked"),
        pytest.param(replace(CALM, gone_s=2.0, newcomer="b"), "none", id="somebody came instead"),
    ],
)
def test_what_an_utterance_did(sight, expected):
    kind, confidence, _ = judge(sight, PARAMS)
    assert kind == expected
    assert isnan(confidence) if kind == "none" else PARAMS.enter <= confidence <= 1.0 or kind == "lost"


def test_a_larger_change_is_surer():
    sure = [judge(replace(CALM, after=moved(mean)), PARAMS)[1] for mean in (0.25, 0.35, 0.6)]
    assert sure == sorted(sure)


@pytest.mark.parametrize(
    ("emotion", "reaction"),
    [("happy", "pleased"), ("angry", "upset"), ("sad", "upset"), ("surprise", "surprised")],
)
def test_a_face_that_changes_while_the_robot_speaks(emotion, reaction):
    talk = Talk(QUIET).show(4.0, "neutral").turn("t1", topic="lunch")
    talk.show(1.0, "neutral").show(3.0, emotion).turn("t1", "LISTENING").show(4.0, emotion)
    (found,) = talk.reactions
    assert (found.reaction, found.turn_id, found.topic, found.face_id) == (reaction, "t1", "lunch", "face_1")
    assert found.confidence > 0.5
    assert found.before == pytest.approx(-0.02, abs=0.05)
    assert abs(found.after) > abs(found.during) > abs(found.before)
    assert found.stamp == pytest.approx(talk.BEGIN + 11.0, abs=0.2)
    assert "turn t1 (lunch) to face_1" in found.explanation


def test_every_utterance_gets_one_reaction_when_the_time_after_it_is_over():
    talk = Talk(QUIET).show(4.0, "neutral").turn("t1").show(2.0, "neutral").turn("t1", "LISTENING")
    assert talk.show(2.9, "neutral").reactions == []
    (found,) = talk.show(0.3, "neutral").reactions
    assert (found.reaction, isnan(found.confidence)) == ("none", True)
    assert talk.turn("t1", "ENDED").show(10.0, "neutral").reactions == [found]


def test_the_next_utterance_cuts_the_time_after_the_last_one_short():
    talk = Talk(QUIET).show(4.0, "neutral").turn("t1").show(3.0, "happy").turn("t2").show(3.0, "happy")
    talk.turn("t2", "ENDED").show(4.0, "happy")
    assert [(r.turn_id, r.reaction) for r in talk.reactions] == [("t1", "pleased"), ("t2", "none")]
    assert isnan(talk.reactions[0].after)


def test_listening_alone_is_no_utterance():
    talk = Talk(QUIET).show(4.0, "neutral").turn("t1", "LISTENING").show(5.0, "happy").turn("t1", "ENDED")
    assert talk.show(5.0, "happy").reactions == []


def test_a_person_who_leaves_was_lost():
    talk = (
        Talk(QUIET)
        .show(4.0, "neutral")
        .turn("t1")
        .show(2.0, "neutral")
        .show(3.0)
        .turn("t1", "ENDED")
        .show(4.0)
    )
    (found,) = talk.reactions
    assert (found.reaction, found.confidence) == ("lost", 1.0)
    assert isnan(found.after)
    assert found.stamp == pytest.approx(talk.BEGIN + 6.0, abs=0.1)


def test_a_long_utterance_that_loses_the_person_early():
    talk = Talk(QUIET).show(4.0, "neutral").turn("t1").show(1.0, "neutral").show(40.0).turn("t1", "ENDED")
    assert talk.show(4.0).reactions[0].reaction == "lost"


def test_a_camera_that_fails_loses_nobody():
    talk = Talk(QUIET).show(4.0, "neutral").turn("t1").show(2.0, "neutral").silence(3.0).turn("t1", "ENDED")
    (found,) = talk.silence(4.0).reactions
    assert found.reaction == "none"
    assert "no estimate came" in found.explanation


def test_a_person_who_comes_back_under_another_id_was_not_lost():
    talk = Talk(QUIET).show(4.0, "neutral").turn("t1").show(2.0, "neutral").show(1.0)
    talk.show(3.0, "neutral", face_id="face_2").turn("t1", "ENDED").show(4.0, "neutral", face_id="face_2")
    (found,) = talk.reactions
    assert (found.reaction, found.face_id) == ("none", "face_1")
    assert "face_2 came" in found.explanation


def test_what_cannot_be_read_is_no_reaction():
    talk = Talk(QUIET).show(4.0, "neutral").turn("t1").show(3.0, "angry", abstained=True).turn("t1", "ENDED")
    (found,) = talk.show(4.0, "angry", abstained=True).reactions
    assert found.reaction == "none"
    assert isnan(found.during)
    assert isnan(found.after)


def test_an_utterance_to_nobody_has_no_reaction_and_no_numbers():
    talk = Talk(QUIET).show(4.0).turn("t1").show(2.0).turn("t1", "ENDED").show(4.0, "happy")
    (found,) = talk.reactions
    assert (found.reaction, found.face_id) == ("none", "")
    assert all(map(isnan, (found.confidence, found.before, found.during, found.after)))


def test_an_utterance_that_nobody_ends_is_ended():
    talk = Talk(QUIET, turn_limit_s=5.0).show(4.0, "neutral").turn("t1").show(9.0, "happy")
    assert [r.reaction for r in talk.reactions] == ["pleased"]
    assert talk.show(20.0, "neutral").manager._dialogue.doing == "none"


def test_a_stamp_that_cannot_be_is_moved_to_where_it_can():
    talk = Talk(QUIET).show(4.0, "neutral").turn("t1", stamp=1e9).show(2.0, "happy")
    talk.turn("t1", "LISTENING", stamp=0.001).show(4.0, "happy")
    (found,) = talk.reactions
    assert found.reaction == "pleased"
    assert isnan(found.during)  # it ended where it began


windows = st.builds(
    Window,
    present_s=st.floats(0, 5),
    known_s=st.floats(0, 5),
    mean=st.floats(-1, 1),
    variance=st.floats(0, 1),
    surprise=st.floats(0, 1),
)


@given(windows, windows, windows, st.floats(0, 10), st.booleans(), st.sampled_from(["", "b"]))
def test_a_reaction_rests_on_what_was_seen_before_and_later(before, during, after, gone_s, watched, newcomer):
    kind, confidence, _ = judge(Sight(before, during, after, gone_s, watched, newcomer), PARAMS)
    if kind in ("pleased", "upset"):
        known = [w for w in (during, after) if w.known_s >= PARAMS.seen_s]
        assert before.known_s >= PARAMS.seen_s
        assert max(abs(w.mean - before.mean) for w in known) >= PARAMS.reaction_step
        assert confidence >= PARAMS.reaction_confidence
    if kind != "none":
        assert 0.0 <= confidence <= 1.0
        assert before.present_s >= PARAMS.seen_s
    if kind == "lost":
        assert watched
        assert not newcomer
