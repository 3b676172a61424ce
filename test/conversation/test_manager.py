import tracemalloc
from dataclasses import replace
from math import isnan

import pytest
from conversing import Talk, always, estimate, shipped

from fer_ros.conversation.manager import ConversationManager, Cue
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import Policy, load_policy
from fer_ros.conversation.turns import Turn, TurnState
from fer_ros.errors import FerError
from fer_ros.mode import Mode


def test_a_sad_person_is_comforted_once_per_refractory_time():
    talk = Talk().show(40.0, "sad")
    assert talk.names == ["comfort", "comfort"]
    (first, cue), (second, _) = talk.cues
    assert first == pytest.approx(2.6, abs=0.3)
    assert second - first == pytest.approx(30.0, abs=0.2)
    assert (cue.face_id, cue.emotion, cue.rule, cue.turn_id) == ("face_1", "sad", "comfort_sadness", "")
    assert cue.confidence == pytest.approx(0.85, abs=0.06)
    assert cue.explanation.startswith("face_1 has appeared sad for 2.0 s (0.8")
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


def test_silence_of_the_estimator_is_absence_and_says_so():
    talk = Talk().show(3.0, "happy").silence(5.0)
    assert talk.names[-1] == "wait"
    assert talk.cues[-1][1].explanation.startswith("No estimate has come for 2.")


def test_before_the_first_estimate_there_is_nothing_to_say():
    talk = Talk().silence(10.0).turn("t1")
    assert talk.said == []


def test_a_cue_is_given_at_the_estimate_that_makes_it_due():
    talk = Talk(Policy((always("keep_going", emotion=("happy",)),)))
    while not talk.said:
        talk.now += 1 / 30
        talk._hear(talk.manager.on_estimate(estimate(talk.now, "happy"), talk.now))
    assert talk.cues[0][1].stamp == talk.now


def test_a_weaker_rule_does_not_speak_in_the_pauses_of_a_stronger_one():
    policy = Policy((always("check_in", "strong", emotion=("sad",)), always("keep_going", "weak")))
    talk = Talk(policy).show(8.0, "sad")
    assert talk.names == ["keep_going", "check_in"]  # weak only before the expression is clear


def test_two_rules_do_not_give_the_same_cue_one_after_the_other():
    policy = Policy((always("check_in", "sad", emotion=("sad",)), always("check_in", "any")))
    assert [cue.rule for _, cue in Talk(policy).show(8.0, "sad").cues] == ["any"]


def test_of_equal_rules_the_first_in_the_file_wins(tmp_path):
    path = tmp_path / "ties.yaml"
    path.write_text("rules:\n- {name: a, cue: wait, when: {mode: [offline]}}\n- {name: b, cue: check_in}\n")
    talk = Talk(load_policy(path))
    talk.manager.on_mode(Mode.OFFLINE)
    assert talk.show(1.0, "happy").names == ["wait"]


def test_the_mode_reaches_the_policy():
    talk = Talk(Policy((always("slow_down", mode=("offline",)),)))
    assert talk.show(1.0, "happy").names == []
    talk.manager.on_mode(Mode.OFFLINE)
    assert talk.show(1.0, "happy").names == ["slow_down"]


def test_turn_and_topic_reach_the_policy_and_the_cue():
    talk = Talk(Policy((always("slow_down", turn=("speaking",), topic=("lunch",), min_turn_s=1.0),)))
    talk.show(1.0, "happy").turn("t1", topic="weather").show(2.0, "happy")
    assert talk.names == []
    talk.turn("t2", topic="lunch").show(0.9, "happy")
    assert talk.names == []
    talk.show(0.3, "happy")
    assert [(cue.cue, cue.turn_id) for _, cue in talk.cues] == [("slow_down", "t2")]
    assert "while the robot is speaking (lunch)" in talk.cues[0][1].explanation


def test_a_reaction_reaches_the_policy_until_it_is_old():
    policy = Policy(
        (always("check_in", reaction=("pleased",), refractory_s=0.5),), max_age_s=0.5, reaction_max_age_s=3.0
    )
    talk = Talk(policy).show(4.0, "neutral").turn("t1").show(3.0, "happy").turn("t1", "ENDED")
    talk.show(10.0, "happy")
    begin = next(at for at, said in talk.said if not isinstance(said, Cue))
    times = [at for at, _ in talk.cues]
    assert min(times) == pytest.approx(begin, abs=0.1)
    assert max(times) == pytest.approx(begin + 3.0, abs=0.6)


def test_anothers_reaction_is_nobodys_business():
    policy = Policy((always("check_in", reaction=("pleased", "none", "lost"), refractory_s=0.5),))
    talk = Talk(policy).show(4.0, "neutral", face_id="a").turn("t1").show(3.0, "happy", face_id="a")
    talk.turn("t1", "ENDED").show(2.9, "happy", face_id="a")
    talk.show(4.0, "neutral", face_id="b")
    assert [reaction.face_id for reaction in talk.reactions] == ["a"]
    assert {cue.face_id for _, cue in talk.cues} <= {"a"}


def test_a_clock_that_begins_anew_forgets_everything():
    talk = Talk(Policy((always("wait", refractory_s=1000.0),))).show(2.0, "happy").turn("t1")
    talk.now = 3.0
    talk.show(2.0, "happy")
    assert talk.names == ["wait", "wait"]
    assert talk.cues[-1][1].turn_id == ""
    assert len(talk.manager.affects(talk.now)) == 1


@pytest.mark.parametrize("face_id", ["face_1", "face_2"])
def test_an_estimate_of_long_ago_changes_nothing(face_id):
    talk = Talk().show(2.0, "happy")
    before = talk.manager.affects(talk.now)
    assert talk.manager.on_estimate(estimate(talk.now - 30.0, "sad", face_id=face_id), talk.now) == ()
    assert talk.manager.affects(talk.now) == before


def test_an_estimate_from_the_future_is_refused():
    talk = Talk().show(1.0, "happy")
    with pytest.raises(FerError, match=r"stamped 3\.0 s ahead of the clock"):
        talk.manager.on_estimate(estimate(talk.now + 3.0, "sad"), talk.now)
    assert talk.manager.affects(talk.now)[0].emotion == "happy"


def test_faces_that_nobody_attends_to_change_no_cue():
    aside = {"emotion": "angry", "face_id": "face_9", "size_px": 50.0}
    assert Talk().show(6.0, "happy", others=(aside,)).names == Talk().show(6.0, "happy").names


def test_memory_does_not_grow_with_the_hours():
    """An hour at four estimates a second, with turns and visitors, after its first ten minutes."""
    manager, sizes = ConversationManager(ConversationParams(), shipped("care_home")), []
    moods = [estimate(0.0, emotion) for emotion in ("sad", "happy", "angry", "neutral")]
    tracemalloc.start()
    for frame in range(3600 * 4):
        now = 1000.0 + frame / 4
        if frame % 80 in (0, 40):
            manager.on_turn(Turn(now, f"t{frame // 80}", "lunch", TurnState(frame % 80 // 40)), now)
        seen = replace(moods[frame // 40 % 4], stamp=now, face_id=f"face_{frame // 800}")
        manager.on_estimate(seen, now)
        manager.tick(now)
        if frame % 2400 == 2399:
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert max(sizes) - sizes[0] < 200_000
