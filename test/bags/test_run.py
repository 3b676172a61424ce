"""Recorded runs read again: whole, of several robots, damaged, and what is no run at all."""

from math import isnan, nan

import numpy as np
import pytest
from sources.recordings import TYPES, truncate, write_bag

from fer_ros.bags.run import read_run
from fer_ros.errors import SourceError

from .runs import BOTH, CLOUD, ELSEWHERE, Script, a_run, mcap_of, message


def test_a_run_reads_as_it_was_said(tmp_path):
    run = read_run(a_run().write(tmp_path / "talk"))
    assert (run.name, run.main_face, run.faces, run.damage) == ("talk", "face_1", 1, "")
    assert [(round(at.at_s, 3), at.name) for at in run.modes[:3]] == [
        (0, "OFFLINE"),
        (1, "PROBING"),
        (2, "ONLINE"),
    ]
    assert run.link[0].rung == "crops64@15"
    assert (run.link[8].cut, run.link[8].rung, isnan(run.link[0].capacity_bps)) == (True, "nothing", True)
    assert (run.robot[0].label, run.robot[-1].label) == ("happiness", "sadness")
    assert run.robot[0].probability == pytest.approx(0.8)
    assert run.cloud[0].age_s == pytest.approx(0.1, abs=1e-4)
    assert {e.source for e in run.emotion} == {"robot", "both"}


def test_the_clouds_faces_have_the_robots_names(tmp_path):
    run = read_run(a_run().write(tmp_path / "talk"))
    assert {e.face_id for e in run.cloud} == {"face_1"}


def test_a_face_that_only_the_cloud_sees_is_nobody_elses(tmp_path):
    script = a_run(2.0).estimate("emotion/cloud", 1.0, face_id="face_9", box=ELSEWHERE, source=CLOUD)
    assert "cloud_face_9" in {e.face_id for e in read_run(script.write(tmp_path / "talk")).cloud}


def test_the_threshold_is_the_one_it_was_run_with(tmp_path):
    about = {"mode.offline_after_s": "0.7"}
    assert read_run(a_run(1.0).write(tmp_path / "own", about=about)).offline_after_s == 0.7
    assert read_run(mcap_of(tmp_path / "own")).offline_after_s == 0.7
    assert read_run(a_run(1.0).write(tmp_path / "other")).offline_after_s == 0.35


def test_what_was_not_measured_stays_unknown(tmp_path):
    script = a_run(1.0).estimate("emotion", 0.5, label=None)
    script.say(
        "emotion",
        0.6,
        message("EmotionEstimate", 0.5, labels=["a", "b"], probabilities=np.array([nan, 1], np.float32)),
    )
    nobody, unreal = [e for e in read_run(script.write(tmp_path / "talk")).emotion if not e.label]
    assert nobody.face_id == ""
    assert isnan(nobody.probability)
    assert isnan(unreal.probability)


def test_an_age_by_another_clock_is_none(tmp_path):
    """As of a simulated robot that somebody recorded without --use-sim-time."""
    script = a_run(1.0).estimate("emotion/cloud", 0.5, age_s=1e6)
    assert len([e for e in read_run(script.write(tmp_path / "talk")).cloud if isnan(e.age_s)]) == 1


def test_messages_of_no_mode_and_of_no_source_are_told_apart_from_real_ones(tmp_path):
    run = read_run(a_run(1.0).mode(0.5, 77).estimate("emotion", 0.5, source=9).write(tmp_path / "talk"))
    assert [at.name for at in run.modes] == ["OFFLINE", "?"]
    assert "?" in {e.source for e in run.emotion}


def test_a_robot_of_several_is_chosen_by_its_namespace(tmp_path):
    path = a_run(1.0).write(tmp_path / "one", namespace="/left/")
    assert len(read_run(path).emotion) == 30
    assert len(read_run(path, "left").emotion) == 30
    with pytest.raises(SourceError, match="holds no /right/emotion, /right/emotion/robot"):
        read_run(path, "/right")


@pytest.mark.parametrize("missing", ["link", "mode", "emotion/cloud"])
def test_a_bag_without_a_topic_says_which_and_how_to_get_it(tmp_path, missing):
    path = a_run(1.0).write(tmp_path / "talk", leave_out=(missing,))
    with pytest.raises(SourceError, match=f"holds no /{missing}; make one with `fer_ros run --record`"):
        read_run(path)


def test_a_bag_of_something_else_says_what_a_run_holds(tmp_path):
    path = write_bag(tmp_path / "bag", "mcap", {"/chatter": [TYPES.types["std_msgs/msg/String"]("hello")]})
    with pytest.raises(SourceError, match="is no recording of a run: it holds no /emotion, /emotion/robot"):
        read_run(path)


def test_a_run_in_which_nothing_came_out_says_so(tmp_path):
    path = Script().link(0.0).write(tmp_path / "talk")
    with pytest.raises(SourceError, match="holds no readable message on /emotion: no estimate came out"):
        read_run(path)


def test_a_truncated_bag_is_read_as_far_as_it_goes(tmp_path):
    path = a_run(20.0).write(tmp_path / "talk")
    truncate(mcap_of(path), 0.6)
    run = read_run(path)
    assert 8.0 < run.span_s < 14.0
    assert run.damage.count("is damaged and read as far as it goes") == 1


@pytest.mark.parametrize("share", [0.0, 0.0005])
def test_a_bag_with_hardly_anything_left_is_one_error(tmp_path, share):
    path = a_run(5.0).write(tmp_path / "talk")
    truncate(mcap_of(path), share)
    with pytest.raises(SourceError) as error:
        read_run(path)
    assert "talk" in str(error.value)


def test_corrupt_messages_are_counted_and_the_rest_is_read(tmp_path):
    run = read_run(a_run(1.0).say("emotion", 0.5, b"\0\1\0\0rubbish").write(tmp_path / "talk"))
    assert len(run.emotion) == 30
    assert "1 messages of" in run.damage


def test_what_is_no_bag_is_an_error(tmp_path):
    (tmp_path / "note.mcap").write_text("not a bag")
    with pytest.raises(SourceError, match=r"note\.mcap can be read as a bag"):
        read_run(tmp_path / "note.mcap")
    with pytest.raises(SourceError, match="does not exist"):
        read_run(tmp_path / "nowhere")


def test_an_estimate_of_both_is_known_as_such(tmp_path):
    run = read_run(a_run(1.0).estimate("emotion", 0.9, source=BOTH).write(tmp_path / "talk"))
    assert [e.source for e in run.emotion].count("both") == 1
