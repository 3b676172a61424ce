"""camera: every kind of source becomes a stream of stamped images."""

import cv2
import numpy as np
import pytest
from fer_ros.msg import FaceArray
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from sources.recordings import image_message, index_of, shade, truncate, write_bag, write_video

from fer_ros.errors import ParameterError, SourceError
from fer_ros.images import decode_compressed
from fer_ros.nodes.messages import image_from_msg, seconds
from fer_ros.nodes.qos import IMAGES_IN, RESULTS

from .asking import PATIENT

COUNT = 20
CALIBRATION = """
image_width: 64
image_height: 48
distortion_model: plumb_bob
distortion_coefficients: {rows: 1, cols: 5, data: [0.1, -0.2, 0.0, 0.0, 0.05]}
camera_matrix: {rows: 3, cols: 3, data: [60, 0, 32, 0, 60, 24, 0, 0, 1]}
rectification_matrix: {rows: 3, cols: 3, data: [1, 0, 0, 0, 1, 0, 0, 0, 1]}
projection_matrix: {rows: 3, cols: 4, data: [60, 0, 32, 0, 0, 60, 24, 0, 0, 0, 1, 0]}
"""


def a_folder(path):
    path.mkdir()
    for i in range(COUNT):
        cv2.imwrite(str(path / f"{i}.png"), shade(i))
    return path


RECORDINGS = {
    "video": lambda path: write_video(path / "clip.mp4", COUNT),
    "folder": lambda path: a_folder(path / "images"),
    "bag": lambda path: write_bag(
        path / "bag", "mcap", {"/image": [image_message(i, 5.0 + i / 10) for i in range(COUNT)]}
    ),
}


@pytest.fixture(params=RECORDINGS)
def recording(request, tmp_path):
    """The parameters of a camera that plays a recording of COUNT images."""
    return {"source": request.param, "input": str(RECORDINGS[request.param](tmp_path))}


def stamps_of(messages):
    return [seconds(message.header.stamp) for message in messages]


def test_the_builtin_source_gives_images_stamped_when_they_were_made(bench):
    seen = bench.listen(Image, "image_raw", IMAGES_IN)
    started = bench.now()
    bench.start("camera", {"width": 320, "height": 240, "frame_id": "left_eye"})
    bench.until(lambda: len(seen) >= 10, "ten images")
    stamps = stamps_of(seen)
    assert stamps == sorted(set(stamps))
    assert started < stamps[0] <= stamps[-1] < bench.now()
    assert image_from_msg(seen[0]).shape == (240, 320, 3)
    assert {m.header.frame_id for m in seen} == {"left_eye"}


def test_a_recording_is_played_at_its_own_pace(bench, recording):
    seen = bench.listen(Image, "image_raw", IMAGES_IN)
    camera = bench.start("camera", {**recording, "rate_hz": 10.0})
    bench.until(lambda: camera.ended, "its end")
    bench.until(lambda: seen and index_of(image_from_msg(seen[-1])) == COUNT - 1, "the last image")
    stamps = stamps_of(seen)
    assert camera.published == COUNT
    assert index_of(image_from_msg(seen[0])) == 0
    assert stamps == sorted(set(stamps))
    assert stamps[-1] - stamps[0] >= (COUNT - 1) / 10 - 0.01
    assert bench.until(lambda: [t for t in bench.said() if "has ended after 20 images" in t])


def test_a_recording_can_be_looped(bench, tmp_path):
    seen = bench.listen(Image, "image_raw", IMAGES_IN)
    path = write_video(tmp_path / "clip.mp4", 3, fps=30.0)
    bench.start("camera", {"source": "video", "input": str(path), "loop": True})
    bench.until(lambda: len(seen) >= 9, "three rounds")
    stamps = stamps_of(seen)
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize("camera_first", [True, False], ids=["camera first", "faces first"])
def test_in_lock_step_every_image_of_a_recording_gets_its_faces(bench, recording, camera_first):
    answers = bench.listen(FaceArray, "faces", RESULTS)
    nodes = {"camera": {**recording, "real_time": False}, "faces": PATIENT}
    started = {name: bench.start(name, nodes[name]) for name in sorted(nodes, reverse=not camera_first)}
    camera = started["camera"]
    bench.until(lambda: camera.ended, "its end")
    bench.until(lambda: len(answers) >= COUNT, "the last answer")
    assert camera.published == COUNT
    assert len(set(stamps_of(answers))) == len(answers) == COUNT


def test_jpeg_and_calibration_come_with_every_image(bench, tmp_path):
    seen = bench.listen(Image, "image_raw", IMAGES_IN)
    jpegs = bench.listen(CompressedImage, "image_raw/compressed", IMAGES_IN)
    infos = bench.listen(CameraInfo, "camera_info", IMAGES_IN)
    (tmp_path / "camera.yaml").write_text(CALIBRATION)
    clip = write_video(tmp_path / "clip.mp4")
    parameters = {"calibration": str(tmp_path / "camera.yaml"), "compressed": True, "frame_id": "left_eye"}
    bench.start("camera", {"source": "video", "input": str(clip), **parameters})
    bench.until(lambda: seen and jpegs and infos, "all three")
    assert seen[0].header == jpegs[0].header == infos[0].header
    assert decode_compressed(jpegs[0].data, jpegs[0].format).shape == (48, 64, 3)
    assert (infos[0].width, infos[0].height, infos[0].distortion_model) == (64, 48, "plumb_bob")
    assert list(infos[0].d) == [0.1, -0.2, 0.0, 0.0, 0.05]
    assert list(infos[0].k) == [60, 0, 32, 0, 60, 24, 0, 0, 1]
    assert list(infos[0].p) == [60, 0, 32, 0, 0, 60, 24, 0, 0, 0, 1, 0]


def test_nothing_but_images_is_published_unless_asked_for(bench):
    bench.start("camera", {"width": 64, "height": 48})
    bench.until(lambda: bench.probe.count_publishers("image_raw"), "images")
    assert bench.probe.count_publishers("image_raw/compressed") == 0
    assert bench.probe.count_publishers("camera_info") == 0


CANNOT = [
    pytest.param(
        {"source": "video", "input": "gone.mp4"}, SourceError, r"gone\.mp4 is not a file", id="video"
    ),
    pytest.param({"source": "folder", "input": "gone"}, SourceError, "gone is not a folder", id="folder"),
    pytest.param({"source": "bag", "input": "gone"}, SourceError, "gone", id="bag"),
    pytest.param({"source": "device", "input": "77"}, SourceError, "camera /dev/video77", id="device"),
    pytest.param({"source": "video"}, ParameterError, "source video needs an input", id="no input"),
    pytest.param({"calibration": "gone.yaml"}, ParameterError, r"gone\.yaml: No such file", id="calibration"),
]


@pytest.mark.parametrize(("parameters", "error", "says"), CANNOT)
def test_a_source_that_cannot_be_opened_is_an_error_that_names_it(bench, parameters, error, says):
    with pytest.raises(error, match=says):
        bench.start("camera", parameters)


@pytest.mark.parametrize("share", [0.0, 0.3], ids=["empty", "cut short"])
def test_a_damaged_video_is_an_error_that_names_it(bench, tmp_path, share):
    path = write_video(tmp_path / "damaged.mp4")
    truncate(path, share)
    with pytest.raises(SourceError, match=r"damaged\.mp4"):
        bench.start("camera", {"source": "video", "input": str(path)})


def test_a_camera_stops_in_the_middle_of_a_recording(bench, tmp_path):
    path = write_video(tmp_path / "clip.mp4", 40, fps=0.5)
    seen = bench.listen(Image, "image_raw", IMAGES_IN)
    camera = bench.start("camera", {"source": "video", "input": str(path)})
    bench.until(lambda: seen, "an image")
    bench.stop(camera)
    assert camera.ended
    assert np.array_equal(image_from_msg(seen[0]).shape, (48, 64, 3))
