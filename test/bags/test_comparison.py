"""Recorded and replayed messages, matched by what they are about and compared field by field."""

from math import nan

import numpy as np
import pytest

from fer_ros.bags.comparison import compare, retimed
from fer_ros.bags.words import Said
from fer_ros.ticks import NS

from .runs import START_S, message, serialised

SPAN_NS = (round(START_S * NS), round((START_S + 10) * NS))


def said(at_s, kind="EmotionEstimate", **fields):
    fields = {"probabilities": np.array([0.2, nan], np.float32), "face_id": "face_1", **fields}
    if kind == "OperatingMode":
        fields = {name: value for name, value in fields.items() if name in ("mode", "reason", "cloud_age_s")}
    return Said(round((START_S + at_s) * NS), serialised(message(kind, at_s, **fields)))


def test_the_same_messages_are_equal_also_where_they_hold_nan():
    some = [said(1.0), said(2.0), said(2.0, face_id="face_2")]
    verdict = compare("emotion", some, list(some), SPAN_NS)
    assert (verdict.equal, verdict.different, verdict.first, verdict.same) == (3, 0, "", True)


@pytest.mark.parametrize(
    ("other", "first"),
    [
        pytest.param({"valence": 0.5}, "at 1.000 s: valence is 0.5, recorded was 0.0", id="a number"),
        pytest.param({"valence": nan}, "at 1.000 s: valence is nan, recorded was 0.0", id="no number"),
        pytest.param(
            {"probabilities": np.array([0.3, nan], np.float32)},
            "at 1.000 s: probabilities is [0.3, nan], recorded was [0.2, nan]",
            id="one of several",
        ),
    ],
)
def test_a_field_that_differs_is_named_with_its_time(other, first):
    verdict = compare("emotion", [said(1.0), said(2.0)], [said(1.0, **other), said(2.0)], SPAN_NS)
    assert (verdict.equal, verdict.different, verdict.first) == (1, 1, first)


def test_what_one_side_lacks_is_said_and_does_not_shift_the_rest():
    missing = compare("emotion", [said(1.0), said(2.0), said(3.0)], [said(1.0), said(3.0)], SPAN_NS)
    assert (missing.equal, missing.only_recorded) == (2, 1)
    assert missing.first == "at 2.000 s: only in the recording: face_1"
    more = compare("emotion", [said(1.0)], [said(1.0), said(2.0)], SPAN_NS)
    assert (more.only_replayed, more.first) == (1, "at 2.000 s: only in the replay: face_1")


def test_another_order_is_a_difference():
    first, second = said(1.0), said(2.0)
    verdict = compare("emotion", [first, second], [second, first], SPAN_NS)
    assert verdict.first == "at 1.000 s: it came in another order"


def test_what_was_on_its_way_at_the_end_is_no_difference():
    verdict = compare("emotion", [said(1.0)], [said(1.0), said(9.9)], SPAN_NS)
    assert (verdict.same, verdict.not_recorded) == (True, 1)


def test_the_robots_estimates_may_be_more_and_take_another_time():
    recorded, replayed = [said(1.0, latency_s=0.02)], [said(1.0, latency_s=0.5), said(2.0)]
    verdict = compare("emotion/robot", recorded, replayed, SPAN_NS)
    assert (verdict.same, verdict.equal, verdict.not_recorded) == (True, 1, 1)
    assert not compare("emotion", recorded, replayed, SPAN_NS).same


def test_modes_of_other_times_are_other_modes():
    recorded, replayed = ([said(at_s, "OperatingMode", mode=1, reason="cut")] for at_s in (1.0, 1.5))
    assert compare("mode", recorded, replayed, SPAN_NS).first == "at 1.000 s: only in the recording: cut"


def test_what_was_recorded_too_is_heard_when_it_was_heard():
    replayed = [Said(5, said(1.0).data), Said(6, said(2.0).data)]
    assert [one.at_ns for one in retimed("emotion", replayed, [said(1.0)])] == [said(1.0).at_ns, 6]


def test_fingerprints_tell_replays_apart():
    prints = [
        compare("emotion", [], [said(1.0, valence=value)], SPAN_NS).fingerprint for value in (0.1, 0.1, 0.2)
    ]
    assert prints[0] == prints[1] != prints[2]
