import numpy as np
import pytest

from fer_ros.evaluate.sets import SetFigures, band_of, by_band, by_class, set_figures

TRUTH = np.array([0, 0, 1, 1])
SETS = np.array([[1, 0, 0], [0, 1, 1], [1, 1, 1], [0, 0, 0]], bool)


def test_coverage_and_size_by_hand():
    assert set_figures(TRUTH, SETS) == SetFigures(4, 0.5, 1.5)


def test_figures_of_each_class():
    assert by_class(TRUTH, SETS, "abc") == {"a": SetFigures(2, 0.5, 1.5), "b": SetFigures(2, 0.5, 1.5)}


def test_figures_of_each_band():
    found = by_band(TRUTH, SETS, np.array([10.0, 16.0, 24.0, 100.0]), (12, 24, 500))
    assert found == {12: SetFigures(2, 0.5, 1.5), 24: SetFigures(2, 0.5, 1.5)}


def test_a_band_begins_at_its_edge():
    assert band_of(np.array([11.0, 12, 23.9, 24, 99]), (12, 24)).tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize("edges", [(), (24, 12), (12, 12)])
def test_edges_ascend(edges):
    with pytest.raises(ValueError, match="must ascend"):
        band_of(np.array([1.0]), edges)


def test_no_sets_are_refused():
    with pytest.raises(ValueError, match="no prediction sets"):
        set_figures(np.empty(0, np.int64), np.empty((0, 3), bool))
