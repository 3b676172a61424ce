"""Identities over time: ids that stay, faces that wait their turn, and images that are none."""

from itertools import pairwise

import numpy as np
import pytest

from fer_ros.errors import ImageError
from fer_ros.sources.scene import Placement

from .stage import FPS, film, id_at, ids_along, row, still

COMBINATIONS = [("yunet", "none"), ("yunet", "mediapipe"), ("haar", "none")]
each_combination = pytest.mark.parametrize(
    ("finder", "reader"), COMBINATIONS, ids=["+".join(pair) for pair in COMBINATIONS]
)


@each_combination
def test_five_faces_keep_five_ids(tracker, finder, reader):
    along = ids_along(tracker(finder, reader), film(row(5), 1.0))
    ids = along[0]
    assert len(set(ids)) == 5
    assert all(face_id[0].isalpha() for face_id in ids)
    assert along == [ids] * len(along)


@each_combination
@pytest.mark.parametrize("missing", [1, 2])
def test_ids_survive_lost_frames(tracker, finder, reader, missing):
    following, ids = tracker(finder, reader), []
    for i, shot in enumerate(film(row(3), 0.6)):
        blank = 10 <= i < 10 + missing
        faces = following.update(np.zeros_like(shot.image) if blank else shot.image, shot.t)
        if blank:
            assert faces == []
        else:
            ids.append([id_at(faces, box) for box in shot.boxes])
    assert ids == [ids[0]] * len(ids)
    assert None not in ids[0]


@pytest.mark.parametrize(
    ("keep_lost_s", "kept"), [(0.0, False), (0.3, False), (1.0, True)], ids=["never", "short", "long"]
)
def test_a_face_that_comes_back_is_known_for_as_long_as_it_is_kept(tracker, keep_lost_s, kept):
    following = tracker("haar", keep_lost_s=keep_lost_s)
    shot = next(film(still(Placement((640, 360), 120)), 1 / FPS))
    blank = np.zeros_like(shot.image)
    (before,) = following.update(shot.image, 0.0)
    for i in range(1, 19):
        assert following.update(blank, i / FPS) == []
    (after,) = following.update(shot.image, 19 / FPS)
    assert (after.id == before.id) == kept


def test_a_tracker_alone_numbers_its_faces_from_one(tracker):
    assert numbers_at(tracker("haar"), 1763672000.2) == [1, 2, 3]


def test_a_tracker_that_begins_anew_gives_no_number_of_an_earlier_one(tracker):
    """Both saw three people, one second apart."""
    lives = [numbers_at(by_time(tracker("haar")), 1763672000.2 + life) for life in range(2)]
    assert len({*lives[0], *lives[1]}) == 6
    assert lives[0] == numbers_at(by_time(tracker("haar")), 1763672000.2)  # the same images, the same ids


@pytest.mark.parametrize("later_s", [-5.0, 60.0], ids=["back", "far ahead"])
def test_a_jump_in_time_forgets_everybody(tracker, later_s):
    following = tracker("haar")
    shot = next(film(still(Placement((640, 360), 120)), 1 / FPS))
    (before,) = following.update(shot.image, 10.0)
    (after,) = following.update(shot.image, 10.0 + later_s)
    assert after.id != before.id


def test_a_stamp_that_stands_still_changes_nothing(tracker):
    following = tracker("haar")
    shot = next(film(still(Placement((640, 360), 120)), 1 / FPS))
    ids = {face.id for _ in range(4) for face in following.update(shot.image, 10.0)}
    assert len(ids) == 1


@pytest.mark.parametrize("rate_hz", [1, 5, 15])
def test_faces_are_followed_at_low_rates_too(tracker, rate_hz):
    following = tracker("haar")
    shots = list(film(still(Placement((640, 360), 120)), 5 / FPS))
    ids = {face.id for i, shot in enumerate(shots) for face in following.update(shot.image, i / rate_hz)}
    assert len(ids) == 1


@each_combination
@pytest.mark.parametrize(
    "center",
    [
        pytest.param((45, 300), id="left"),
        pytest.param((1280 - 45, 300), id="right"),
        pytest.param((640, 60), id="top"),
        pytest.param((640, 720 - 55), id="bottom"),
    ],
)
def test_a_face_at_the_border_is_seen_and_cut_square(tracker, finder, reader, center):
    following = tracker(finder, reader)
    for shot in film(still(Placement(center, 90)), 0.3):
        (face,) = following.update(shot.image, shot.t)
        assert face.crop.shape == (112, 112, 3)
        assert face.crop.any()


def test_a_face_that_leaves_is_gone_at_once(tracker):
    def leaving(t):
        return [Placement((1180 + 600 * t, 330), 120)]

    following = tracker("yunet")
    seen = [(shot.boxes[0][0], following.update(shot.image, shot.t)) for shot in film(leaving, 0.6)]
    assert len(seen[0][1]) == 1
    assert all(faces == [] for left_edge, faces in seen if left_edge > 1280)


def test_with_more_faces_than_reads_everybody_gets_a_turn(tracker):
    following = tracker("yunet", "mediapipe", reads_per_image=2)
    turns = []
    for shot in film(row(5), 0.5):
        faces = following.update(shot.image, shot.t)
        assert len(faces) == 5
        assert all(face.crop.any() for face in faces)
        turns.append({face.id for face in faces if face.seen.blendshapes_by == "mediapipe"})
    assert all(len(read) <= 2 for read in turns)
    everybody = {face.id for face in faces}
    for i in range(1, len(turns) - 3):
        assert set().union(*turns[i : i + 4]) == everybody, f"images {i} to {i + 3}"


def test_a_face_that_waits_says_nothing_of_what_was_read_before(tracker):
    following = tracker("yunet", "mediapipe", reads_per_image=1)
    for shot in film(row(2), 0.3):
        faces = following.update(shot.image, shot.t)
    waiting = [face for face in faces if face.seen.blendshapes_by == "student"]
    assert len(waiting) == 1
    assert waiting[0].seen.landmarks is None
    assert waiting[0].seen.eyes is not None


@pytest.mark.parametrize("most", [1, 3])
def test_no_more_faces_than_asked_are_followed_and_the_largest_win(tracker, most):
    sizes = (70, 150, 90, 120)
    people = [Placement((170 + 310 * i, 330), width) for i, width in enumerate(sizes)]
    following = tracker("yunet", max_faces=most)
    for shot in film(still(*people), 0.3):
        faces = following.update(shot.image, shot.t)
        assert len(faces) <= most
    widths = sorted(face.seen.box_xyxy[2] - face.seen.box_xyxy[0] for face in faces)
    assert widths == pytest.approx(sorted(sizes)[-most:], rel=0.15)


def test_somebody_who_comes_is_seen_with_the_next_scan(tracker):
    def second_comes(t):
        first = Placement((300, 330), 110)
        return [first, Placement((900, 330), 110, mirrored=True)] if t >= 0.5 else [first]

    following = tracker("yunet", scan_every=6)
    counts = [len(following.update(shot.image, shot.t)) for shot in film(second_comes, 1.0)]
    assert counts[:15] == [1] * 15
    assert counts[21:] == [2] * 9


@pytest.mark.parametrize(
    ("finder", "reader"), [("yunet", "mediapipe"), ("haar", "none")], ids=["yunet+mediapipe", "haar"]
)
def test_the_same_images_give_the_same_faces_bit_for_bit(tracker, finder, reader):
    shots = list(film(row(2), 0.5))
    first, second = (
        [tracking.update(shot.image, shot.t) for shot in shots]
        for tracking in (tracker(finder, reader), tracker(finder, reader))
    )
    for one, other in zip(first, second, strict=True):
        assert [face.id for face in one] == [face.id for face in other]
        for a, b in zip(one, other, strict=True):
            assert a.seen.box_xyxy == b.seen.box_xyxy
            assert np.array_equal(a.crop, b.crop)
            assert np.array_equal(a.seen.blendshapes, b.seen.blendshapes)


@each_combination
@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 300), (300, 1), (7, 5), (24, 24), (40, 1280)], ids=lambda s: f"{s[1]}x{s[0]}"
)
def test_a_tiny_image_has_no_faces(tracker, finder, reader, shape):
    following = tracker(finder, reader)
    for i in range(3):
        assert following.update(np.full((*shape, 3), 90 + i, np.uint8), i / FPS) == []


def test_an_image_that_shrinks_while_a_face_is_followed_is_no_harm(tracker):
    following = tracker("yunet")
    shot = next(film(still(Placement((1000, 500), 120)), 1 / FPS))
    assert len(following.update(shot.image, 0.0)) == 1
    assert following.update(np.zeros((1, 1, 3), np.uint8), 0.1) == []
    assert len(following.update(shot.image, 0.2)) == 1


@pytest.mark.parametrize(
    ("image", "words"),
    [
        pytest.param(np.zeros((48, 64, 3), np.uint16), "uint16", id="16 bit"),
        pytest.param(np.full((48, 64, 3), np.nan, np.float32), "float32", id="not a number"),
        pytest.param(np.zeros((48, 64), np.uint8), r"\(48, 64\)", id="grey"),
        pytest.param(np.zeros((48, 64, 4), np.uint8), r"\(48, 64, 4\)", id="with alpha"),
        pytest.param(np.zeros((0, 64, 3), np.uint8), r"\(0, 64, 3\)", id="no rows"),
        pytest.param(np.zeros((48, 0, 3), np.uint8), r"\(48, 0, 3\)", id="no columns"),
    ],
)
def test_an_image_of_another_kind_is_refused(tracker, image, words):
    with pytest.raises(ImageError, match=f"{words}.*must be uint8"):
        tracker("haar").update(image, 0.0)


def test_a_followed_face_moves_smoothly(tracker):
    """What is seen between scans and at scans is the same box: no jump when the finder looks again."""
    following = tracker("yunet", scan_every=5)
    boxes = [
        following.update(s.image, s.t)[0].seen.box_xyxy for s in film(still(Placement((640, 360), 150)), 1.0)
    ]
    steps = [np.abs(np.subtract(a, b)).max() for a, b in pairwise(boxes)]
    assert max(steps) < 0.05 * 150


def by_time(following):
    following.numbers_by_time = True
    return following


def numbers_at(following, stamp):
    shot = next(film(row(3), 1 / FPS))
    return sorted(int(face.id.removeprefix("face_")) for face in following.update(shot.image, stamp))
