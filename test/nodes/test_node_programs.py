"""A node as a program of its own: it starts, says in one line why it cannot, and stops when told."""

import signal

import pytest
from sensor_msgs.msg import Image
from sources.recordings import write_video

from fer_ros.graph import PARAMETERS
from fer_ros.nodes.qos import IMAGES_IN

from .program import node

QUICK = {
    "camera": {"width": 64, "height": 48},
    "faces": {"finder": "haar", "reader": "none"},
}


STOPPED = [*((name, signal.SIGINT) for name in PARAMETERS), ("camera", signal.SIGTERM)]


@pytest.mark.parametrize(("name", "number"), STOPPED, ids=str)
def test_a_node_stops_when_it_is_told(bench, programs, tmp_path, name, number):
    program = programs(node(tmp_path, name, **QUICK.get(name, {})))
    bench.until(lambda: name in bench.probe.get_node_names(), f"{name} is there")
    program.process.send_signal(number)
    ended = program.end()
    assert (ended.status, ended.err.count("Traceback")) == (0, 0), ended.err


def test_a_camera_stops_in_the_middle_of_publishing(bench, programs, tmp_path):
    seen = bench.listen(Image, "image_raw", IMAGES_IN)
    program = programs(node(tmp_path, "camera", width=64, height=48, rate_hz=240.0))
    bench.until(lambda: len(seen) >= 20, "a stream of images")
    ended = program.interrupt()
    assert (ended.status, ended.err) == (0, "")


def test_a_recording_waits_for_a_listener_in_another_process(bench, programs, tmp_path):
    clip = write_video(tmp_path / "clip.mp4", 10, fps=30.0)
    program = programs(node(tmp_path, "camera", source="video", input=clip))
    bench.until(lambda: "camera" in bench.probe.get_node_names(), "the camera")
    seen = bench.listen(Image, "image_raw", IMAGES_IN)
    bench.until(lambda: len(seen) >= 9, "its images")
    assert bench.until(lambda: [t for t in bench.said() if "has ended after 10 images" in t])
    assert program.interrupt().status == 0


CANNOT = [
    pytest.param("camera", {"source": "video", "input": "gone.mp4"}, "gone.mp4 is not a file", id="no video"),
    pytest.param(
        "camera", {"rate_hz": 999.0}, "camera.rate_hz is 999.0; it takes 0.1 to 240", id="out of bounds"
    ),
    pytest.param("faces", {"finder": "eyes"}, "faces.finder is 'eyes'; choose one of", id="no such finder"),
    pytest.param(
        "uplink", {"profile": "nonsense"}, "no link profile 'nonsense'; choose one of", id="profile"
    ),
    pytest.param("mode", {"mode": "banana"}, "mode.mode is 'banana'; choose one of", id="no such mode"),
    pytest.param("conversation", {"policy": "rude"}, "rude.yaml cannot be read", id="no such policy"),
]


@pytest.mark.parametrize(("name", "parameters", "says"), CANNOT)
def test_a_node_that_cannot_start_says_why_in_one_line(programs, tmp_path, name, parameters, says):
    ended = programs(node(tmp_path, name, **parameters)).end()
    assert ended.status == 1
    assert ended.complaint.startswith(f"{name}: ")
    assert says in ended.complaint


def test_a_camera_without_its_device_says_why_last(programs, tmp_path):
    """OpenCV may have said something before."""
    ended = programs(node(tmp_path, "camera", source="device", input="/dev/video77")).end()
    assert (ended.status, ended.err.count("Traceback")) == (1, 0)
    assert "camera: camera /dev/video77 cannot be opened" in ended.err.splitlines()[-1]
