"""`fer_ros run`: what cannot be run is refused with its value, its remedy and a status."""

import json

import cv2
import pytest
from sources.recordings import truncate, write_video

from . import images
from .program import fer_ros
from .running import AGES

BROKEN_CONFIGURATIONS = {
    "no YAML": ("camera: [unclosed", "is not YAML"),
    "no map": ("- camera", "is not a map of nodes"),
    "no parameters": ("camera: {source: builtin}", "camera has no map ros__parameters below it"),
    "no such node": ("nose: {ros__parameters: {size: 3}}", "nose is not a node of this graph"),
    "no such parameter": ("mode: {ros__parameters: {mood: 3}}", "mode.mood is not a parameter; it takes"),
    "out of bounds": ("mode: {ros__parameters: {dwell_s: -1}}", "mode.dwell_s is -1.0; it takes 0 to 60"),
}

REFUSED = [
    pytest.param(["--mode", "banana"], "mode.mode is 'banana'; choose one of 'online'", id="mode"),
    pytest.param(["--profile", "nonsense"], "no link profile 'nonsense'; choose one of ", id="profile"),
    pytest.param(["--finder", "eyes"], "faces.finder is 'eyes'; choose one of 'auto'", id="finder"),
    pytest.param(["--policy", "rude"], "rude.yaml cannot be read", id="policy"),
    pytest.param(["--model", "nobody"], "nobody is not a folder", id="model"),
    pytest.param(["--camera.rate_hz", "0"], "camera.rate_hz is 0.0; it takes 0.1 to 240", id="rate"),
    pytest.param(
        ["--source", "video", "--input", "missing.mp4"], "missing.mp4 is not a file", id="missing video"
    ),
    pytest.param(["--source", "video"], "source video needs an input", id="no input"),
    pytest.param(["--source", "topic"], "--source topic needs an image topic", id="no topic"),
    pytest.param(["--source", "topic", "--input", "a b"], "'a b' is not a topic; it takes", id="topic"),
    pytest.param(["--source", "topic", "--input", "/a//b"], "'/a//b' is not a topic", id="empty word"),
    pytest.param(["--namespace", "a b"], "namespace is 'a b'; it takes words", id="namespace"),
    pytest.param(["--config", "missing.yaml"], "missing.yaml cannot be read", id="missing configuration"),
]

MISUNDERSTOOD = [
    pytest.param(["--source", "banana"], "'banana'", id="source"),
    pytest.param(["--duration", "soon"], "'soon' is not a number of seconds", id="duration"),
    pytest.param(["--duration", "-1"], "-1 s: give a time above 0", id="negative duration"),
    pytest.param(["--duration", "nan"], "nan s: give a time above 0", id="NaN duration"),
    pytest.param(["--camera.width", "wide"], "'wide' is not a whole number", id="width"),
    pytest.param(["--camera.loop", "perhaps"], "'perhaps' is not true or false", id="truth"),
    pytest.param(["--cut-link", "3"], "--cut-link", id="half a cut"),
]


@pytest.mark.parametrize(("arguments", "says"), REFUSED)
def test_a_value_that_cannot_be_used_is_refused_in_one_line(programs, arguments, says):
    ended = programs(fer_ros("run", "--json", "--duration", 5, *arguments)).end()
    assert (ended.status, ended.out) == (1, "")
    last = ended.err.splitlines()[-1]
    assert last.startswith("fer_ros: ")
    assert says in last
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("kind", BROKEN_CONFIGURATIONS)
def test_a_broken_configuration_is_refused_in_one_line(programs, tmp_path, kind):
    content, says = BROKEN_CONFIGURATIONS[kind]
    (tmp_path / "broken.yaml").write_text(content)
    ended = programs(fer_ros("run", "--config", tmp_path / "broken.yaml")).end()
    assert ended.status == 1
    assert says in ended.complaint


@pytest.mark.parametrize(("arguments", "says"), MISUNDERSTOOD)
def test_a_command_that_is_not_understood_says_what_was_wrong(programs, arguments, says):
    ended = programs(fer_ros("run", *arguments)).end()
    assert (ended.status, ended.out) == (2, "")
    assert says in ended.err.splitlines()[-1]


def test_a_clip_without_a_face_ends_with_a_line_that_says_so(programs, tmp_path):
    clip = write_video(tmp_path / "nobody.mp4", 20, fps=10.0)
    ended = programs(
        fer_ros(
            "run", "--json", "--source", "video", "--input", clip, "--faces.max_age_s", 0, "--finder", "haar"
        )
    ).end()
    summary = json.loads(ended.last_line)
    assert ended.status == 1
    assert "no face was seen in 20 images" in ended.err.splitlines()[-1]
    assert (summary["frames"], summary["frames_with_faces"]) == (20, 0)


def test_the_only_image_of_a_recording_counts_too(programs, tmp_path):
    cv2.imwrite(str(tmp_path / "only.png"), images.nobody())
    source = ("--source", "folder", "--input", tmp_path)
    ended = programs(fer_ros("run", "--json", *source, "--finder", "haar", *AGES)).end()
    assert json.loads(ended.last_line)["estimates"]["robot"] == 1
    assert "no face was seen in 1 images" in ended.err.splitlines()[-1]


def test_a_topic_on_which_nothing_comes_ends_with_a_line_that_says_so(programs):
    ended = programs(
        fer_ros("run", "--json", "--source", "topic", "--input", "/silent", "--duration", 8, "--no-cloud")
    ).end()
    assert ended.status == 1
    assert "no image came" in ended.err.splitlines()[-1]
    assert json.loads(ended.last_line)["latency_ms"]["all"] == {"p50": None, "p99": None}


@pytest.mark.parametrize("share", [0.0, 0.3], ids=["empty", "cut short"])
def test_a_damaged_clip_is_named_in_one_line(programs, tmp_path, share):
    clip = write_video(tmp_path / "damaged.mp4")
    truncate(clip, share)
    ended = programs(fer_ros("run", "--source", "video", "--input", clip)).end()
    assert ended.status == 1
    assert "fer_ros: " in ended.err.splitlines()[-1]
    assert "damaged.mp4" in ended.err.splitlines()[-1]
