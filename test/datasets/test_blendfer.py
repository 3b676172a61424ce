import numpy as np
import pytest

from fer_ros.datasets import blendfer
from fer_ros.datasets.selection_rule import selected, times_above
from fer_ros.errors import DatasetError
from fer_ros.faces.blendshapes import COUNT


def write(path, rows):
    path.write_text("\n".join(",".join(str(value) for value in row) for row in rows))
    return path


def row(label, value=0.5):
    return [*([value] * COUNT), float(label)]


def test_the_first_row_is_left_out_as_the_authors_do(tmp_path):
    path = write(tmp_path / "blends_test_full_set.csv", [row(0), row(1, 0.25), row(2)])
    found = blendfer.load(tmp_path, "test")
    assert found.labels.tolist() == [1, 2]
    assert found.blendshapes.shape == (2, COUNT)
    assert found.blendshapes.dtype == np.float32
    assert blendfer.load(path, skip_first=False).labels.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([], "51|no rows", id="empty"),
        pytest.param([row(0)], "no rows", id="only what is skipped"),
        pytest.param([row(0)[:-1]] * 2, "has 52 columns", id="no class"),
        pytest.param([row(0), row(1), row(3)], "line 3 has class 3", id="a class there is not"),
        pytest.param([row(0), row(1, 1.5)], "line 2 has a blendshape", id="beyond 1"),
        pytest.param([row(0), row(1, "nan")], "line 2 has a blendshape", id="NaN"),
        pytest.param([row(0), ["a"] * 53], "can be read", id="text"),
    ],
)
def test_a_damaged_file_is_named_with_its_line(tmp_path, rows, said):
    with pytest.raises(DatasetError, match=said):
        blendfer.load(write(tmp_path / "rows.csv", rows))


def test_an_absent_file_or_split_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"blends_val_full_set\.csv .*github\.com/Samir-atra"):
        blendfer.load(tmp_path, "validation")
    with pytest.raises(DatasetError, match="choose one of validation, test"):
        blendfer.load(tmp_path, "train")


@pytest.mark.parametrize(
    ("images", "kept"),
    [
        pytest.param(99, [], id="one too few"),
        pytest.param(100, [7], id="at least 100"),
    ],
)
def test_a_blendshape_is_kept_that_scores_above_the_threshold_in_enough_images(images, kept):
    shapes = np.full((120, COUNT), 0.4, np.float32)  # at the threshold, not above it
    shapes[:images, 7] = 0.41
    shapes[110:] = np.nan  # no face was seen
    assert selected(shapes).tolist() == kept
    assert times_above(shapes)[7] == images


def test_the_rule_refuses_what_are_no_blendshapes():
    with pytest.raises(DatasetError, match=r"\(3, 27\)"):
        selected(np.zeros((3, 27), np.float32))
