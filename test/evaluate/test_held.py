"""Clips of stills: what is known of them, and what a model shows of them."""

import numpy as np
import pytest

from fer_ros.emotions import FERPLUS
from fer_ros.errors import DatasetError
from fer_ros.evaluate.held import HeldFaces, held_clips
from fer_ros.evaluate.samples import Samples
from fer_ros.faces.student import Student, grey_square
from fer_ros.resources import own_model


def samples(*labels):
    """A face of one grey a label: the second one's is twice the first one's, and so on."""
    greys = 40 * np.arange(1, len(labels) + 1)
    faces = np.broadcast_to(greys[:, None, None], (len(labels), 48, 48)).astype(np.uint8)
    truth = np.array([FERPLUS.index(label) for label in labels])
    return Samples("greys", "validation", "ferplus", {"face": faces}, truth)


def levels(clip):
    return np.array([image.mean() for image, _ in clip.frames])


def test_one_still_is_held_for_two_seconds_and_then_the_other():
    (clip,) = held_clips(samples("happy", "fear"), 1, rate_hz=10)
    assert [stamp for _, stamp in clip.frames] == pytest.approx(np.arange(40) / 10)
    (begin, first), (change, second) = clip.labels
    assert (begin, change) == (0.0, 2.0)
    grey = {"happy": 40, "fear": 80}
    np.testing.assert_allclose(levels(clip)[:20], grey[first], atol=2)
    np.testing.assert_allclose(levels(clip)[20:], grey[second], atol=2)


def test_every_clip_has_two_labels():
    for clip in held_clips(samples("happy", "happy", "fear", "fear"), 30, rate_hz=5):
        assert {label for _, label in clip.labels} == {"happy", "fear"}


def test_no_two_images_of_a_still_are_the_same():
    (clip,) = held_clips(samples("happy", "fear"), 1, rate_hz=30)
    assert len({image.tobytes() for image, _ in clip.frames}) == len(clip.frames)


def test_a_seed_gives_the_same_clips():
    once, again = (list(held_clips(samples("happy", "fear"), 2, rate_hz=5)) for _ in range(2))
    (other,) = held_clips(samples("happy", "fear"), 1, rate_hz=5, seed=1)
    for a, b in zip(once, again, strict=True):
        assert a.labels == b.labels
        np.testing.assert_array_equal([image for image, _ in a.frames], [image for image, _ in b.frames])
    assert not np.array_equal(once[0].frames[0][0], other.frames[0][0])


def test_a_change_needs_two_labels():
    with pytest.raises(DatasetError, match="greys, validation: all faces have one label"):
        next(held_clips(samples("fear", "fear"), 1, rate_hz=30))


def test_a_model_reads_the_face_as_it_was_recorded():
    random = np.random.default_rng(0)
    image = random.integers(0, 256, (48, 48, 1), dtype=np.uint8).repeat(3, axis=2)
    (face,) = HeldFaces(None).update(image, 0.0)
    np.testing.assert_array_equal(grey_square(face.crop, 48), image[..., 0])
    assert face.seen.blendshapes is None


def test_the_student_reads_its_blendshapes():
    student = Student(own_model("student"))
    image = np.full((48, 48, 3), 90, np.uint8)
    (face,) = HeldFaces(student).update(image, 0.0)
    np.testing.assert_array_equal(face.seen.blendshapes, student.read_grey(image[None, ..., 0])[0])
