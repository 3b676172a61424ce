"""Recorded conversations, in every state in which recordings are found."""

from pathlib import Path

import pytest
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from talk_bags import START_S, TalkBag, times, write_talk

from fer_ros.bags.definitions import own_types
from fer_ros.conversation.observation import Observation
from fer_ros.conversation.recorded import (
    EMOTION,
    ConversationBag,
    choose_topics,
)
from fer_ros.conversation.turns import Turn, TurnState
from fer_ros.errors import SourceError
from fer_ros.mode import Mode


def heard(path, emotion=""):
    warnings = []
    bag = ConversationBag(Path(path), warnings.append, emotion)
    return bag, list(bag), warnings


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_everything_is_heard_in_the_order_of_its_recording(tmp_path, storage):
    bag, messages, warnings = heard(write_talk(tmp_path / "talk", storage=storage))
    received = [now for now, _ in messages]
    assert received == sorted(received)
    assert messages[0][1] is Mode.OFFLINE or isinstance(messages[0][1], Observation)
    assert sum(isinstance(what, Observation) for _, what in messages) == 240
    turns = [what for _, what in messages if isinstance(what, Turn)]
    assert [(t.id, t.topic, t.state) for t in turns] == [
        ("t1", "lunch", TurnState.SPEAKING),
        ("t1", "lunch", TurnState.LISTENING),
    ]
    assert turns[0].stamp == pytest.approx(START_S + 4.0)
    assert (bag.skipped, warnings) == (0, [])
    assert bag.topics == choose_topics(
        "", {"/emotion": EMOTION, "/mode": "fer_ros/msg/OperatingMode", "/turn": "fer_ros/msg/Turn"}
    )


def test_an_estimate_is_read_as_it_was_written(tmp_path):
    with TalkBag(tmp_path / "talk") as bag:
        bag.emotion(1.5, "sad", p=0.8, prediction_set=("sad", "fear"))
    _, [(now, seen)], _ = heard(tmp_path / "talk")
    assert now == pytest.approx(START_S + 1.5)
    assert (seen.face_id, tuple(seen.prediction_set), seen.abstained) == ("face_1", ("sad", "fear"), False)
    assert max(seen.probabilities) == pytest.approx(0.8)
    assert all(type(p) is float for p in seen.probabilities)


def test_a_recorder_on_another_clock_than_the_stamps_is_not_believed(tmp_path):
    _, messages, _ = heard(write_talk(tmp_path / "talk", clock_s=5e6))
    seen = [(now, what) for now, what in messages if isinstance(what, Observation)]
    assert all(now - what.stamp == pytest.approx(0.02, abs=1e-3) for now, what in seen)


def test_a_turn_without_a_stamp_is_about_the_moment_it_was_received(tmp_path):
    with TalkBag(tmp_path / "talk") as bag:
        bag.emotion(0.0, "sad")
        bag.turn(2.0, "t1", 0, stamp_s=-START_S)
    _, messages, _ = heard(tmp_path / "talk")
    assert messages[1][1].stamp == pytest.approx(START_S + 2.0)


@pytest.mark.parametrize(
    ("types", "wanted", "expected"),
    [
        ({"/emotion": EMOTION}, "", "/emotion"),
        ({"/emotion/robot": EMOTION}, "", "/emotion/robot"),
        ({"/emotion": EMOTION, "/emotion/robot": EMOTION, "/emotion/cloud": EMOTION}, "", "/emotion"),
        ({"/emotion": EMOTION, "/emotion/robot": EMOTION}, "/emotion/robot", "/emotion/robot"),
        ({"/a/emotion": EMOTION, "/b/emotion": EMOTION}, "/b/emotion", "/b/emotion"),
    ],
)
def test_the_topic_of_the_estimates_is_found(types, wanted, expected):
    assert choose_topics("bag", types, wanted).emotion == expected


def test_mode_and_turn_are_those_of_the_same_robot():
    types = {f"/{robot}/{name}": f"fer_ros/msg/{kind}" for robot in "ab" for name, kind in TOPICS.items()}
    assert vars(choose_topics("bag", types, "/b/emotion")) == {
        "emotion": "/b/emotion",
        "mode": "/b/mode",
        "turn": "/b/turn",
    }
    del types["/b/mode"], types["/b/turn"], types["/a/turn"]
    assert choose_topics("bag", types, "/b/emotion").mode == "/a/mode"  # the only one there is
    assert choose_topics("bag", types, "/b/emotion").turn == ""


TOPICS = {"emotion": "EmotionEstimate", "mode": "OperatingMode", "turn": "Turn"}


@pytest.mark.parametrize(
    ("types", "wanted", "says"),
    [
        ({"/image_raw": "sensor_msgs/msg/Image"}, "", "nothing of that kind; record the topics emotion"),
        (
            {"/a/emotion": EMOTION, "/b/emotion": EMOTION},
            "",
            "/a/emotion, /b/emotion; choose one with --emotion",
        ),
        ({"/emotion": EMOTION}, "/emotions", "/emotion; choose one"),
    ],
)
def test_topics_that_are_not_clear_are_refused(types, wanted, says):
    with pytest.raises(SourceError, match=says):
        choose_topics("bag", types, wanted)


def test_a_bag_that_was_cut_is_read_as_far_as_it_goes(tmp_path):
    folder = write_talk(tmp_path / "talk", storage="sqlite3")
    (file,) = folder.glob("*.db3")
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 6 // 10])
    _, messages, warnings = heard(folder)
    assert 0 < len(messages) < 243
    assert any("damaged" in warning for warning in warnings)


def test_messages_that_are_corrupt_or_wrong_are_skipped_and_counted(tmp_path):
    with TalkBag(tmp_path / "talk") as bag:
        bag.raw("emotion", EMOTION, 0.0, b"\x00\x01\x00\x00broken")
        bag.emotion(1.0, "sad")
        bag.turn(1.1, "", 0)
        bag.turn(1.2, "t1", 7)
        bag.mode(1.3, 77)
        bag.emotion(2.0, "sad")
    bag, messages, warnings = heard(tmp_path / "talk")
    assert [type(what) for _, what in messages] == [Observation, Observation]
    assert bag.skipped == 4
    (warning,) = warnings
    assert "/emotion: it is corrupt" in warning


def test_a_bag_without_a_readable_estimate_is_refused(tmp_path):
    with TalkBag(tmp_path / "talk") as bag:
        bag.raw("emotion", EMOTION, 0.0, b"\x00\x01\x00\x00broken")
    with pytest.raises(SourceError, match="no readable estimate on /emotion"):
        heard(tmp_path / "talk")


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_no_bag_is_refused(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError):
        heard(tmp_path / name)


def test_a_bag_is_read_with_the_definitions_that_it_was_recorded_with(tmp_path):
    """A later version may add a field in front of the others."""
    types = get_typestore(Stores.ROS2_JAZZY)
    text = "string added\n" + (Path(__file__).parents[2] / "msg" / "Turn.msg").read_text("utf-8")
    types.register(get_types_from_msg(text, "fer_ros/msg/Turn"))
    kinds = ("fer_ros/msg/EmotionEstimate", "fer_ros/msg/OperatingMode")
    own = own_types()
    types.register({kind: own.fielddefs[kind] for kind in kinds})
    with TalkBag(tmp_path / "talk", types=types) as bag:
        bag.emotion(0.0, "sad")
        bag.write("turn", "fer_ros/msg/Turn", 1.0, added="x", id="t1", topic="lunch", state=0)
    _, messages, _ = heard(tmp_path / "talk")
    assert messages[1][1].topic == "lunch"


def test_a_long_recording_is_read_message_by_message(tmp_path):
    with TalkBag(tmp_path / "talk") as bag:
        for at_s in times(0.0, 20.0, 30.0):
            bag.emotion(at_s, "happy")
    reading = iter(ConversationBag(tmp_path / "talk", print))
    assert isinstance(next(reading)[1], Observation)
    reading.close()
