"""Faces to be left alone: still followed, so that they are known, and neither read nor cut out."""

import pytest

from fer_ros.faces.face import overlap
from fer_ros.faces.params import FacesParams
from fer_ros.faces.tracker import FaceTracker

from .stage import film, row


@pytest.fixture
def shots():
    return list(film(row(2), 0.6))


class Reading:
    """A reader that notes where it was asked to look, and sees nothing there."""

    name = "reading"

    def __init__(self):
        self.asked = []

    def read(self, image, expected):
        self.asked.append(expected)

    def close(self):
        pass


def test_a_face_left_alone_is_missing_and_the_other_is_as_before(tracker, shots):
    alone, all_of_them = tracker("yunet", "none"), tracker("yunet", "none")
    seen = [[face.id for face in alone.update(s.image, s.t, {"face_1"})] for s in shots]
    before = [[face.id for face in all_of_them.update(s.image, s.t)] for s in shots]
    assert before[-1] == ["face_1", "face_2"]
    assert [[i for i in ids if i != "face_1"] for ids in before] == seen
    assert (alone.left_alone, all_of_them.left_alone) == (1, 0)


def test_it_comes_back_with_its_name(tracker, shots):
    followed = tracker("yunet", "none")
    for shot in shots[:-1]:
        followed.update(shot.image, shot.t, {"face_1"})
    assert [face.id for face in followed.update(shots[-1].image, shots[-1].t)] == ["face_1", "face_2"]


def test_one_out_of_sight_still_counts(tracker, shots):
    followed = tracker("yunet", "none")
    for shot in shots:
        followed.update(shot.image, shot.t, {"face_1"})
    blank = shots[-1].image * 0
    followed.update(blank, shots[-1].t + 0.1, {"face_1"})
    assert followed.left_alone == 1


def test_nobody_looks_into_it(tracker, shots):
    reader = Reading()
    followed = FaceTracker(tracker("yunet", "none").finder, reader, FacesParams())
    followed.update(shots[0].image, shots[0].t)
    reader.asked.clear()
    for shot in shots[1:]:
        followed.update(shot.image, shot.t, {"face_1"})
    own, other = shots[-1].boxes
    assert any(overlap(box, other) > 0.3 for box in reader.asked)
    assert not any(overlap(box, own) > 0.1 for box in reader.asked)
