"""hri_faces: another detector of ROS 4 HRI finds the faces, and our estimator estimates them."""

from math import nan

import numpy as np
import pytest
from fer_ros.msg import EmotionEstimate, FaceArray
from sensor_msgs.msg import Image

from fer_ros.consent.permissions import Permission
from fer_ros.faces.crop import crop_face
from fer_ros.faces.face import Detection
from fer_ros.nodes.messages import image_from_msg
from fer_ros.nodes.qos import ESTIMATES, IMAGES_OUT

from . import images
from .rep155 import BOX, REGION, Detector

pytestmark = pytest.mark.usefixtures("hri_msgs")

PATIENT = {"max_age_s": 0.0, "wait_s": 0.2}


class Stage:
    """A camera, a detector, and the node under test between them and the estimator."""

    def __init__(self, bench, *, camera=True, **parameters):
        self.bench = bench
        self.node = bench.start("hri_faces", {**PATIENT, **parameters})
        self.detector = Detector(bench, parameters.get("root", "/humans/faces"))
        self.faces = bench.listen(FaceArray, "faces")
        self.camera = bench.publisher(Image, "image_raw", IMAGES_OUT) if camera else None

    def show(self, *ids, **told):
        """One image, and what the detector makes of it."""
        header = images.header(self.bench.now())
        if self.camera is not None:
            self.camera.publish(images.bgr8(images.face(), header.stamp))
        self.detector.show(header, *ids, **told)
        self.bench.spin_for(0.03)
        return header

    def until_seen(self, *ids, **told):
        """The first answer that holds these faces, and the header of its image."""

        def ask():
            self.show(*ids, **told)
            return [answer for answer in self.faces if sorted(f.id for f in answer.faces) == sorted(ids)]

        return self.bench.until(ask, f"faces {ids}")[0]


@pytest.fixture
def stage(bench):
    return Stage(bench)


def test_a_face_comes_as_our_own_faces_do(stage):
    answer = stage.until_seen("bf3d")
    (face,) = answer.faces
    assert (answer.finder, answer.reader) == ("hri", "none")
    assert (answer.image_width, answer.image_height) == (320, 240)
    assert face.box == pytest.approx(np.array(BOX), abs=0.01)
    assert face.score == pytest.approx(0.8)
    assert (len(face.blendshapes), face.blendshapes_by) == (52, "student")
    assert len(face.landmarks) == 0


def test_stamp_and_frame_are_those_of_the_image(stage):
    sent = []
    stage.bench.until(lambda: sent.append(stage.show("bf3d")) or stage.faces, "an answer")
    assert stage.faces[-1].header in sent


def test_a_face_is_cut_out_of_the_image_and_framed_as_ours(stage):
    (face,) = stage.until_seen("bf3d").faces
    ours = crop_face(images.face(), Detection(tuple(face.box), 1.0), 112)
    assert (image_from_msg(face.crop) == ours).all()


def test_eyes_turn_the_crop_upright(stage):
    eyes = ((135.0, 100.0), (175.0, 120.0))

    def ask():
        header = images.header(stage.bench.now())
        stage.camera.publish(images.bgr8(images.face(), header.stamp))
        stage.detector.landmarks(header, "bf3d", eyes)
        stage.detector.show(header, "bf3d")
        stage.bench.spin_for(0.03)
        return len(stage.faces) > 5 and stage.faces[-1].faces

    (face,) = stage.bench.until(ask, "faces")
    turned = crop_face(images.face(), Detection(tuple(face.box), 1.0, eyes=eyes), 112)
    assert np.abs(image_from_msg(face.crop).astype(int) - turned).mean() < 2


def test_without_images_the_detectors_pictures_will_do(bench):
    stage = Stage(bench, camera=False, image_width=320, image_height=240)
    (face,) = bench.until(
        lambda: (
            [f for f in stage.until_seen("bf3d", cropped=True).faces if f.crop.width] or stage.faces.clear()
        ),
        "a face with a crop",
    )
    assert image_from_msg(face.crop).std() > 10
    assert face.blendshapes_by == "student"


def test_while_images_come_no_detector_has_to_make_pictures(stage):
    stage.until_seen("bf3d")
    stage.bench.until(lambda: stage.show("bf3d") and not stage.detector.listeners("bf3d", "cropped"))
    assert stage.detector.listeners("bf3d", "roi")


def test_nobody_is_a_message_without_faces(stage):
    answer = stage.until_seen()
    assert (answer.faces, answer.image_width) == ([], 320)


def test_listeners_come_and_go_with_the_faces(stage):
    listeners = stage.detector.listeners
    stage.until_seen("bf3d", "a01")
    stage.until_seen("a01")
    stage.bench.until(lambda: not listeners("bf3d"), "nobody listens to who is gone")
    assert listeners("a01") == 1


def test_faces_that_come_and_go_leave_nothing_behind(stage):
    stage.until_seen()
    before = len(list(stage.node.subscriptions))
    for number in range(50):
        stage.show(f"f{number}", f"f{number + 1}")
    stage.bench.until(
        lambda: stage.show() and len(list(stage.node.subscriptions)) == before, "as many as before"
    )


def test_a_face_that_never_has_a_roi_is_told_and_does_not_hold_the_others_up(stage):
    stage.until_seen("good")

    def ask():
        header = images.header(stage.bench.now())
        stage.camera.publish(images.bgr8(images.face(), header.stamp))
        stage.detector.roi(header, "good")
        stage.detector.list(header, "good", "bad")
        stage.bench.spin_for(0.03)
        return stage.bench.complaints("face bad is tracked")

    assert len(stage.bench.until(ask, "a complaint")) == 1
    assert [face.id for face in stage.faces[-1].faces] == ["good"]


@pytest.mark.parametrize(
    ("region", "says"),
    [
        pytest.param((nan, 0.1, 0.5, 0.5), "not a number", id="nan"),
        pytest.param((0.5, 0.5, 0.5, 0.5), "empty", id="empty"),
        pytest.param((100.0, 100.0, 200.0, 200.0), "leaves 0..1", id="px"),
    ],
)
def test_a_roi_that_is_none_is_told_and_the_node_lives_on(stage, region, says):
    stage.bench.until(lambda: stage.show("bf3d", roi=region) and stage.bench.complaints(says), "a complaint")
    assert not [answer for answer in stage.faces if answer.faces]
    stage.until_seen("bf3d")


def test_a_roi_of_an_old_image_is_dropped(bench):
    stage = Stage(bench, max_age_s=0.5)
    old = images.header(bench.now() - 5.0)

    def ask():
        stage.detector.show(old, "bf3d")
        old.stamp.nanosec = (old.stamp.nanosec + 1_000_000) % 1_000_000_000
        bench.spin_for(0.03)
        return bench.complaints("after their image")

    bench.until(ask, "a complaint")
    assert stage.faces == []


@pytest.mark.parametrize("size", [(0, 0), (0, 240)])
def test_an_image_without_a_size_is_told(bench, size):
    stage = Stage(bench, camera=False)
    camera = bench.publisher(Image, "image_raw", IMAGES_OUT)
    empty = Image(header=images.header(1.0), width=size[0], height=size[1], encoding="bgr8")
    bench.until(lambda: camera.publish(empty) or bench.complaints(f"{size[0]}x{size[1]} px"), "a complaint")
    bench.until(lambda: stage.show("bf3d") and bench.complaints("size of their image"), "another one")
    assert stage.faces == []


def test_landmarks_tell_the_size_where_no_image_does(bench):
    stage = Stage(bench, camera=False)

    def ask():
        header = images.header(bench.now())
        stage.detector.landmarks(header, "bf3d", size=(640, 480))
        stage.detector.show(header, "bf3d")
        bench.spin_for(0.03)
        return [answer for answer in stage.faces if answer.faces]

    assert bench.until(ask, "faces")[0].image_width == 640


def test_a_detector_that_falls_silent_takes_its_faces_along(bench):
    stage = Stage(bench, keep_s=0.3)
    stage.until_seen("bf3d")
    bench.until(lambda: not stage.detector.listeners("bf3d"), "nobody listens any more")
    stage.until_seen("bf3d")


def test_ids_that_cannot_be_topics_are_told(stage):
    header = images.header(stage.bench.now())
    stage.bench.until(
        lambda: stage.detector.list(header, "23 bd") or stage.bench.complaints("cannot be topics"), "a word"
    )


def test_nothing_is_inferred_without_permission(bench):
    stage = Stage(bench)
    stage.until_seen("bf3d")
    bench.permit(Permission(enabled=False, commands=1))
    bench.until(lambda: not stage.node.permitted.open, "the gate is shut")
    bench.spin_for(0.3)
    stage.faces.clear()
    for _ in range(10):
        stage.show("bf3d")
    assert stage.faces == []


def test_who_opted_out_is_withheld(bench, stage):
    stage.until_seen("bf3d", "a01")
    bench.permit(Permission(opted_out=frozenset({"a01"})))
    bench.until(lambda: "a01" in stage.node.permitted.opted_out, "it is known")
    stage.faces.clear()
    (face,) = bench.until(
        lambda: stage.show("bf3d", "a01") and [a for a in stage.faces if a.withheld], "withheld"
    )[-1].faces
    assert face.id == "bf3d"


def test_the_detector_drives_our_estimator(bench, stage):
    bench.start("estimator", {"max_age_s": 0.0})
    estimates = bench.listen(EmotionEstimate, "emotion/robot", ESTIMATES)
    told = bench.until(lambda: stage.show("bf3d") and [e for e in estimates if e.probabilities], "estimates")
    assert {estimate.face_id for estimate in told} == {"bf3d"}
    assert told[-1].box == pytest.approx(np.array(REGION), abs=0.01)
    nobody = bench.until(lambda: stage.show() and [e for e in estimates if not e.face_id], "nobody")
    assert nobody[-1].reason == "no face"
