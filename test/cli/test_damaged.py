"""Recordings and pictures that are cut, mixed or empty: one line each, and what can be read is read."""

import json
import subprocess
import sys

import cv2
import numpy as np
import pytest

from fer_ros.sources.builtin import BuiltinSource, Scene

COMMAND = "import sys; from fer_ros.cli.main import main; sys.exit(main())"
PLAIN = ("--faces.finder", "haar", "--faces.reader", "none", "--json")


def fer_ros(*arguments):
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def lines_of(done):
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def face():
    return BuiltinSource(Scene(320, 240, distance_m=0.6)).frame(0).image


def write_video(path, face, count, codec):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), 10.0, (320, 240))
    random = np.random.default_rng(0)
    for _ in range(count):  # noise makes every frame take its part of the file
        writer.write(cv2.add(face, random.integers(0, 9, face.shape, np.uint8)))
    writer.release()
    return path


def test_a_video_without_its_index_is_one_line(tmp_path, face):
    path = write_video(tmp_path / "clip.mp4", face, 20, "mp4v")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    done = fer_ros("video", path, *PLAIN)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "clip.mp4" in line
    assert done.stdout == ""


def test_of_a_video_cut_in_its_frames_the_rest_is_read(tmp_path, face):
    path = write_video(tmp_path / "clip.avi", face, 20, "MJPG")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    done = fer_ros("video", path, *PLAIN)
    assert done.returncode == 0
    assert 5 <= len(lines_of(done)) < 20


def test_pictures_have_nothing_to_do_with_each_other(tmp_path, face):
    """What is said of a picture is what is said of it alone, whatever came before it."""
    paths = [tmp_path / f"{name}.png" for name in ("first", "moved", "first_again")]
    moved = cv2.warpAffine(face, np.float32([[1, 0, 12], [0, 1, 7]]), (320, 240))
    for path, image in zip(paths, (face, moved, face), strict=True):
        cv2.imwrite(str(path), image)
    together = lines_of(fer_ros("image", *paths, *PLAIN))
    alone = [line for path in paths for line in lines_of(fer_ros("image", path, *PLAIN))]
    for line in (*together, *alone):
        del line["latency_ms"], line["face_id"]
    assert together == alone


def test_faces_of_different_pictures_have_different_names(tmp_path, face):
    path = tmp_path / "face.png"
    cv2.imwrite(str(path), face)
    lines = lines_of(fer_ros("image", path, path, path, *PLAIN))
    assert len({line["face_id"] for line in lines}) == 3


def test_when_no_picture_can_be_read_it_fails_with_a_line_for_each(tmp_path):
    paths = [tmp_path / name for name in ("a.png", "b.jpg")]
    for path in paths:
        path.write_text("once upon a time")
    done = fer_ros("image", *paths, *PLAIN)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert [path.name in line for path, line in zip(paths, lines, strict=True)] == [True, True]


def test_a_face_too_small_to_be_estimated_is_said_in_words(tmp_path, face):
    path = tmp_path / "face.png"
    cv2.imwrite(str(path), face)
    arguments = ("image", path, "--faces.finder", "haar", "--faces.reader", "none")
    done = fer_ros(*arguments, "--estimator.smallest_px", "900")
    assert "face_1  no estimate: face too small" in done.stdout
    (line,) = lines_of(fer_ros(*arguments, "--estimator.smallest_px", "900", "--json"))
    assert (line["label"], line["probabilities"], line["abstained"]) == (None, {}, True)
    assert line["reason"] == "face too small"


def test_json_is_json_and_never_holds_nan(tmp_path, face):
    path = write_video(tmp_path / "clip.avi", face, 3, "MJPG")
    done = fer_ros("video", path, *PLAIN, "--estimator.smallest_px", "900")
    assert done.returncode == 0
    assert "NaN" not in done.stdout
    assert len(lines_of(done)) == 3


def test_a_reader_that_stops_reading_is_no_error_worth_a_traceback(tmp_path, face):
    path = write_video(tmp_path / "clip.avi", face, 20, "MJPG")
    program = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "video", str(path), *PLAIN],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    program.stdout.readline()
    program.stdout.close()
    assert "Traceback" not in program.stderr.read()
    program.stderr.close()
    program.wait()
