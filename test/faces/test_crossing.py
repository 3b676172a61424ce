"""One face passes before another: both keep their names."""

import pytest

from fer_ros.sources.scene import Placement

from .stage import FPS, film, ids_along

SECONDS = 2.4


def crossing(width_px, widths_per_s, higher):
    """Two people walk past each other; the one behind is mirrored, darker, smiling and a little smaller.

    The nearer covers the other in part for about 1 / `widths_per_s` s. `higher`: how far up the one
    behind is, in widths: then only the lower part of it is covered.
    """
    speed = widths_per_s * width_px

    def at(t):
        gone = speed * (t - SECONDS / 2)
        behind = Placement(
            (640 - gone, 330 - higher * width_px), 0.9 * width_px, {"happy": 0.6}, light=0.75, mirrored=True
        )
        return [behind, Placement((640 + gone, 330), width_px, light=1.05)]

    return at


def both_before_and_after(tracker, script, seed):
    """The ids of both faces in the frames when they are apart: (before, after), one pair a frame."""
    along = ids_along(tracker, film(script, SECONDS, seed=seed))
    apart = round(0.4 * FPS)
    return along[5:apart], along[-apart:]


@pytest.mark.parametrize("higher", [0.0, 0.3], ids=["level", "higher"])
@pytest.mark.parametrize(
    ("width_px", "widths_per_s"), [(70, 2.0), (120, 2.6), (160, 2.2)], ids=["far", "fast", "near"]
)
@pytest.mark.parametrize(
    ("finder", "reader"),
    [("yunet", "none"), ("yunet", "mediapipe"), ("haar", "none")],
    ids=["yunet", "yunet+mediapipe", "haar"],
)
def test_faces_that_cross_keep_their_ids(tracker, finder, reader, width_px, widths_per_s, higher):
    script = crossing(width_px, widths_per_s, higher)
    before, after = both_before_and_after(tracker(finder, reader), script, seed=width_px)
    ids = before[0]
    assert None not in ids
    assert len(set(ids)) == 2
    assert before == [ids] * len(before)
    assert after == [ids] * len(after)


def test_people_who_meet_and_part_again_keep_their_ids(tracker):
    """They come close until their faces touch, stand so for a while, and go back."""

    def at(t):
        apart = max(105.0, 105.0 + 250 * (abs(t - 1.6) - 0.9))
        left, right = Placement((640 - apart / 2, 330), 100), Placement((640 + apart / 2, 330), 100)
        return [left, Placement(right.center, 100, light=0.7, mirrored=True)]

    along = ids_along(tracker("yunet"), film(at, 3.2))
    assert None not in along[2]
    assert along[2:] == [along[2]] * len(along[2:])
