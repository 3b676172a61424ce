"""How far faces are found: a real face of 24 to 400 px, moving over a moving background at 1280x720."""

import pytest

from .stage import film, ids_along, wandering

SECONDS = 1.0
PLACES = range(4)  # positions, directions, walls and lights


def found_share(make, width_px):
    """Of all frames, the share in which the face was seen where it is, from its first frame on."""
    hits = [
        ids[0] is not None
        for place in PLACES
        for ids in ids_along(make(), film(wandering(width_px, place), SECONDS, seed=place))
    ]
    return sum(hits) / len(hits)


@pytest.mark.parametrize("width_px", [32, 40, 64, 130, 400])
def test_yunet_finds_faces_from_32_px(tracker, width_px):
    share = found_share(lambda: tracker("yunet"), width_px)
    assert share >= 0.95, f"yunet finds {share:.3f} at {width_px} px"


def test_yunet_still_finds_most_faces_of_24_px(tracker):
    share = found_share(lambda: tracker("yunet"), 24)
    assert share >= 0.8, f"yunet finds {share:.3f} at 24 px"


@pytest.mark.parametrize("width_px", [56, 80, 170, 400])
def test_haar_finds_faces_from_56_px(tracker, width_px):
    share = found_share(lambda: tracker("haar"), width_px)
    assert share >= 0.95, f"haar finds {share:.3f} at {width_px} px"


@pytest.mark.parametrize(("finder", "width_px"), [("yunet", 32), ("yunet", 130), ("haar", 56), ("haar", 170)])
def test_a_reader_loses_none_of_them(tracker, finder, width_px):
    share = found_share(lambda: tracker(finder, "mediapipe"), width_px)
    assert share >= 0.95, f"{finder} and mediapipe find {share:.3f} at {width_px} px"


@pytest.mark.parametrize("width_px", [32, 80, 300])
def test_at_every_distance_the_reader_reads(tracker, width_px):
    following = tracker("yunet", "mediapipe")
    for shot in film(wandering(width_px, 1), 0.5, seed=1):
        faces = following.update(shot.image, shot.t)
    assert [len(face.seen.blendshapes) for face in faces] == [52]
    assert [face.seen.landmarks.shape for face in faces] == [(478, 3)]
