"""FACS action units from blendshapes."""

import numpy as np
import pytest

from fer_ros.faces.blendshapes import COUNT as SHAPES
from fer_ros.faces.blendshapes import MIRRORED, NAMES
from fer_ros.hri.action_units import COUNT, SOURCES, intensities


def shapes(**scores):
    out = np.full(SHAPES, 0.25, np.float32)
    for name, score in scores.items():
        out[NAMES.index(name)] = score
    return out


def test_every_unit_has_a_place_in_the_message():
    assert len(intensities(shapes())) == COUNT == 99
    assert all(0 < code < COUNT for code in SOURCES)


def test_what_nobody_measures_is_not_a_number():
    found = intensities(shapes())
    assert set(np.flatnonzero(np.isfinite(found))) == set(SOURCES)
    assert not (found == 0).any()


def test_a_measured_zero_is_a_zero():
    assert intensities(np.zeros(SHAPES, np.float32))[12] == 0


@pytest.mark.parametrize("code", [6, 9, 29, 34])
def test_units_whose_blendshapes_never_move_are_not_measured(code):
    assert np.isnan(intensities(np.ones(SHAPES, np.float32))[code])


def test_both_sides_count_alike():
    assert intensities(shapes(mouthSmileLeft=1.0, mouthSmileRight=0.5))[12] == pytest.approx(0.75)


def test_a_mirror_turns_the_eyes_to_the_other_side():
    seen = shapes(eyeLookOutLeft=0.9, eyeLookInRight=0.7)
    left, right = intensities(seen)[[61, 62]]
    assert (left, right) == pytest.approx(intensities(seen[MIRRORED])[[62, 61]])
    assert left > right
