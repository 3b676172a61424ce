"""What comes of one image on many topics becomes one again."""

import numpy as np
import pytest

from fer_ros.hri.gathering import IMAGES_END_S, IMAGES_KEPT, NEVER_S, Gathering, Region

WAIT_S = 0.03
REGION = Region((0.1, 0.1, 0.3, 0.4), 0.9)
STEP_NS = 33_000_000
START_NS = 1_700_000_000_000_000_000


class Detector:
    """Says in order what a test tells it to, one image every 33 ms."""

    def __init__(self, max_faces=20):
        self.gathering = Gathering(WAIT_S, max_faces)
        self.now = 100.0

    def stamp(self, image):
        return START_NS + image * STEP_NS

    def track(self, image, *ids):
        self.gathering.track(ids, self.stamp(image), "eye", self.now)

    def region(self, image, face):
        self.gathering.region(face, self.stamp(image), "eye", REGION, self.now)

    def picture(self, image, face):
        self.gathering.picture(face, self.stamp(image), "eye", f"picture {image}", self.now)

    def landmarks(self, image, face):
        points = np.zeros((70, 3), np.float32)
        self.gathering.landmarks(face, self.stamp(image), "eye", points, (640, 480), self.now)

    def image(self, image):
        self.gathering.image(self.stamp(image), f"image {image}", self.now)

    def due(self):
        return [
            ((moment.stamp_ns - START_NS) // STEP_NS, sorted(moment.regions))
            for moment in self.gathering.due(self.now)
        ]


@pytest.fixture
def detector():
    return Detector()


def test_an_image_is_done_when_every_face_has_a_region(detector):
    detector.track(0, "a", "b")
    detector.region(1, "a")
    detector.region(1, "b")
    assert detector.due() == [(0, []), (1, ["a", "b"])]


def test_a_face_that_usually_has_a_region_is_waited_for(detector):
    detector.track(0, "a", "b")
    for face in ("a", "b"):
        detector.region(0, face)
    detector.due()
    detector.region(1, "a")
    assert detector.due() == []
    detector.now += WAIT_S
    assert detector.due() == [(1, ["a"])]


def test_a_newer_image_ends_the_waiting_for_an_older_one(detector):
    detector.track(0, "a", "b")
    for face in ("a", "b"):
        detector.region(0, face)
    detector.due()
    detector.region(1, "a")
    for face in ("a", "b"):
        detector.region(2, face)
    assert detector.due() == [(1, ["a"]), (2, ["a", "b"])]


def test_nobody_there_is_told_at_once(detector):
    detector.track(0)
    assert detector.due() == [(0, [])]


def test_what_comes_when_its_image_is_done_is_late(detector):
    detector.track(0, "a")
    detector.region(0, "a")
    detector.due()
    detector.region(0, "a")
    assert detector.due() == []
    assert detector.gathering.late == 1


def test_landmarks_are_waited_for_once_they_have_come(detector):
    detector.track(0, "a")
    detector.region(0, "a")
    detector.landmarks(0, "a")
    detector.due()
    detector.region(1, "a")
    assert detector.due() == []
    detector.landmarks(1, "a")
    assert detector.due() == [(1, ["a"])]


def test_an_image_is_waited_for_while_images_come(detector):
    detector.image(0)
    detector.track(1, "a")
    detector.region(1, "a")
    assert detector.due() == []
    detector.image(1)
    (moment,) = detector.gathering.due(detector.now)
    assert moment.image == "image 1"


def test_without_images_the_detectors_pictures_are_waited_for(detector):
    detector.image(0)
    detector.now += IMAGES_END_S
    detector.track(1, "a")
    detector.region(1, "a")
    detector.picture(1, "a")
    assert detector.due() == [(1, ["a"])]
    detector.region(2, "a")
    assert detector.due() == []
    detector.picture(2, "a")
    (moment,) = detector.gathering.due(detector.now)
    assert (moment.image, moment.pictures) == (None, {"a": "picture 2"})


def test_few_images_are_kept(detector):
    for image in range(100):
        detector.image(image)
    assert len(detector.gathering._images) == IMAGES_KEPT


def test_a_recording_that_begins_anew_is_taken(detector):
    detector.track(100, "a")
    detector.region(100, "a")
    detector.image(100)
    detector.due()
    detector.image(0)
    detector.region(0, "a")
    assert detector.due() == [(0, ["a"])]


def test_faces_that_are_not_tracked_are_not_taken(detector):
    detector.track(0, "a")
    detector.region(1, "b")
    assert detector.gathering.ids == ("a",)
    assert detector.due() == [(0, [])]


def test_a_flood_of_faces_is_cut_off_and_the_first_ones_stay():
    detector = Detector(max_faces=2)
    detector.track(0, "a", "b", "c")
    detector.track(1, "d", "c", "b")
    assert detector.gathering.ids == ("b", "d")


def test_a_face_that_never_has_a_region_is_told_once(detector):
    detector.track(0, "a", "b")
    detector.region(0, "b")
    assert detector.gathering.without_region(detector.now) == []
    detector.now += NEVER_S + 0.1
    assert detector.gathering.without_region(detector.now) == ["a"]
    assert detector.gathering.without_region(detector.now) == []


def test_a_list_without_a_stamp_says_only_who_is_there(detector):
    detector.gathering.track(["a"], 0, "", detector.now)
    assert detector.gathering.ids == ("a",)
    assert detector.due() == []
