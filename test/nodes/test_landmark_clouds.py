"""faces/landmarks: PointCloud2, made by sensor_msgs_py where ROS has it and by ours where not."""

import sys
from types import ModuleType

import numpy as np
import pytest
from fer_ros.msg import FaceArray
from sensor_msgs.msg import Image, PointCloud2, PointField

from fer_ros.landmark_cloud import POINT
from fer_ros.nodes.landmarks import cloud_writer, fields, write_cloud
from fer_ros.nodes.qos import IMAGES_OUT, RESULTS

from . import images

CLOUD = np.array([(1.5, 2.5, -3.0, 0), (4.0, 5.0, 6.0, 1)], POINT)


def test_a_message_describes_its_points():
    message = write_cloud(images.header(1.0), fields(), CLOUD)
    described = [(f.name, f.offset, f.datatype, f.count) for f in message.fields]
    real, whole = PointField.FLOAT32, PointField.UINT32
    assert described == [("x", 0, real, 1), ("y", 4, real, 1), ("z", 8, real, 1), ("face", 12, whole, 1)]
    assert (message.width, message.height, message.point_step, message.row_step) == (2, 1, 16, 32)
    assert (np.frombuffer(message.data, POINT) == CLOUD).all()


def test_a_cloud_may_be_empty():
    message = write_cloud(images.header(1.0), fields(), CLOUD[:0])
    assert (message.width, len(message.data)) == (0, 0)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_ours_is_what_sensor_msgs_py_makes(count):
    theirs = pytest.importorskip(
        "sensor_msgs_py.point_cloud2", reason="sensor_msgs_py comes with ROS, not from PyPI"
    )
    header = images.header(1.0)
    assert write_cloud(header, fields(), CLOUD[:count]) == theirs.create_cloud(
        header, fields(), CLOUD[:count]
    )


def test_what_ros_provides_is_used(monkeypatch):
    package, module = ModuleType("sensor_msgs_py"), ModuleType("sensor_msgs_py.point_cloud2")
    module.create_cloud = lambda header, fields, points: None
    monkeypatch.setitem(sys.modules, "sensor_msgs_py", package)
    monkeypatch.setitem(sys.modules, "sensor_msgs_py.point_cloud2", module)
    assert cloud_writer() is module.create_cloud


def test_what_ros_does_not_provide_is_done_without(monkeypatch):
    monkeypatch.setitem(sys.modules, "sensor_msgs_py.point_cloud2", None)
    assert cloud_writer() is write_cloud


def test_landmarks_leave_as_one_cloud_an_image(bench, monkeypatch, third_party_model):
    folder = third_party_model("face_landmarker.task").parent
    monkeypatch.setenv("FER_ROS_MODEL_PATH", str(folder))
    bench.start("faces", {"finder": "haar", "reader": "mediapipe", "landmarks": True, "max_age_s": 0.0})
    clouds = bench.listen(PointCloud2, "faces/landmarks", RESULTS)
    found = bench.listen(FaceArray, "faces")
    camera = bench.publisher(Image, "image_raw", IMAGES_OUT)

    def show():
        camera.publish(images.bgr8(images.face(), bench.now()))
        bench.spin_for(0.05)
        return [cloud for cloud in clouds if cloud.width]

    cloud = bench.until(show, "a cloud")[0]
    (faces,) = [answer for answer in found if answer.header == cloud.header]
    points = np.frombuffer(cloud.data, POINT)
    (face,) = faces.faces
    assert (np.stack([points[c] for c in "xyz"], axis=1).ravel() == np.array(face.landmarks)).all()
    assert not points["face"].any()


def test_without_the_parameter_there_is_no_such_topic(bench):
    bench.start("faces", {"finder": "haar", "reader": "none"})
    bench.until(lambda: bench.probe.count_publishers("faces"), "faces is published")
    assert not bench.probe.count_publishers("faces/landmarks")
