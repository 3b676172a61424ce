"""Estimates as messages without ROS: rosbags reads them back, and so does rclpy where it is."""

from math import isnan, nan

import numpy as np
import pytest

from fer_ros.bags.definitions import own_types
from fer_ros.bags.estimates import KIND, estimate_message
from fer_ros.estimators.estimate import Estimate

LABELS = ("happy", "sad", "neutral")
STAMP_NS = 1_700_000_000_123_456_789
GIVEN = Estimate(
    stamp=STAMP_NS / 1e9,
    model="robot@1.0.0",
    face_id="face_3",
    box=(0.25, -0.125, 0.5, 0.75),
    labels=LABELS,
    probabilities=np.array([0.5, 0.25, 0.25], np.float32),
    prediction_set=("happy", "sad"),
    coverage=0.875,
    abstained=True,
    reason="unsure",
    valence=0.5,
    arousal=-0.25,
    face_size_px=96.0,
    rate_hz=nan,
    frames=7,
)


def from_rosbags(data):
    return own_types().deserialize_cdr(data, KIND)


def from_rclpy(data):
    serialization = pytest.importorskip("rclpy.serialization", reason="rclpy is not installed")
    messages = pytest.importorskip("fer_ros.msg", reason="the interfaces are not built")
    return serialization.deserialize_message(data, messages.EmotionEstimate)


@pytest.mark.parametrize("read", [from_rosbags, from_rclpy])
def test_an_estimate_comes_back_as_it_was(read):
    message = read(estimate_message(GIVEN, STAMP_NS, "camera_optical", "robot"))
    stamp = message.header.stamp
    assert (stamp.sec, stamp.nanosec) == (1_700_000_000, 123_456_789)
    assert message.header.frame_id == "camera_optical"
    assert (message.face_id, message.model, message.source) == ("face_3", "robot@1.0.0", 0)
    assert list(message.box) == list(GIVEN.box)
    assert list(message.labels) == list(LABELS)
    assert list(message.probabilities) == [0.5, 0.25, 0.25]
    assert list(message.prediction_set) == ["happy", "sad"]
    assert (message.coverage, message.abstained, message.reason) == (0.875, True, "unsure")
    assert (message.valence, message.arousal, message.face_size_px) == (0.5, -0.25, 96.0)
    assert (isnan(message.rate_hz), message.frames) == (True, 7)
    assert isnan(message.latency_s)  # nobody waited for it


@pytest.mark.parametrize("read", [from_rosbags, from_rclpy])
def test_an_image_without_a_face_is_a_message_too(read):
    message = read(estimate_message(Estimate(1.5, "robot@1"), 1_500_000_000, "", "cloud"))
    assert (message.face_id, message.reason, message.abstained) == ("", "no face", True)
    assert (message.source, message.frames) == (1, 0)
    assert len(message.labels) == len(message.probabilities) == 0
    assert all(isnan(side) for side in message.box)
