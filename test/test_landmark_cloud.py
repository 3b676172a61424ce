"""Landmarks of an image's faces as one cloud."""

import numpy as np

from fer_ros.faces.face import NO_CROP, Detection, Face
from fer_ros.landmark_cloud import POINT, cloud_of


def a_face(name, landmarks):
    return Face(name, Detection((0.0, 0.0, 9.0, 9.0), 1.0, landmarks=landmarks), NO_CROP)


def test_every_point_says_whose_it_is():
    first, third = (np.arange(n * 3, dtype=np.float32).reshape(n, 3) for n in (2, 3))
    cloud = cloud_of([a_face("a", first), a_face("b", None), a_face("c", third)])
    assert cloud["face"].tolist() == [0, 0, 2, 2, 2]
    assert (cloud["x"][2:] == third[:, 0]).all()
    assert (cloud["z"][:2] == first[:, 2]).all()


def test_without_landmarks_the_cloud_is_empty():
    assert cloud_of([a_face("a", None)]).shape == (0,)


def test_a_point_has_no_gaps():
    assert POINT.itemsize == 16
