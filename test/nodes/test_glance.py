"""An estimate read at a glance is what the whole message says, whatever is in it."""

from math import nan

import numpy as np
import pytest
from fer_ros.msg import EmotionEstimate
from hypothesis import given
from hypothesis import strategies as st
from rclpy.serialization import serialize_message

from fer_ros.bags.definitions import own_types
from fer_ros.errors import FerError
from fer_ros.nodes.glance import LITTLE_ENDIAN, Glancer, _of

from .people import an_estimate, nobody

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=9)
numbers = st.floats(width=32)


@st.composite
def estimates(draw):
    msg = EmotionEstimate(
        face_id=draw(texts),
        box=np.array(draw(st.lists(numbers, min_size=4, max_size=4)), np.float32),
        source=draw(st.integers(0, 2)),
        model=draw(texts),
        labels=draw(st.lists(texts, max_size=9)),
        probabilities=draw(st.lists(numbers, max_size=9)),
        prediction_set=draw(st.lists(texts, max_size=3)),
        coverage=draw(numbers),
        abstained=draw(st.booleans()),
        reason=draw(texts),
        valence=draw(numbers),
        arousal=draw(numbers),
        face_size_px=draw(numbers),
    )
    msg.header.stamp.sec, msg.header.stamp.nanosec = (
        draw(st.integers(0, 2**31 - 1)),
        draw(st.integers(0, 10**9 - 1)),
    )
    msg.header.frame_id = draw(texts)
    return msg


@given(st.lists(estimates(), min_size=1, max_size=3))
def test_a_glance_is_what_the_message_says(messages):
    glance = Glancer()
    for msg in [*messages, messages[0]]:
        assert repr(glance(bytes(serialize_message(msg)))) == repr(_of(msg))


def test_the_other_byte_order_is_read_too():
    little = bytes(serialize_message(an_estimate(1.0)))
    assert little.startswith(LITTLE_ENDIAN)
    types, kind = own_types(), "fer_ros/msg/EmotionEstimate"
    big = bytes(types.serialize_cdr(types.deserialize_cdr(little, kind), kind, little_endian=False))
    assert repr(Glancer()(big)) == repr(Glancer()(little))


@pytest.mark.parametrize("kept", [4, 40, 100, 151, 162])
def test_what_is_cut_short_is_refused(kept):
    with pytest.raises(FerError, match=f"an estimate of {kept} bytes cannot be read"):
        Glancer()(bytes(serialize_message(an_estimate(1.0, face_id="face_1")))[:kept])


def test_what_was_not_measured_stays_nan():
    seen = Glancer()(bytes(serialize_message(nobody(1.0))))
    assert (seen.face_id, seen.probabilities, repr(seen.valence)) == ("", [], repr(nan))
