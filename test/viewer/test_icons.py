"""Icons: told apart by shape alone, too."""

from itertools import combinations

import cv2
import numpy as np
import pytest

from fer_ros.emotions import LABEL_SPACES
from fer_ros.viewer.colours import PLATE
from fer_ros.viewer.glyphs import GLYPHS, draw_glyph
from fer_ros.viewer.icons import NONE, PAINTERS, UNSURE, draw_icon
from fer_ros.viewer.sprites import lay

LABELS = sorted({label for space in LABEL_SPACES.values() for label in space})
SIZES = (16, 24, 48, 96, 200)


def on_plate(name, size):
    image = np.full((size, size, 3), PLATE, np.uint8)
    lay(image, draw_icon(name, size), 0, 0)
    return image


@pytest.mark.parametrize("label", LABELS)
def test_every_label_has_an_icon_of_its_own(label):
    assert label in PAINTERS


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("first", "second"), [*combinations([*LABELS, UNSURE, NONE], 2)])
def test_icons_differ_also_in_grey(first, second, size):
    """Of the px of either, a tenth and more differ visibly without any colour."""
    grey = [cv2.cvtColor(on_plate(name, size), cv2.COLOR_BGR2GRAY).astype(int) for name in (first, second)]
    covered = [draw_icon(name, size).through[..., 0] < 128 for name in (first, second)]
    differs = np.abs(grey[0] - grey[1]) > 32
    assert differs.sum() > 0.1 * (covered[0] | covered[1]).sum()


@pytest.mark.parametrize("name", [*PAINTERS])
@pytest.mark.parametrize("size", [1, 2, 7, 33, 260])
def test_icons_keep_inside_their_square_at_any_size(name, size):
    icon = draw_icon(name, size)
    assert icon.colour.shape == icon.through.shape == (size, size, 3)
    if size > 16:
        edge = np.concatenate([icon.through[0], icon.through[-1], icon.through[:, 0], icon.through[:, -1]])
        assert edge.min() > 60  # no more than a smooth rim touches the edge


def test_a_label_without_an_icon_gets_the_unknown_one():
    assert np.array_equal(draw_icon("bored", 40).colour, draw_icon("unknown", 40).colour)


@pytest.mark.parametrize("name", [*PAINTERS])
def test_edges_are_smooth(name):
    coverage = 255 - draw_icon(name, 48).through[..., 0]
    assert ((coverage > 20) & (coverage < 235)).sum() > 40


@pytest.mark.parametrize(("first", "second"), [*combinations(GLYPHS, 2)])
def test_signs_differ(first, second):
    signs = [255 - draw_glyph(name, 14, (255, 255, 255)).through.astype(int) for name in (first, second)]
    assert np.abs(signs[0] - signs[1]).mean() > 20
