"""The state per face: real time between images, and everything it must not estimate."""

from dataclasses import dataclass

import numpy as np
import onnx
import pytest
import tiny_model
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.emotions import FERPLUS
from fer_ros.errors import ModelError
from fer_ros.estimators.model import load_model
from fer_ros.estimators.params import EstimatorParams
from fer_ros.estimators.streaming import Estimator
from fer_ros.faces.face import Detection, Face
from fer_ros.faces.student import grey_square

SIZE = (640, 360)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    tiny_model.build(folder)
    return load_model(folder)


def face(face_id="face_1", level=100, width=80, seed=None):
    """A face whose crop is one grey level, or noise."""
    crop = np.full((112, 112, 3), level, np.uint8)
    if seed is not None:
        crop = np.random.default_rng(seed).integers(0, 256, (112, 112, 3), np.uint8)
    return Face(face_id, Detection((100.0, 50.0, 100.0 + width, 50.0 + width), 1.0), crop)


def estimator(model, **params):
    return Estimator(model, EstimatorParams(**params))


def test_an_estimate_says_everything_about_its_face(model):
    (seen,) = estimator(model, sure_from=0.0).update([face(seed=1)], SIZE, 5.0)
    assert (seen.stamp, seen.face_id, seen.model, seen.labels) == (5.0, "face_1", "tiny@1", FERPLUS)
    assert seen.box == pytest.approx((100 / 640, 50 / 360, 180 / 640, 130 / 360))
    assert seen.face_size_px == 80
    assert seen.probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert seen.label == seen.prediction_set[0]
    assert -1 <= seen.valence <= 1
    assert -1 <= seen.arousal <= 1
    assert seen.frames == 1
    assert np.isnan(seen.rate_hz)


def test_no_face_is_an_estimate_too(model):
    (seen,) = estimator(model).update([], SIZE, 5.0)
    assert (seen.face_id, seen.abstained, seen.reason, seen.frames) == ("", True, "no face", 0)
    assert seen.label is None
    assert np.isnan(seen.box).all()


@pytest.mark.parametrize(
    ("given_face", "params", "reason", "estimated"),
    [
        pytest.param(face(width=10), {}, "face too small", False, id="too small"),
        pytest.param(face(), {"sure_from": 1.0}, "unsure", True, id="unsure"),
        pytest.param(face(), {"sure_from": 0.0}, "", True, id="sure"),
    ],
)
def test_it_abstains_with_a_reason(model, given_face, params, reason, estimated):
    (seen,) = estimator(model, **params).update([given_face], SIZE, 0.0)
    assert (seen.reason, seen.abstained, bool(seen.probabilities.size)) == (reason, bool(reason), estimated)


def test_a_network_that_answers_nan_is_not_believed(model, monkeypatch):
    broken = np.full((1, len(FERPLUS)), np.nan, np.float32)
    monkeypatch.setattr(model, "predict", lambda *_: broken)
    watching = estimator(model)
    (seen,) = watching.update([face()], SIZE, 0.0)
    assert (seen.abstained, seen.reason, seen.label) == (True, "not a number", None)
    monkeypatch.undo()
    (seen,) = watching.update([face()], SIZE, 0.1)
    assert np.isfinite(seen.probabilities).all()


def test_several_faces_are_estimated_as_if_alone(model):
    faces = [face(f"face_{i}", seed=i) for i in range(4)]
    together = estimator(model).update(faces, SIZE, 0.0)
    for one, seen in zip(faces, together, strict=True):
        (alone,) = estimator(model).update([one], SIZE, 0.0)
        assert seen.probabilities == pytest.approx(alone.probabilities, abs=1e-6)


@dataclass
class Answers:
    """A model that answers with what it is given: the smoothing alone is tested."""

    card: object
    now: np.ndarray

    def predict(self, inputs, labels, face_px):
        return np.repeat(self.now[None], len(face_px), axis=0)


def one_hot(label, share=0.9):
    rest = (1 - share) / (len(FERPLUS) - 1)
    return np.array([share if name == label else rest for name in FERPLUS], np.float32)


def happy_after(model, rate_hz, seconds=0.4, **params):
    """The probability of happy, `seconds` after a sad face became a happy one."""
    answers = Answers(model.card, one_hot("sad"))
    watching = Estimator(answers, EstimatorParams(**params))
    watching.update([face()], SIZE, 0.0)
    answers.now = one_hot("happy")
    for step in range(1, round(seconds * rate_hz) + 1):
        (seen,) = watching.update([face()], SIZE, step / rate_hz)
    return float(seen.probabilities[FERPLUS.index("happy")])


@pytest.mark.parametrize("rate_hz", [5, 10, 15, 60])
def test_smoothing_is_in_seconds_and_not_in_images(model, rate_hz):
    assert happy_after(model, rate_hz) == pytest.approx(happy_after(model, 30), abs=1e-4)


def test_without_smoothing_every_image_stands_alone(model):
    assert happy_after(model, 30, seconds=1 / 30, smoothing_s=0.0) == pytest.approx(0.9, abs=1e-5)


@pytest.mark.parametrize(
    "again_at", [pytest.param(11.5, id="long not seen"), pytest.param(3.0, id="time began anew")]
)
def test_a_face_begins_anew(model, again_at):
    answers = Answers(model.card, one_hot("sad"))
    watching = Estimator(answers, EstimatorParams(forget_after_s=1.0))
    watching.update([face()], SIZE, 10.0)
    answers.now = one_hot("happy")
    (seen,) = watching.update([face()], SIZE, again_at)
    assert (seen.label, seen.frames) == ("happy", 1)
    assert seen.probabilities == pytest.approx(one_hot("happy"), abs=1e-5)


def test_the_rate_is_that_of_the_face(model):
    watching = estimator(model)
    for step in range(60):
        (seen,) = watching.update([face()], SIZE, step / 15)
    assert seen.rate_hz == pytest.approx(15, rel=0.01)


@given(st.lists(st.tuples(st.floats(0.0, 2.0), st.integers(0, 255)), min_size=1, max_size=20))
def test_whatever_comes_the_estimate_is_a_distribution(model, steps):
    watching, now = estimator(model), 0.0
    for dt, level in steps:
        now += dt
        (seen,) = watching.update([face(level=level)], SIZE, now)
        assert seen.probabilities.sum() == pytest.approx(1.0, abs=1e-4)
        assert seen.probabilities.min() >= 0
        assert seen.label in seen.prediction_set


def test_the_network_gets_the_framing_without_its_margin():
    crop = np.zeros((120, 120, 3), np.uint8)
    crop[10:110, 10:110] = 255
    grey = grey_square(crop, 48)
    assert grey.shape == (48, 48)
    assert (grey == 255).all()


@pytest.fixture(scope="module")
def stream(tmp_path_factory):
    return load_model(tiny_model.build_stream(tmp_path_factory.mktemp("stream")).folder)


def with_blendshapes(face_id="face_1"):
    seen = Detection((100.0, 50.0, 180.0, 130.0), 1.0, blendshapes=np.full(52, 0.5, np.float32))
    return Face(face_id, seen, np.zeros((112, 112, 3), np.uint8))


def counted(seen):
    """Images and seconds that the counting model has in its state, out of its probabilities."""
    logits = np.log(seen.probabilities) - np.log(seen.probabilities[2])
    return round(float(logits[0]), 2), round(float(logits[1]) / 10, 2)


def test_a_streaming_model_keeps_its_state_face_by_face(stream):
    watching = estimator(stream, smoothing_s=0.0)
    watching.update([with_blendshapes("face_1")], SIZE, 0.0)
    watching.update([with_blendshapes("face_1"), with_blendshapes("face_2")], SIZE, 0.1)
    first, second = watching.update([with_blendshapes("face_1"), with_blendshapes("face_2")], SIZE, 0.4)
    assert counted(first) == (3, 0.4)
    assert counted(second) == (2, 0.3)


def test_a_face_that_was_gone_begins_with_a_blank_state(stream):
    watching = estimator(stream, smoothing_s=0.0, forget_after_s=0.5)
    watching.update([with_blendshapes()], SIZE, 0.0)
    (again,) = watching.update([with_blendshapes()], SIZE, 1.0)
    assert counted(again) == (1, 0.0)


def test_a_model_of_blendshapes_abstains_where_there_are_none(stream):
    (seen,) = estimator(stream).update([face()], SIZE, 0.0)
    assert (seen.abstained, seen.reason, seen.label) == (True, "no blendshapes", None)


def test_a_step_costs_the_same_however_long_a_face_has_been_seen(stream):
    watching = estimator(stream)
    for step in range(200):
        (seen,) = watching.update([with_blendshapes()], SIZE, step / 30)
    (state,) = watching._states.values()
    assert {name: value.shape for name, value in state.carried.items()} == {"hidden": (1, 2)}
    assert seen.frames == 200


def test_a_streaming_model_whose_state_does_not_come_out_is_refused(tmp_path):
    card = tiny_model.build_stream(tmp_path)
    proto = onnx.load(card.network)
    proto.graph.output.pop()
    onnx.save(proto, card.network)
    tiny_model.refresh_checksum(card)
    with pytest.raises(ModelError, match="output next_hidden of the card's states is missing"):
        load_model(card.folder)
