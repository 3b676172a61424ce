"""Real people in real clips: seen when they are there, under one id, and nobody where nobody is."""

import pytest

from fer_ros.sources.video import VideoSource

COMBINATIONS = [("yunet", "none"), ("yunet", "mediapipe"), ("haar", "none")]
each_combination = pytest.mark.parametrize(
    ("finder", "reader"), COMBINATIONS, ids=["+".join(pair) for pair in COMBINATIONS]
)

# Each clip, and the seconds within which its one person is in view.
CLIPS = [
    pytest.param("single_face.mp4", (0.0, 2.4), id="one person"),
    pytest.param("face_noface.mov", (0.0, 2.37), id="one who leaves"),
    pytest.param("noface_face.mov", (3.94, 6.32), id="one who comes"),
    pytest.param("WolfgangLanger_Pexels.mp4", (0.0, 19.7), id="one who cries and laughs"),
]
EVERY = 2  # frames of the long clip: half of its rate is enough here


def seen_in(tracking, path):
    """(t, ids of the faces) of the clip's frames."""
    with VideoSource(path, pytest.fail) as source:
        for frame in source:
            if source.fps > 25 or frame.index % EVERY == 0:
                yield frame.stamp, [face.id for face in tracking.update(frame.image, frame.stamp)]


@each_combination
@pytest.mark.parametrize(("name", "in_view_s"), CLIPS)
def test_a_person_in_view_is_seen_under_one_id(tracker, clip, finder, reader, name, in_view_s):
    seen = list(seen_in(tracker(finder, reader), clip(name)))
    assert all(len(ids) <= 1 for _, ids in seen)
    assert len({face_id for _, ids in seen for face_id in ids}) == 1
    here = [bool(ids) for t, ids in seen if in_view_s[0] <= t <= in_view_s[1]]
    share = sum(here) / len(here)
    assert share >= 0.98, f"seen in {share:.3f} of the frames"
    assert not [t for t, ids in seen if ids and not in_view_s[0] - 0.2 <= t <= in_view_s[1] + 0.2]


@each_combination
def test_where_nobody_is_nobody_is_seen(tracker, clip, finder, reader):
    assert all(ids == [] for _, ids in seen_in(tracker(finder, reader), clip("no_face.mp4")))
