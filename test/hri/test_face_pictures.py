"""Pictures of faces between REP-155's framing and ours."""

import numpy as np
import pytest

from fer_ros.faces.crop import crop_face
from fer_ros.faces.face import Detection
from fer_ros.hri.picture import fitted, reframed
from fer_ros.sources.builtin import BuiltinSource, Scene

BOX = (120.0, 70.0, 200.0, 170.0)


def test_a_square_fills_a_square():
    assert (fitted(np.full((112, 112, 3), 7, np.uint8), 128, 128) == 7).all()


@pytest.mark.parametrize(("height", "width"), [(50, 100), (100, 50)])
def test_another_shape_is_centred_and_padded_with_black(height, width):
    out = fitted(np.full((height, width, 3), 9, np.uint8), 128, 128)
    filled = np.argwhere(out[..., 0] == 9)
    assert tuple(filled.max(axis=0) - filled.min(axis=0) + 1) == (128 * height // 100, 128 * width // 100)
    assert tuple(filled.min(axis=0) + filled.max(axis=0)) == (127, 127)


def as_detectors_crop(image, box):
    x0, y0, x1, y1 = (int(v) for v in box)
    return fitted(image[y0:y1, x0:x1], 128, 128)


def test_a_detectors_picture_is_framed_as_ours_where_it_shows_anything():
    image = next(BuiltinSource(Scene(320, 240, distance_m=0.8))).image
    ours = crop_face(image, Detection(BOX, 1.0), 112).astype(int)
    theirs = reframed(as_detectors_crop(image, BOX), BOX, 112).astype(int)
    shown = theirs.sum(axis=2) > 0
    assert 0.4 < shown.mean() < 0.9  # what lies around the region is not in it
    assert np.abs(ours - theirs)[shown].mean() < 6
