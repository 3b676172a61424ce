"""Images of 1280x720 pass from one process to another."""

from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from fer_ros.msg import FaceArray
from nodes.program import node

from fer_ros.nodes.transport import VARIABLES, image_transport
from fer_ros.resources import share

N_IMAGES = 40
IMAGE_BYTES = 1280 * 720 * 3
QUEUED = 5  # images that the camera's queue keeps

NAMESPACE = "{http://www.eprosima.com/XMLSchemas/fastRTPS_Profiles}"


def test_every_image_reaches_another_process(bench, programs, tmp_path):
    """The camera gives one image after the other, each when the faces of the last are out."""
    faces = bench.listen(FaceArray, "faces")
    told = bench.listen(DiagnosticArray, "/diagnostics")
    programs(node(tmp_path, "faces", finder="haar", reader="none", max_age_s=0.0))
    bench.permit()
    bench.until(lambda: any(at_work(array.status) for array in told), "the faces node may work")
    clip = write_clip(tmp_path / "clip.mp4")
    programs(node(tmp_path, "camera", source="video", input=clip, real_time=False))
    bench.until(lambda: len(faces) == N_IMAGES, f"faces of {N_IMAGES} images")
    assert {(msg.image_width, msg.image_height) for msg in faces} == {(1280, 720)}
    assert bench.until(lambda: [t for t in bench.said() if f"has ended after {N_IMAGES} images" in t])


def test_the_profile_has_room_for_a_queue_of_images():
    transports = profile().iter(tag("transport_descriptor"))
    shared = next(t for t in transports if t.findtext(tag("type")) == "SHM")
    assert int(shared.findtext(tag("segment_size"))) > 2 * QUEUED * IMAGE_BYTES
    assert int(shared.findtext(tag("maxMessageSize"))) > 1920 * 1080 * 3


def test_the_profile_uses_the_transports_that_it_describes():
    described = {t.findtext(tag("transport_id")) for t in profile().iter(tag("transport_descriptor"))}
    used = profile().find(f".//{tag('userTransports')}").findall(tag("transport_id"))
    assert {t.text for t in used} == described


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({VARIABLES[0]: "/own.xml"}, id="a profile of one's own"),
        pytest.param({"RMW_IMPLEMENTATION": "rmw_zenoh_cpp"}, id="another middleware"),
    ],
)
def test_what_the_user_chose_stays(environ):
    assert image_transport(environ) == {}


@pytest.mark.parametrize("environ", [{}, {"RMW_IMPLEMENTATION": "rmw_fastrtps_cpp"}])
def test_fast_dds_is_given_the_profile(environ):
    assert image_transport(environ)[VARIABLES[0]] == str(share("config") / "fastdds.xml")


def at_work(statuses):
    return any(status.name == "faces" and "permission" not in status.message for status in statuses)


def profile():
    return ElementTree.parse(share("config") / "fastdds.xml").getroot()


def tag(name):
    return NAMESPACE + name


def write_clip(path):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (1280, 720))
    for i in range(N_IMAGES):
        writer.write(np.full((720, 1280, 3), 5 * i, np.uint8))
    writer.release()
    return path
