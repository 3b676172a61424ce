"""estimator: faces in, one estimate each out, whatever is wrong with some of them."""

from math import inf, isnan, nan

import numpy as np
import pytest
from fer_ros.msg import EmotionEstimate, FaceArray
from sensor_msgs.msg import Image

from . import images
from .people import LABELS, a_face, an_array

PATIENT = {"max_age_s": 0.0}


class Estimated:
    """Shows faces to an estimator and collects what it says."""

    def __init__(self, bench, **parameters):
        machine = parameters.get("machine", "robot")
        bench.start("estimator", {**PATIENT, **parameters})
        self.bench = bench
        self.publisher = bench.publisher(FaceArray, "faces")
        self.heard = bench.listen(EmotionEstimate, f"emotion/{machine}")
        bench.until(lambda: bench.probe.count_publishers(f"emotion/{machine}"))

    def show(self, message, answers=1):
        """The estimates of one message."""
        before = len(self.heard)
        self.publisher.publish(message)
        self.bench.until(lambda: len(self.heard) >= before + answers, f"{answers} estimate(s)")
        return self.heard[before:]


@pytest.fixture
def estimator(bench):
    return Estimated(bench)


def test_a_face_gets_a_full_calibrated_distribution(estimator):
    (estimate,) = estimator.show(an_array(a_face()))
    assert tuple(estimate.labels) == LABELS
    assert sum(estimate.probabilities) == pytest.approx(1.0, abs=1e-5)
    assert estimate.prediction_set[0] == LABELS[int(np.argmax(estimate.probabilities))]
    assert 0 < estimate.coverage < 1
    assert -1 <= estimate.valence <= 1
    assert -1 <= estimate.arousal <= 1
    assert estimate.model.startswith("robot@")
    assert (estimate.frames, estimate.face_size_px) == (1, 100.0)
    assert isnan(estimate.rate_hz)  # nothing to measure before the second image


@pytest.mark.parametrize(
    ("machine", "source"), [("robot", EmotionEstimate.ROBOT), ("cloud", EmotionEstimate.CLOUD)]
)
def test_each_machine_speaks_on_its_own_topic(bench, machine, source):
    estimator = Estimated(bench, machine=machine, model=machine)
    (estimate,) = estimator.show(an_array(a_face()))
    assert estimate.source == source
    assert bench.probe.count_publishers("emotion/robot") + bench.probe.count_publishers("emotion/cloud") == 1


def test_every_face_gets_one_estimate_in_their_order(estimator):
    faces = [a_face(f"face_{i}") for i in (3, 1, 2)]
    assert [e.face_id for e in estimator.show(an_array(*faces), answers=3)] == ["face_3", "face_1", "face_2"]


def test_an_image_without_a_face_is_said_aloud(estimator):
    (estimate,) = estimator.show(an_array())
    assert (estimate.face_id, estimate.abstained, estimate.reason) == ("", True, "no face")
    assert (len(estimate.probabilities), estimate.frames) == (0, 0)
    assert all(map(isnan, [*estimate.box, estimate.valence, estimate.arousal, estimate.face_size_px]))


@pytest.mark.parametrize("faces", [[], [a_face()]], ids=["nobody", "somebody"])
def test_an_estimate_keeps_stamp_and_frame_of_its_image(estimator, faces):
    message = an_array(*faces, stamp=1234.567891)
    assert estimator.show(message)[0].header == message.header


def test_the_rate_is_that_of_the_stamps(estimator):
    (estimate,) = [estimator.show(an_array(a_face(), stamp=1.0 + i / 10)) for i in range(8)][-1]
    assert estimate.rate_hz == pytest.approx(10.0, rel=0.01)
    assert estimate.frames == 8


def test_a_small_face_is_not_estimated_and_says_so(estimator):
    (estimate,) = estimator.show(an_array(a_face(box=(10, 10, 22, 25))))
    assert (estimate.abstained, estimate.reason, len(estimate.labels)) == (True, "face too small", 0)


def crop(**fields):
    return a_face(crop=Image(header=images.header(1.0), **fields))


BAD_FACES = [
    pytest.param(an_array(a_face(box=(nan, 0, 1, 1))), "face face_1: box", id="NaN in a box"),
    pytest.param(an_array(a_face(box=(0, 0, inf, 1))), "face face_1: box", id="infinite box"),
    pytest.param(
        an_array(crop(width=9, height=9)), "image encoding '' is not supported", id="crop without encoding"
    ),
    pytest.param(
        an_array(crop(encoding="bgr8", width=9, height=9, step=27)),
        "the image holds 0 bytes",
        id="crop cut off",
    ),
    pytest.param(an_array(crop(encoding="bgr8", width=9, height=90)), "9x90 px", id="crop not square"),
    pytest.param(an_array(a_face(blendshapes=[0.5] * 27)), "27 blendshapes", id="too few blendshapes"),
    pytest.param(
        an_array(a_face(blendshapes=[nan] + [0.5] * 51)), "1 of them not a number", id="NaN in a blendshape"
    ),
    pytest.param(an_array(a_face(landmarks=[1.0, 2.0])), "2 landmark values", id="odd landmarks"),
    pytest.param(an_array(a_face(), size=(0, 0)), "an image of 0x0 px", id="image without a size"),
]


@pytest.mark.parametrize(("message", "says"), BAD_FACES)
def test_a_face_that_cannot_be_used_is_named_and_the_next_one_estimated(bench, estimator, message, says):
    estimator.publisher.publish(message)
    bench.until(bench.complaints, "a complaint")
    (estimate,) = estimator.show(an_array(a_face(), stamp=2.0))
    assert estimate.face_id == "face_1"
    assert len(estimator.heard) == 1
    (complaint,) = bench.complaints()
    assert says in complaint


@pytest.mark.parametrize("side", [1, 2, 3, 47])
def test_a_crop_of_any_size_is_estimated(estimator, side):
    tiny = Image(height=side, width=side, encoding="bgr8", step=3 * side, data=bytes(3 * side * side))
    (estimate,) = estimator.show(an_array(a_face(crop=tiny)))
    assert sum(estimate.probabilities) == pytest.approx(1.0, abs=1e-5)


def test_the_cloud_estimates_faces_with_and_without_a_crop(bench):
    estimator = Estimated(bench, machine="cloud", model="cloud", shapes_model="blendshape")
    without = a_face("face_2", crop=Image(), blendshapes=[0.1] * 52, blendshapes_by="mediapipe")
    seen = estimator.show(an_array(a_face("face_1"), without), answers=2)
    assert [(one.face_id, one.model.split("@")[0]) for one in seen] == [
        ("face_1", "cloud"),
        ("face_2", "blendshape"),
    ]
    assert all(sum(one.probabilities) == pytest.approx(1.0, abs=1e-5) for one in seen)


def test_the_robot_says_of_a_face_without_a_crop_that_it_lacks_it(estimator):
    (estimate,) = estimator.show(an_array(a_face(crop=Image())))
    assert (estimate.abstained, estimate.reason, len(estimate.probabilities)) == (True, "no crop", 0)


def test_late_estimates_are_dropped_and_reported(bench):
    estimator = Estimated(bench, max_age_s=5.0)
    estimator.publisher.publish(an_array(a_face(), stamp=bench.now() - 60.0))
    (complaint,) = bench.until(bench.complaints, "a complaint")
    assert "1 estimates were dropped, the last 60." in complaint
    assert estimator.show(an_array(a_face(), stamp=bench.now()))[0].latency_s < 5.0
