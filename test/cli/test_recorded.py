"""`fer_ros video`, `image` and `bag` as they are typed, on files written here."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore

from fer_ros.emotions import FERPLUS
from fer_ros.sources.builtin import BuiltinSource, Scene

COMMAND = "import sys; from fer_ros.cli.main import main; sys.exit(main())"
TYPES = get_typestore(Stores.ROS2_JAZZY)
IMAGES = 12
KEYS = {"t", "face_id", "box", "label", "probabilities", "abstained", "source", "latency_ms"}


def fer_ros(*arguments, models=""):
    """Run the command; without third-party models, unless a folder of them is given."""
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "FER_ROS_MODEL_PATH": models, "XDG_CACHE_HOME": "/nonexistent"},
    )


def records(done):
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def frames():
    source = BuiltinSource(Scene(640, 360, distance_m=0.8))
    return [source.frame(k).image for k in range(IMAGES)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory, frames):
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (640, 360))
    for image in frames:
        writer.write(image)
    writer.release()
    return path


def write_bag(folder, frames, plugin):
    with Writer(folder, version=9, storage_plugin=plugin) as writer:
        connection = writer.add_connection("/camera/image_raw", "sensor_msgs/msg/Image", typestore=TYPES)
        for k, image in enumerate(frames):
            stamp = TYPES.types["builtin_interfaces/msg/Time"](100, k * 33_000_000)
            header = TYPES.types["std_msgs/msg/Header"](stamp, "camera")
            message = TYPES.types["sensor_msgs/msg/Image"](
                header, image.shape[0], image.shape[1], "bgr8", 0, 3 * image.shape[1], image.reshape(-1)
            )
            writer.write(connection, k * 33_000_000, TYPES.serialize_cdr(message, "sensor_msgs/msg/Image"))
    return folder


def test_a_video_gives_a_line_for_every_image_and_face(clip):
    lines = records(fer_ros("video", clip, "--json"))
    assert len({line["t"] for line in lines}) == IMAGES
    seen = [line for line in lines if line["face_id"] is not None]
    assert len(seen) >= IMAGES - 2
    for line in seen:
        assert set(line) >= KEYS
        assert set(line["probabilities"]) == set(FERPLUS)
        assert sum(line["probabilities"].values()) == pytest.approx(1.0, abs=1e-3)
        assert line["source"] == "robot"
        x0, y0, x1, y1 = line["box"]
        assert 0 < x0 < x1 < 640
        assert 0 < y0 < y1 < 360
    assert len({line["face_id"] for line in seen}) == 1


def test_the_same_video_gives_the_same_estimates(clip):
    first, second = (records(fer_ros("video", clip, "--json")) for _ in range(2))
    for line in (*first, *second):
        line.pop("latency_ms", None)
    assert first == second


def test_an_image_without_a_face_says_so(tmp_path):
    path = tmp_path / "wall.png"
    cv2.imwrite(str(path), np.full((120, 160, 3), 90, np.uint8))
    (line,) = records(fer_ros("image", path, "--json"))
    assert line == {"image": str(path), "face_id": None}


@pytest.mark.parametrize(
    "convert",
    [
        pytest.param(lambda image: image, id="colour"),
        pytest.param(lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), id="grey"),
        pytest.param(lambda image: image.astype(np.uint16) * 257, id="16 bit"),
        pytest.param(lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2BGRA), id="with alpha"),
    ],
)
def test_pictures_of_every_depth_are_read(tmp_path, frames, convert):
    path = tmp_path / "face.png"
    cv2.imwrite(str(path), convert(frames[0]))
    (line,) = records(fer_ros("image", path, "--json"))
    assert line["face_id"] == "face_1"


def test_a_picture_that_cannot_be_read_does_not_end_the_others(tmp_path, frames):
    good, bad = tmp_path / "good.jpg", tmp_path / "bad.jpg"
    cv2.imwrite(str(good), frames[0])
    bad.write_bytes(good.read_bytes()[:500])
    done = fer_ros("image", bad, good, "--json")
    assert [line["image"] for line in records(done)] == [str(good)]
    assert "bad.jpg" in done.stderr


def test_the_smallest_picture_holds_no_face(tmp_path):
    path = tmp_path / "dot.png"
    cv2.imwrite(str(path), np.zeros((1, 1, 3), np.uint8))
    assert records(fer_ros("image", path, "--json"))[0]["face_id"] is None


@pytest.mark.parametrize("plugin", [StoragePlugin.MCAP, StoragePlugin.SQLITE3], ids=["mcap", "sqlite3"])
def test_a_bag_gives_the_estimates_of_its_images(tmp_path, frames, plugin):
    folder = write_bag(tmp_path / "bag", frames, plugin)
    lines = records(fer_ros("bag", folder, "--json"))
    assert [line["t"] for line in lines][:2] == [100.0, 100.033]
    assert sum(line["face_id"] is not None for line in lines) >= IMAGES - 2


def test_a_picture_that_is_not_there_is_named():
    done = fer_ros("image", "nowhere.png")
    assert done.returncode == 1
    assert "nowhere.png: No such file" in done.stderr.splitlines()[-1]


def test_people_get_a_summary(clip):
    done = fer_ros("video", clip)
    assert done.returncode == 0
    assert f"{IMAGES} images" in done.stdout.splitlines()[-1]


def text_file(folder):
    path = folder / "story.mp4"
    path.write_text("once upon a time")
    return path


def empty_file(folder):
    path = folder / "empty.mp4"
    path.touch()
    return path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(lambda _: ("video", "nowhere.mp4"), ("nowhere.mp4",), id="no such video"),
        pytest.param(lambda d: ("video", empty_file(d)), ("empty.mp4",), id="empty video"),
        pytest.param(lambda d: ("video", text_file(d)), ("story.mp4",), id="not a video"),
        pytest.param(lambda _: ("bag", "nowhere"), ("nowhere",), id="no such bag"),
        pytest.param(lambda d: ("bag", d), ("as a bag",), id="not a bag"),
        pytest.param(
            lambda d: ("video", text_file(d), "--faces.scan_every", "0"),
            ("faces.scan_every", "1 to 300"),
            id="bad value too",
        ),
    ],
)
def test_what_cannot_be_read_gets_one_line(tmp_path, arguments, words):
    done = fer_ros(*arguments(tmp_path))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert all(word in line for word in words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(("--estimator.model", "huge"), ("huge",), id="no such model"),
        pytest.param(("--faces.scan_every", "0"), ("faces.scan_every", "1 to 300"), id="out of bounds"),
        pytest.param(("--faces.finder", "eyes"), ("faces.finder", "'haar'"), id="no such choice"),
        pytest.param(("--faces.finder", "yunet"), ("yunet", "fer_ros models fetch"), id="not fetched"),
        pytest.param(("--faces.reader", "mediapipe"), ("mediapipe", "fer_ros models fetch"), id="no reader"),
    ],
)
def test_a_wrong_option_gets_one_line_with_the_remedy(clip, options, words):
    done = fer_ros("video", clip, *options)
    assert done.returncode == 1
    line = done.stderr.splitlines()[-1]
    assert all(word in line for word in words)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("video",), ("video", "clip.mp4", "--colour"), ("dance",), ("video", "c", "--faces.crop_px", "x")],
)
def test_what_is_not_understood_is_status_2(arguments):
    done = fer_ros(*arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "video",
        "image",
        "bag",
        "dataset",
        "train",
        "search",
        "calibrate",
        "evaluate",
        "grid",
        "flicker",
        "results",
        "models",
    ],
)
def test_every_command_explains_itself_with_examples(command):
    done = fer_ros(command, "--help")
    assert done.returncode == 0
    assert "examples:" in done.stdout


def test_a_real_person_cries_and_then_laughs():
    folder = os.environ.get("FER_ROS_DATA_PATH", "")
    path = Path(folder) / "videos" / "WolfgangLanger_Pexels.mp4"
    if not folder or not path.is_file():
        pytest.skip("the clip of a person crying and laughing is not in FER_ROS_DATA_PATH")
    lines = records(fer_ros("video", path, "--json", models=os.environ.get("FER_ROS_MODEL_PATH", "")))
    assert {line["face_id"] for line in lines} == {"face_1"}
    late = [line["label"] for line in lines if line["t"] > 13]
    early = [line["label"] for line in lines if 4 < line["t"] < 8]
    assert late.count("happy") > 0.9 * len(late)
    assert early.count("happy") < 0.2 * len(early)
