import numpy as np
import pytest

from fer_ros.errors import DatasetError
from fer_ros.evaluate.pupil import correlation_by_size

FACES = np.random.default_rng(0).integers(0, 256, (40, 48, 48), np.uint8)


def brightness(faces):
    """A student that says how bright each face is, 52 times."""
    return np.repeat(faces.mean(axis=(1, 2))[:, None] / 255, 52, axis=1).astype(np.float32)


def test_it_is_one_where_the_student_says_the_same_and_faces_are_whole():
    found = correlation_by_size(brightness, FACES, brightness(FACES))
    assert list(found) == [48, 32, 24, 16, 12]
    assert len(found[48]) == 27
    assert min(found[48].values()) == pytest.approx(1.0)


def test_faces_that_mediapipe_did_not_see_are_left_out():
    shapes = brightness(FACES)
    shapes[::2] = np.nan
    assert correlation_by_size(brightness, FACES, shapes)[48]["jawOpen"] == pytest.approx(1.0)


def test_fewer_than_two_faces_are_an_error():
    with pytest.raises(DatasetError, match="read 0 of 40 faces"):
        correlation_by_size(brightness, FACES, np.full((40, 52), np.nan, np.float32))
