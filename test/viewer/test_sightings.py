"""Who is to be seen on an image."""

from math import nan

import pytest
from sighted import BOX, nobody_at, seen_at

from fer_ros.viewer.sightings import (
    KEPT,
    MAX_FACES,
    MISSED_S,
    SILENT_S,
    Attention,
    Sightings,
    in_px,
    person,
)


def memory(*sightings):
    known = Sightings()
    for sighting in sightings:
        known.add(sighting)
    return known


def stamps(sightings):
    return [s.estimate.stamp for s in sightings]


def test_nobody_is_seen_before_the_first_estimate():
    known = memory()
    assert known.on(1.0) == ()
    assert not known.awaited(1.0)


def test_an_image_shows_its_own_estimate_not_a_newer_one():
    known = memory(*(seen_at(t) for t in (1.0, 1.1, 1.2)))
    assert stamps(known.on(1.1)) == [1.1]
    assert stamps(known.on(1.15)) == [1.1]
    assert known.on(0.9) == ()


@pytest.mark.parametrize(("after_s", "there"), [(SILENT_S - 0.01, True), (SILENT_S + 0.01, False)])
def test_a_face_of_which_nothing_is_heard_stays_for_a_while(after_s, there):
    assert bool(memory(seen_at(1.0)).on(1.0 + after_s)) == there


@pytest.mark.parametrize(("after_s", "there"), [(MISSED_S - 0.01, True), (MISSED_S + 0.01, False)])
@pytest.mark.parametrize("other", [nobody_at, lambda t: seen_at(t, "face_2")], ids=["nobody", "another"])
def test_a_face_that_newer_images_lack_goes_sooner(after_s, there, other):
    known = memory(seen_at(1.0), other(1.1))
    assert ("face_1" in {s.estimate.face_id for s in known.on(1.0 + after_s)}) == there


def test_faces_to_be_left_are_not_shown_and_the_others_keep_their_order():
    known = memory(*(seen_at(1.0, f"face_{i}") for i in (3, 1, 2)))
    assert [s.estimate.face_id for s in known.on(1.0, {"face_1"})] == ["face_3", "face_2"]


def test_a_face_without_a_place_is_not_shown():
    assert memory(seen_at(1.0, box=(nan, 0.0, 1.0, 1.0))).on(1.0) == ()


def test_an_image_is_complete_with_the_estimates_of_everybody_shown():
    known = memory(seen_at(1.0, "face_1"), seen_at(1.0, "face_2"))
    known.add(seen_at(1.1, "face_1"))
    assert not known.complete(1.1)
    known.add(seen_at(1.1, "face_2"))
    assert known.complete(1.1)


def test_an_image_is_complete_when_newer_ones_are_estimated():
    known = memory(seen_at(1.0, "face_1"), seen_at(1.0, "face_2"), seen_at(1.1, "face_1"))
    assert known.complete(1.05)
    assert not known.complete(1.2)


def test_estimates_are_awaited_where_they_came_lately():
    known = memory(nobody_at(1.0))
    assert known.awaited(1.0 + SILENT_S)
    assert not known.awaited(1.01 + SILENT_S)


def test_time_that_begins_anew_forgets_everybody():
    known = memory(seen_at(100.0), seen_at(1.0, "face_2"))
    assert known.newest == 1.0
    assert [s.estimate.face_id for s in known.on(1.0)] == ["face_2"]


def test_what_is_kept_is_bounded():
    known = Sightings()
    for i in range(10 * MAX_FACES):
        known.add(seen_at(i * 1e-4, f"face_{i}"))
    assert len(known.on(0.1, ())) <= MAX_FACES + 1
    for i in range(10 * KEPT):
        known.add(seen_at(1.0 + i / 30))
    assert stamps(known.on(1.0 + 10 * KEPT / 30)) == [1.0 + (10 * KEPT - 1) / 30]


def test_a_person_is_in_px_of_the_image():
    one = person(seen_at(1.0), (200, 100))
    assert one.box_xyxy == in_px(BOX, (200, 100)) == (50.0, 50.0, 100.0, 75.0)
    assert (one.labels, one.probabilities) == (("happy", "sad"), [0.75, 0.25])
    assert (one.prediction_set, one.abstained, one.source) == (("happy",), False, "robot")


def test_attention_stays_unless_another_face_is_clearly_larger():
    attention = Attention()

    def choose(**sizes):
        return attention.choose([seen_at(1.0, name, size_px=px) for name, px in sizes.items()])

    assert choose() == ""
    assert choose(a=50.0, b=100.0) == "b"
    assert choose(a=120.0, b=100.0) == "b"
    assert choose(a=131.0, b=100.0) == "a"
    assert choose(b=10.0) == "b"
