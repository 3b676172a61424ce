"""What stands in a bag about its messages: enough for readers that do not know this package."""

import pytest
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from fer_ros.bags.definitions import definition, own_types, recorded_types
from fer_ros.errors import SourceError

from .runs import KINDS, message, serialised

FACES, ESTIMATE = "fer_ros/msg/FaceArray", "fer_ros/msg/EmotionEstimate"


@pytest.mark.parametrize("kind", sorted({*KINDS.values(), "FaceArray", "ConversationCue", "Payload"}))
def test_a_definition_is_enough_to_read_the_messages(kind):
    full = f"fer_ros/msg/{kind}"
    stranger = get_typestore(Stores.ROS2_JAZZY)
    stranger.register(get_types_from_msg(definition(full), full))
    assert stranger.hash_rihs01(full) == own_types().hash_rihs01(full)


def test_a_definition_keeps_units_and_ranges_of_the_types_it_uses_too():
    text = definition(FACES)
    assert "uint32 image_width         # px" in text
    assert "MSG: fer_ros/Face\n# One face in one image." in text
    assert "# 52 scores in 0..1" in text


def test_messages_are_read_as_they_were_when_they_were_recorded():
    before = definition(ESTIMATE).replace("float32 latency_s", "float64 latency_s")
    old = recorded_types({ESTIMATE: before}, [ESTIMATE])
    assert old.hash_rihs01(ESTIMATE) != own_types().hash_rihs01(ESTIMATE)


def test_a_type_whose_definition_was_not_recorded_is_read_as_our_own():
    types = recorded_types({}, [ESTIMATE])
    data = serialised(message("EmotionEstimate", 1.0, face_id="face_3"))
    assert types.deserialize_cdr(data, ESTIMATE).face_id == "face_3"


def test_a_definition_that_cannot_be_read_is_an_error_that_names_the_type():
    with pytest.raises(SourceError, match="the definition of fer_ros/msg/EmotionEstimate cannot be read"):
        recorded_types({ESTIMATE: "32float x"}, [ESTIMATE])
