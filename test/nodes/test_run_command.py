"""`fer_ros run`: the whole graph in one process, from frames to a summary."""

import json
import re

import pytest
from fer_ros.msg import EmotionEstimate
from sensor_msgs.msg import Image

from fer_ros.cli.summary import Summary
from fer_ros.nodes.monitor import Tally
from fer_ros.nodes.qos import IMAGES_OUT

from . import images
from .program import Program, fer_ros
from .running import BUILTIN, FINDERS, LIGHT

CUT_AT_S, CUT_FOR_S, DURATION_S = 12.0, 5.0, 20.0


@pytest.fixture(scope="module")
def ended(own_environment):
    """A run in which the link is cut for a while."""
    cut = ("--cut-link", CUT_AT_S, CUT_FOR_S, "--profile", "wifi")
    command = fer_ros("run", "--json", "--duration", DURATION_S, *cut, *BUILTIN, *LIGHT)
    return Program(command, env=own_environment).end()


@pytest.fixture(scope="module")
def summary(ended):
    return json.loads(ended.last_line)


def test_a_run_in_which_estimates_flowed_ends_well(ended):
    assert ended.status == 0, ended.err
    assert "Traceback" not in ended.err


def test_the_last_line_is_the_summary(summary):
    assert list(summary) == list(Summary(1.0, None, Tally(), cpu_share=0.5).as_dict())


def test_the_summary_counts_what_went_through_the_graph(summary):
    assert summary["duration_s"] >= DURATION_S
    assert summary["frames"] >= summary["frames_with_faces"] > 0
    assert summary["faces"] >= 1
    assert min(summary["estimates"].values()) > 0
    assert sum(summary["emotion"].values()) > 0
    assert 0 < summary["first_estimate_s"] < DURATION_S
    assert 0 < summary["latency_ms"]["all"]["p50"] <= summary["latency_ms"]["all"]["p99"]


def test_the_mode_follows_the_link(summary):
    changes = summary["mode_changes"]
    online = [c["t"] for c in changes if c["mode"] == "ONLINE"]
    assert changes[0]["mode"] == "OFFLINE"
    assert online
    assert online[0] < CUT_AT_S
    assert any(c["mode"] == "OFFLINE" and CUT_AT_S < c["t"] < CUT_AT_S + CUT_FOR_S for c in changes)


def test_cues_are_told_with_their_reasons(summary):
    assert summary["cues"]
    assert all(cue["cue"] and cue["why"] for cue in summary["cues"])


def test_images_can_come_from_anybody(bench, programs):
    heard = bench.listen(EmotionEstimate, "emotion")
    camera = bench.probe.create_publisher(Image, "/robot/head/image", IMAGES_OUT)
    bench.probe.create_timer(0.1, lambda: camera.publish(images.bgr8(images.face(), bench.now())))
    program = programs(
        fer_ros(
            "run", "--json", "--source", "topic", "--input", "/robot/head/image", "--duration", 90, *LIGHT
        )
    )
    bench.until(
        lambda: len([e for e in heard if e.probabilities]) >= 10, "estimates of a face", deadline_s=60
    )
    assert {e.header.frame_id for e in heard} == {images.FRAME_ID}
    assert "camera" not in bench.probe.get_node_names()
    ended = program.interrupt()
    assert (ended.status, ended.err.count("Traceback")) == (0, 0), ended.err
    assert json.loads(ended.last_line)["frames_with_faces"] > 0


def test_without_a_terminal_a_line_tells_what_is_seen(programs):
    ended = programs(fer_ros("run", "--no-cloud", "--duration", 12, *BUILTIN, *FINDERS)).end()
    assert ended.status == 0, ended.err
    assert re.search(r"face_\d+: ", ended.out)
    assert "estimates out      robot" in ended.out
    assert json.loads(ended.last_line)["estimates"]["cloud"] == 0
