"""Images in, faces and estimates out, in lock-step."""

import json
import subprocess
import sys

import numpy as np
import pytest

from fer_ros.errors import ImageError, ModelError
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces import yunet
from fer_ros.faces.params import FacesParams
from fer_ros.pipeline import open_pipeline
from fer_ros.resources import own_model
from fer_ros.sources.builtin import BuiltinSource, Scene

HAAR = FacesParams(finder="haar", reader="none")


@pytest.fixture(scope="module")
def frames():
    source = BuiltinSource(Scene(640, 360, distance_m=0.8, noise_sigma=2.0))
    return [source.frame(i) for i in range(15)]


def opened(faces=HAAR, folders=(), **estimator):
    return open_pipeline(faces, EstimatorParams(**estimator), own_model("robot"), folders, warn=pytest.fail)


def test_every_face_has_its_estimate(frames):
    with opened() as pipeline:
        for frame in frames:
            seen = pipeline.update(frame.image, frame.stamp)
            assert [face.id for face in seen.faces] == [e.face_id for e in seen.estimates] == ["face_1"]
            (estimate,) = seen.estimates
            assert seen.stamp == estimate.stamp == frame.stamp
            assert estimate.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
            box = np.multiply(estimate.box, (640, 360, 640, 360))
            assert box == pytest.approx(seen.faces[0].seen.box_xyxy)
    assert estimate.frames == len(frames)
    assert estimate.rate_hz == pytest.approx(30, rel=0.05)


def test_an_image_without_faces_gives_one_estimate_that_says_so(frames):
    with opened() as pipeline:
        seen = pipeline.update(np.full_like(frames[0].image, 90), 1.0)
    assert seen.faces == []
    assert [(e.face_id, e.reason, e.label) for e in seen.estimates] == [("", "no face", None)]


def test_the_same_images_give_the_same_estimates_bit_for_bit(frames):
    first, second = (
        [pipeline.update(frame.image, frame.stamp).estimates[0].probabilities for frame in frames]
        for pipeline in (opened(), opened())
    )
    assert np.array_equal(first, second)


def test_the_built_in_person_is_happy_when_the_schedule_says_so(third_party_model):
    """At the apex of its smile, as the robot sees it at 2 m."""
    folder = third_party_model(yunet.FILE).parent
    source = BuiltinSource(Scene(noise_sigma=2.0))
    apex = next(t / 10 for t in range(600) if source.expression_at(t / 10).get("happy", 0) > 0.99)
    with opened(FacesParams(finder="yunet", reader="none"), [folder]) as pipeline:
        for i in range(round(apex * 30), round((apex + 0.6) * 30)):
            frame = source.frame(i)
            (estimate,) = pipeline.update(frame.image, frame.stamp).estimates
    assert estimate.label == "happy"


@pytest.mark.parametrize(
    "image",
    [np.zeros((48, 64), np.uint8), np.zeros((48, 64, 3), np.uint16), np.zeros((0, 0, 3), np.uint8)],
    ids=["grey", "16 bit", "empty"],
)
def test_an_image_of_another_kind_is_refused_and_the_next_one_is_not(frames, image):
    with opened() as pipeline:
        with pytest.raises(ImageError, match="must be uint8"):
            pipeline.update(image, 0.0)
        assert len(pipeline.update(frames[0].image, 0.1).faces) == 1


def test_a_missing_model_is_named_before_anything_is_opened():
    with pytest.raises(ModelError, match="huge"):
        open_pipeline(HAAR, EstimatorParams(), own_model("huge"), [], warn=pytest.fail)


def test_two_processes_agree_to_the_last_digit(frames, tmp_path):
    """Nothing depends on addresses, hashes or threads."""
    np.save(tmp_path / "frames.npy", np.stack([frame.image for frame in frames]))
    code = f"""
import json, numpy as np
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.params import FacesParams
from fer_ros.pipeline import open_pipeline
from fer_ros.resources import own_model
faces = FacesParams(finder="haar", reader="none")
with open_pipeline(faces, EstimatorParams(), own_model("robot"), [], print) as pipeline:
    for i, image in enumerate(np.load({str(tmp_path / "frames.npy")!r})):
        seen = pipeline.update(image, i / 30)
print(json.dumps([seen.faces[0].seen.box_xyxy, seen.estimates[0].probabilities.tolist()]))
"""
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert len(json.loads(runs[0])[1]) == 8
