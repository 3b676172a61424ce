from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.faces.face import Detection, Face
from fer_ros.link.chooser import Chooser, changed


def a_face(smile=0.0, x=100.0, side=80.0, id="a"):
    shapes = np.zeros(52, np.float32)
    shapes[44] = smile
    seen = Detection((x, 50.0, x + side, 50.0 + side), 0.9, blendshapes=shapes)
    return Face(id, seen, np.zeros((8, 8, 3), np.uint8))


def sent(chooser, faces_at, seconds=10.0, camera_hz=30.0):
    """Stamps that are sent of a camera whose image at t shows faces_at(t)."""
    stamps = [100.0 + i / camera_hz for i in range(round(seconds * camera_hz))]
    return [stamp - 100.0 for stamp in stamps if chooser.accept(stamp, faces_at(stamp - 100.0))]


def still(_):
    return [a_face()]


@pytest.mark.parametrize("rate_hz", [30.0, 60.0])
def test_at_the_cameras_rate_and_above_everything_is_sent(rate_hz):
    assert len(sent(Chooser(rate_hz), still)) == 300


def test_a_face_that_does_not_change_costs_two_thirds_of_the_budget():
    assert len(sent(Chooser(15.0), still)) == pytest.approx(150 / 1.5, rel=0.15)


def test_on_a_thin_link_the_newest_result_is_kept_fresh_all_the_same():
    stamps = sent(Chooser(5.0), still)
    assert max(after - before for before, after in pairwise(stamps)) <= 0.21


@pytest.mark.parametrize("rate_hz", [5.0, 10.0, 15.0])
def test_a_face_that_always_changes_gets_the_whole_budget_and_no_more(rate_hz):
    found = sent(Chooser(rate_hz), lambda t: [a_face(smile=0.5 + 0.5 * np.sin(20 * t))])
    assert len(found) == pytest.approx(10 * rate_hz, rel=0.1)


def test_a_change_is_sent_at_once():
    chooser = Chooser(5.0)
    found = sent(chooser, lambda t: [a_face(smile=1.0 if t >= 3.0 else 0.0)], seconds=4.0)
    assert any(3.0 <= t <= 3.0 + 1.5 / 30 for t in found)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param([a_face(smile=0.4)], id="expression"),
        pytest.param([a_face(x=120.0)], id="place"),
        pytest.param([a_face(side=100.0)], id="distance"),
        pytest.param([a_face(), a_face(id="b")], id="somebody came"),
        pytest.param([], id="somebody left"),
        pytest.param([a_face(id="b")], id="somebody else"),
    ],
)
def test_what_counts_as_change(other):
    assert changed([a_face()], other)


def test_what_does_not_count_as_change():
    shaken = a_face(smile=0.05, x=103.0)
    assert not changed([a_face()], [shaken])
    unread = replace(a_face(), seen=replace(a_face().seen, blendshapes=None))
    assert not changed([unread], [unread])


def test_the_same_image_twice_is_sent_once():
    chooser = Chooser(30.0)
    assert chooser.accept(1.0, [])
    assert not chooser.accept(1.0, [])


def test_time_that_goes_backwards_begins_anew():
    chooser = Chooser(5.0)
    assert chooser.accept(100.0, [])
    assert chooser.accept(1.0, [])


def test_nothing_is_sent_at_no_rate():
    assert sent(Chooser(0.0), still) == []


@given(st.lists(st.floats(0.001, 0.5), min_size=5, max_size=200), st.sampled_from([1.0, 5.0, 15.0]))
def test_the_budget_holds_whatever_the_camera_does(gaps, rate_hz):
    chooser, stamp, stamps = Chooser(rate_hz), 0.0, []
    for place, gap in enumerate(gaps):
        stamp += gap
        if chooser.accept(stamp, [a_face(smile=place % 2)]):
            stamps.append(stamp)
    for first in range(len(stamps)):
        for last in range(first, len(stamps)):
            assert last - first + 1 <= 3.5 + (stamps[last] - stamps[first]) * rate_hz
    assert all(a < b for a, b in pairwise(stamps))
