"""Where labels go."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.viewer.layout import Layout, Spot

GAP = 6


def overlap(a, b):
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0)


def test_a_label_stands_above_its_face():
    rect, _ = Layout(640, 360, GAP, [(200, 150, 260, 220)], []).place(0, [(100, 40)])
    assert rect == (200, 150 - GAP - 40, 300, 150 - GAP)


def test_at_the_upper_edge_it_stands_beside_it():
    face = (200, 10, 260, 80)
    rect, _ = Layout(640, 360, GAP, [face], []).place(0, [(100, 40)])
    assert not overlap(rect, face)
    assert rect[0] == 260 + GAP


def test_it_keeps_off_what_stands_there_already():
    taken = (0, 0, 640, 140)
    rect, _ = Layout(640, 360, GAP, [(200, 150, 260, 220)], [taken]).place(0, [(100, 40)])
    assert not overlap(rect, taken)


def test_less_is_said_where_there_is_no_room_for_more():
    """Five faces in a row leave room for small labels only."""
    faces = [(k * 60.0 + 4, 20.0, k * 60.0 + 56, 75.0) for k in range(5)]
    layout = Layout(300, 110, GAP, faces, [])
    spots = [layout.place(k, [(140, 60), (40, 20)]) for k in range(5)]
    assert {spot.detail for _, spot in spots} == {1}
    assert not any(overlap(rect, face) for rect, _ in spots for face in faces)


def test_a_label_stays_where_it_was_though_another_place_is_as_good():
    layout = Layout(640, 360, GAP, [(200, 150, 260, 220)], [])
    _, below = layout.place(0, [(100, 40)], Spot(0, 3))
    assert below == Spot(0, 3)


def test_it_leaves_when_something_comes_there():
    face = (200, 150, 260, 220)
    rect, spot = Layout(640, 360, GAP, [face], [(0, 221, 640, 360)]).place(0, [(100, 40)], Spot(0, 3))
    assert spot != Spot(0, 3)
    assert rect[3] <= 221


def test_without_sizes_there_is_nothing_to_place():
    with pytest.raises(ValueError, match="size"):
        Layout(640, 360, GAP, [(0, 0, 1, 1)], []).place(0, [None])


box = st.tuples(st.floats(-500, 2000), st.floats(-500, 2000), st.floats(0, 800), st.floats(0, 800)).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(st.lists(box, min_size=1, max_size=12), st.integers(160, 1920), st.integers(90, 1080))
def test_labels_never_leave_the_image(faces, width, height):
    layout = Layout(width, height, GAP, faces, [(0, 0, width // 2, 20)])
    for k in range(len(faces)):
        rect, _ = layout.place(k, [(width // 3, height // 3), (50, 24)])
        assert 0 <= rect[0] < rect[2] <= width
        assert 0 <= rect[1] < rect[3] <= height


def test_labels_of_a_crowd_keep_off_each_other_and_off_faces():
    faces = [(x, y, x + 80.0, y + 90.0) for y in (150.0, 450.0) for x in np.arange(6) * 210 + 40.0]
    layout = Layout(1280, 720, GAP, faces, [])
    rects = [layout.place(k, [(120, 50)])[0] for k in range(len(faces))]
    things = [*rects, *faces]
    assert not any(overlap(rect, thing) for rect in rects for thing in things if thing is not rect)
