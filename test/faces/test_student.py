"""Blendshapes from the crop alone, and where the tracker asks for them."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "estimators"))

import tiny_model

from fer_ros.errors import ModelError
from fer_ros.faces.blendshapes import COUNT
from fer_ros.faces.face import Detection
from fer_ros.faces.params import FacesParams
from fer_ros.faces.student import Student
from fer_ros.faces.tracker import FaceTracker

IMAGE = np.random.default_rng(0).integers(0, 256, (360, 640, 3), np.uint8)
BOX = (200.0, 100.0, 300.0, 200.0)


class OneFace:
    """A finder that always sees the same face."""

    name, region_px = "one", 160

    def find(self, image):
        return [Detection(BOX, 1.0)]

    def find_in_region(self, region, *, strict=False):
        return [Detection((40.0, 40.0, 120.0, 120.0), 1.0)]


class Reads:
    """A reader that gives blendshapes of its own."""

    name = "reads"

    def read(self, image, box):
        return Detection(BOX, 1.0, blendshapes=np.full(COUNT, 0.25, np.float32))

    def close(self):
        pass


@pytest.fixture
def student(tmp_path):
    return Student(tiny_model.build_student(tmp_path / "student").folder)


def test_it_gives_52_scores_of_a_crop(student):
    found = student.read(np.full((112, 112, 3), 128, np.uint8))
    assert found.shape == (COUNT,)
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1)).all()


def test_several_crops_at_once_say_what_each_says_alone(student):
    crops = np.random.default_rng(1).integers(0, 256, (3, 48, 48), np.uint8)
    together = student.read_grey(crops)
    np.testing.assert_allclose(together[1], student.read_grey(crops[1:2])[0], atol=1e-6)


def test_it_reads_the_faces_that_no_reader_read(student):
    (face,) = FaceTracker(OneFace(), None, FacesParams(), student).update(IMAGE, 0.0)
    np.testing.assert_allclose(face.seen.blendshapes, student.read(face.crop))


def test_it_leaves_alone_what_the_reader_read(student):
    (face,) = FaceTracker(OneFace(), Reads(), FacesParams(), student).update(IMAGE, 0.0)
    assert (face.seen.blendshapes == 0.25).all()


def test_without_it_faces_come_without_blendshapes():
    (face,) = FaceTracker(OneFace(), None, FacesParams()).update(IMAGE, 0.0)
    assert face.seen.blendshapes is None


def test_another_model_is_no_student(tmp_path):
    folder = tiny_model.build(tmp_path / "tiny").folder
    with pytest.raises(ModelError, match=r"tiny@1 gives .* and not 52 blendshapes of a face crop"):
        Student(folder)
