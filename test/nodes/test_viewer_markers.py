"""viewer: faces as markers, for RViz."""

import numpy as np
import pytest
from fer_ros.msg import EmotionEstimate
from sensor_msgs.msg import CameraInfo, Image

from fer_ros.consent.permissions import Permission
from fer_ros.nodes.qos import ESTIMATES, IMAGES_OUT
from fer_ros.viewer.markers import FACE_WIDTH_M

from . import images
from .people import an_estimate, nobody
from .visualization_package import visualization_msgs  # noqa: F401 a fixture

BOX = (0.25, 0.25, 0.5, 0.75)
SIZE = (320, 240)


class Space:
    """What RViz would show: the markers that are there, by namespace and id."""

    def __init__(self, bench, parameters=None):
        from visualization_msgs.msg import MarkerArray

        self.bench = bench
        self.heard = bench.listen(MarkerArray, "markers")
        self.node = bench.start("viewer", parameters)
        self.estimates = bench.publisher(EmotionEstimate, "emotion", ESTIMATES)
        self.images = bench.publisher(Image, "image_raw", IMAGES_OUT)

    @property
    def there(self):
        shown = {}
        for marker in (marker for array in self.heard for marker in array.markers):
            if marker.action == marker.DELETE:
                shown.pop((marker.ns, marker.id))
            else:
                shown[marker.ns, marker.id] = marker
        return shown

    def see(self, *faces, until):
        """Show images and faces until something is so of the markers that are there."""

        def met():
            stamp = self.bench.now()
            self.images.publish(images.bgr8(images.nobody(240, 320), stamp))
            for face_id in faces:
                self.estimates.publish(an_estimate(stamp, face_id=face_id, box=BOX))
            if not faces:
                self.estimates.publish(nobody(stamp))
            self.bench.spin_for(0.02)
            return until(self.there)

        self.bench.until(met, "the markers")
        return self.there


@pytest.fixture
def space(bench, visualization_msgs):  # noqa: F811
    return Space(bench)


def points(marker):
    return np.array([(p.x, p.y, p.z) for p in marker.points])


def test_a_face_is_outlined_on_its_ray_at_its_distance(space):
    there = space.see("face_1", until=lambda there: len(there) == 2)
    outline = there["outline", 0]
    corners = points(outline)
    fx = 160 / np.tan(np.radians(30))  # px; 60 degrees of 320 px
    z = fx * FACE_WIDTH_M / 80
    assert np.allclose(corners[:, 2], z)
    px = corners[:, :2] / corners[:, 2:] * fx + [160, 120]
    assert np.allclose(px, [(80, 60), (160, 60), (160, 180), (80, 180), (80, 60)])
    assert corners[1, 0] - corners[0, 0] == pytest.approx(FACE_WIDTH_M)
    assert (outline.type, outline.header.frame_id) == (outline.LINE_STRIP, images.FRAME_ID)
    assert outline.pose.orientation.w == 1.0


def test_it_says_what_the_face_shows_above_it(space):
    there = space.see("face_1", until=lambda there: len(there) == 2)
    name, corners = there["name", 0], points(there["outline", 0])
    assert (name.type, name.text) == (name.TEXT_VIEW_FACING, "happy 90%")
    assert name.pose.position.y < corners[:, 1].min()
    assert name.pose.position.x == pytest.approx((corners[0, 0] + corners[1, 0]) / 2)
    assert name.color == there["outline", 0].color
    assert (name.color.a, name.scale.z > 0) == (1.0, True)


def test_markers_of_a_face_that_goes_are_deleted_and_its_number_is_free(space):
    space.see("face_1", "face_2", until=lambda there: len(there) == 4)
    space.see("face_2", until=lambda there: set(there) == {("outline", 1), ("name", 1)})
    space.see("face_2", "face_3", until=lambda there: set(there) >= {("outline", 0), ("outline", 1)})
    space.see(until=lambda there: not there)


def test_markers_are_deleted_where_the_estimator_falls_silent(space):
    space.see("face_1", until=lambda there: there)
    space.bench.until(lambda: not space.there, "nothing there")


def test_markers_are_deleted_when_it_is_switched_off(space):
    space.see("face_1", until=lambda there: there)
    space.bench.permit(Permission(enabled=False, commands=1))
    space.see("face_1", until=lambda there: not there)


def test_a_calibrated_camera_counts_more_than_the_assumed_field_of_view(space):
    info = space.bench.publisher(CameraInfo, "camera_info", IMAGES_OUT)
    told = CameraInfo(width=640, height=480, k=[1000.0, 0.0, 300.0, 0.0, 900.0, 200.0, 0.0, 0.0, 1.0])

    def is_calibrated(there):
        info.publish(told)
        return there and points(there["outline", 0])[0, 2] == pytest.approx(1000 * FACE_WIDTH_M / 160)

    corners = points(space.see("face_1", until=is_calibrated)["outline", 0])
    px = corners[:, :2] / corners[:, 2:] * [1000, 900] + [300, 200]
    assert np.allclose(px[0], (160, 120))


def test_an_image_without_pixels_does_not_tell_how_large_images_are(space):
    empty = images.bgr8(images.nobody(), space.bench.now())
    empty.width = empty.height = 0
    for _ in range(5):
        space.images.publish(empty)
        space.estimates.publish(an_estimate(space.bench.now(), box=BOX))
        space.bench.spin_for(0.02)
    assert space.heard == []
    assert space.see("face_1", until=lambda there: there)


def test_the_assumed_field_of_view_is_a_parameter(bench, visualization_msgs):  # noqa: F811
    there = Space(bench, {"fov_deg": 90.0}).see("face_1", until=lambda there: there)
    assert points(there["outline", 0])[0, 2] == pytest.approx(160 * FACE_WIDTH_M / 80)


def test_camera_info_is_taken_from_beside_the_images(bench, visualization_msgs):  # noqa: F811
    from fer_ros.nodes.viewer import Viewer

    node = Viewer(namespace="robot", cli_args=["--ros-args", "-r", "image_raw:=/eye/image"])
    bench.take(node)
    taken = {s.topic_name for s in node.subscriptions}
    assert {"/eye/image", "/eye/camera_info"} <= taken
    other = Viewer(cli_args=["--ros-args", "-r", "image_raw:=/eye/image", "-r", "camera_info:=/lens"])
    bench.take(other)
    assert "/lens" in {s.topic_name for s in other.subscriptions}


def test_markers_can_be_left_out(bench, visualization_msgs):  # noqa: F811
    node = bench.start("viewer", {"markers": False})
    assert "/markers" not in {p.topic_name for p in node.publishers}
