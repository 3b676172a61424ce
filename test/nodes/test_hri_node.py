"""hri: what faces and emotion become on REP-155's topics."""

import gc
from math import isnan, nan

import numpy as np
import pytest
from fer_ros.msg import EmotionEstimate, FaceArray
from sensor_msgs.msg import Image

from fer_ros.errors import ParameterError
from fer_ros.hri.action_units import SOURCES
from fer_ros.nodes.messages import image_from_msg
from fer_ros.nodes.qos import ESTIMATES, IMAGES_OUT, RESULTS

from . import images
from .asking import PATIENT
from .people import a_face, an_array, an_estimate, nobody

pytestmark = pytest.mark.usefixtures("hri_msgs")

SHAPES = np.linspace(0.1, 0.6, 52, dtype=np.float32)
FACE = "/humans/faces/face_1"
OF_A_FACE = {"face_1/roi", "face_1/cropped", "face_1/expression"}


class Listener:
    """What a node that reads ROS 4 HRI sees of a graph that finds and estimates faces."""

    def __init__(self, bench, root="/humans/faces", **parameters):
        from hri_msgs import msg

        self.bench, self.root, self.msg = bench, root, msg
        self.node = bench.start("hri", {"root": root, **parameters})
        self.faces = bench.publisher(FaceArray, "faces", RESULTS)
        self.emotion = bench.publisher(EmotionEstimate, "emotion", ESTIMATES)
        self.tracked = bench.listen(msg.IdsList, f"{root}/tracked", RESULTS)
        self.stamp = 0.0

    def listen(self, name, face="face_1"):
        kinds = {
            "roi": self.msg.NormalizedRegionOfInterest2D,
            "landmarks": self.msg.FacialLandmarks,
            "facs": self.msg.FacialActionUnits,
            "expression": self.msg.Expression,
            "cropped": Image,
        }
        return self.bench.listen(kinds[name], f"{self.root}/{face}/{name}", RESULTS)

    def show(self, *faces, size=(320, 240)):
        """Publish the faces of one more image."""
        self.stamp += 0.1
        self.faces.publish(an_array(*faces, stamp=self.stamp, size=size))

    def until(self, heard, *faces, say=lambda stamp: None, **how):
        """The newest message, after faces were shown until one came."""

        def ask():
            self.show(*faces, **how)
            say(self.stamp)
            self.bench.spin_for(0.03)
            return heard

        return self.bench.until(ask, f"{self.root} tells")[-1]

    def topics(self):
        known = self.bench.probe.get_topic_names_and_types()
        return {
            topic.removeprefix(f"{self.root}/"): kinds
            for topic, kinds in known
            if topic.startswith(self.root) and self.bench.probe.count_publishers(topic)
        }


@pytest.fixture
def hri(bench):
    return Listener(bench)


def estimates(hri, *made):
    """Publishes estimates at a stamp."""

    def say(stamp):
        for make in made:
            hri.emotion.publish(make(stamp))

    return say


def test_who_is_there_is_told_with_the_header_of_the_image(hri):
    tracked = hri.until(hri.tracked, a_face("face_1"), a_face("face_2"))
    assert tracked.ids == ["face_1", "face_2"]
    assert tracked.header.frame_id == images.FRAME_ID
    assert tracked.header.stamp.sec + tracked.header.stamp.nanosec > 0


def test_nobody_is_an_empty_list(hri):
    assert hri.until(hri.tracked).ids == []


def test_a_face_has_the_topics_and_types_of_the_rep(bench, hri):
    landmarks = np.tile(np.array([150.0, 100.0, -3.0], np.float32), 478)
    face = a_face(blendshapes=SHAPES, landmarks=landmarks)
    hri.until(hri.tracked, face)
    bench.until(lambda: len(hri.topics()) == 6, "six topics")
    assert hri.topics() == {
        "tracked": ["hri_msgs/msg/IdsList"],
        "face_1/roi": ["hri_msgs/msg/NormalizedRegionOfInterest2D"],
        "face_1/cropped": ["sensor_msgs/msg/Image"],
        "face_1/landmarks": ["hri_msgs/msg/FacialLandmarks"],
        "face_1/facs": ["hri_msgs/msg/FacialActionUnits"],
        "face_1/expression": ["hri_msgs/msg/Expression"],
    }


def test_a_region_is_in_fractions_of_the_image_and_stays_inside(hri):
    face = a_face(box=(-32.0, 60.0, 160.0, 300.0))
    face.score = 0.75
    roi = hri.until(hri.listen("roi"), face)
    assert (roi.xmin, roi.ymin, roi.xmax, roi.ymax, roi.c) == (0.0, 0.25, 0.5, 1.0, 0.75)
    assert roi.header.frame_id == images.FRAME_ID


def test_a_face_outside_the_image_has_no_region(bench, hri):
    roi, expression = hri.listen("roi"), hri.listen("expression")
    face = a_face(box=(-100.0, 60.0, -10.0, 160.0))
    hri.until(expression, face, say=estimates(hri, an_estimate))
    assert roi == []


def test_a_picture_is_128_px_and_made_only_when_somebody_looks(bench, hri):
    picture = hri.until(hri.listen("cropped"), a_face())
    assert (picture.width, picture.height, picture.encoding) == (128, 128, "bgr8")
    assert image_from_msg(picture).std() > 10


def test_a_face_without_a_crop_has_no_picture(bench, hri):
    cropped = hri.listen("cropped")
    hri.until(hri.listen("roi"), a_face(crop=Image()))
    bench.spin_for(0.2)
    assert cropped == []


def test_action_units_that_nobody_measures_are_not_numbers(hri):
    facs = hri.until(hri.listen("facs"), a_face(blendshapes=SHAPES))
    assert set(np.flatnonzero(np.isfinite(facs.intensity))) == set(SOURCES)
    assert np.isnan(facs.confidence).all()
    assert facs.intensity[1] == SHAPES[3]  # browInnerUp


def test_without_blendshapes_and_landmarks_nothing_is_told_of_them(bench, hri):
    hri.until(hri.listen("roi"), a_face())
    assert not {"face_1/facs", "face_1/landmarks"} & set(hri.topics())


def test_landmarks_are_in_fractions_of_the_image(hri):
    landmarks = np.tile(np.array([160.0, 60.0, -3.0], np.float32), 478)
    landmarks[3 * 8 : 3 * 9] = landmarks[3 * 152 : 3 * 153] = (160.0, 500.0, 0.0)  # the chin is outside
    told = hri.until(hri.listen("landmarks"), a_face(landmarks=landmarks))
    points = np.array([(p.x, p.y, p.c) for p in told.landmarks])
    assert (told.width, told.height) == (320, 240)
    assert np.isnan(points[8]).all()
    assert points[27] == pytest.approx([0.5, 0.25, 0.9])


def test_an_estimate_is_told_in_the_words_of_the_rep(hri):
    expression = hri.until(
        hri.listen("expression"), a_face(), say=estimates(hri, lambda t: an_estimate(t, "surprise", 0.8))
    )
    assert expression.expression == "surprised"
    assert expression.confidence == pytest.approx(0.8)
    assert (expression.valence, expression.arousal) == (pytest.approx(0.5), pytest.approx(0.2))
    assert expression.header.frame_id == images.FRAME_ID


def test_an_abstained_estimate_has_no_word_and_what_is_not_measured_is_not_zero(hri):
    def unsure(stamp):
        estimate = an_estimate(stamp)
        estimate.abstained, estimate.reason = True, "unsure"
        estimate.valence, estimate.arousal = nan, nan
        return estimate

    told = hri.until(hri.listen("expression"), a_face(), say=estimates(hri, unsure))
    assert told.expression == ""
    assert all(isnan(value) for value in (told.valence, told.arousal, told.confidence))


def test_estimates_of_nobody_and_of_the_gone_are_told_to_nobody(bench, hri):
    said = estimates(hri, nobody, lambda t: an_estimate(t, face_id="face_9"), an_estimate)
    hri.until(hri.listen("expression"), a_face(), say=said)
    assert {name for name in hri.topics() if name.endswith("expression")} == {"face_1/expression"}


def test_publishers_live_as_long_as_their_face(bench, hri):
    hri.until(hri.listen("roi"), a_face())
    first = {publisher for publisher in hri.node.publishers if FACE in publisher.topic_name}
    for _ in range(20):
        hri.show(a_face(), a_face("face_2"))
        bench.spin_for(0.02)
    assert first <= set(hri.node.publishers)
    hri.until(hri.tracked, a_face("face_2"))
    bench.until(lambda: not [n for n in hri.topics() if n.startswith("face_1/")], "no topic of the face")
    assert not first & set(hri.node.publishers)
    assert [name for name in hri.topics() if name.startswith("face_2/")]


def test_a_hundred_faces_leave_nothing_behind(bench, hri):
    hri.until(hri.tracked)
    before = len(list(hri.node.publishers))
    for number in range(100):
        hri.show(a_face(f"face_{number}", blendshapes=SHAPES))
        bench.spin_for(0.005)
    hri.tracked.clear()
    bench.until(lambda: hri.show() or (hri.tracked and hri.tracked[-1].ids == []), "everybody is gone")
    assert len(list(hri.node.publishers)) == before


def test_when_nothing_is_heard_any_more_everybody_is_gone(bench):
    hri = Listener(bench, keep_s=0.3)
    hri.until(hri.tracked, a_face())
    bench.until(lambda: hri.tracked[-1].ids == [], "an empty list")
    bench.until(lambda: set(hri.topics()) == {"tracked"}, "no topic of a face")


def test_beside_another_detector_only_what_it_cannot_tell_is_told(bench):
    hri = Listener(bench, detector=False)
    hri.until(hri.listen("expression"), a_face(blendshapes=SHAPES), say=estimates(hri, an_estimate))
    bench.until(lambda: len(hri.topics()) == 2, "two topics")
    assert set(hri.topics()) == {"face_1/expression", "face_1/facs"}


def test_each_robot_may_have_a_root_of_its_own(bench):
    left, right = (Listener(bench, root=f"/{name}/faces") for name in ("left", "right"))
    left.until(left.tracked, a_face())
    bench.until(lambda: set(left.topics()) == set(right.topics()) == {"tracked", *OF_A_FACE}, "both")


@pytest.mark.parametrize("root", ["humans", "/hu mans"])
def test_a_root_that_is_no_topic_ends_the_node(bench, root):
    with pytest.raises(ParameterError, match=r"hri\.root is"):
        bench.start("hri", {"root": root})
    gc.collect()  # what is left of the node would take the log of the next test's node along


def test_an_id_that_cannot_be_a_topic_is_told_and_left_out(bench, hri):
    faces = a_face("face 1"), a_face("face_2")
    assert hri.until(hri.tracked, *faces).ids == ["face_2"]
    said = bench.until(
        lambda: hri.until(hri.tracked, *faces) and bench.complaints("cannot be a topic's name"), "a complaint"
    )
    assert "'face 1'" in said[0]


def test_faces_in_an_image_without_a_size_are_dropped_with_a_word(bench, hri):
    bench.until(lambda: hri.show(a_face(), size=(0, 0)) or bench.complaints("0x0 px"), "a complaint")
    assert hri.tracked == []


def test_a_real_face_goes_through_the_real_graph(bench, hri):
    for name, parameters in {
        "faces": PATIENT,
        "estimator": {"max_age_s": 0.0},
        "mode": {"robot_max_age_s": 0.0},
    }.items():
        bench.start(name, parameters)
    camera = bench.publisher(Image, "image_raw", IMAGES_OUT)
    sent = []

    def show():
        sent.append(images.header(bench.now()))
        camera.publish(images.bgr8(images.face(), sent[-1].stamp))
        bench.spin_for(0.1)
        return True

    (face,) = bench.until(lambda: show() and hri.tracked and hri.tracked[-1].ids, "a face")
    names = ("expression", "roi", "cropped", "facs")
    heard = {name: hri.listen(name, face) for name in names}
    bench.until(lambda: show() and all(heard.values()), f"all of {', '.join(names)}")
    told = bench.until(lambda: show() and [e for e in heard["expression"] if e.expression], "a word")[0]
    assert 0 < told.confidence <= 1
    assert -1 <= told.valence <= 1
    assert 0 <= heard["roi"][0].xmin < heard["roi"][0].xmax <= 1
    assert all(message.header in sent for name in names for message in heard[name])
