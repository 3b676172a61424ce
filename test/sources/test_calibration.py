"""Calibration files: every key that can be wrong, and the one that is right."""

import pytest
import yaml

from fer_ros.errors import ParameterError
from fer_ros.sources.calibration import read_calibration

GOOD = {
    "image_width": 1280,
    "image_height": 720,
    "camera_name": "head",
    "camera_matrix": {"rows": 3, "cols": 3, "data": [1100, 0, 640.5, 0, 1100, 360.5, 0, 0, 1]},
    "distortion_model": "plumb_bob",
    "distortion_coefficients": {"rows": 1, "cols": 5, "data": [0.1, -0.2, 0, 0, 0.0]},
    "rectification_matrix": {"rows": 3, "cols": 3, "data": [1, 0, 0, 0, 1, 0, 0, 0, 1]},
    "projection_matrix": {"rows": 3, "cols": 4, "data": [1100, 0, 640.5, 0, 0, 1100, 360.5, 0, 0, 0, 1, 0]},
}


def written(tmp_path, content):
    path = tmp_path / "head.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"image_width": 0}, "image_width is 0", id="no width"),
        pytest.param({"image_height": "720"}, "image_height is '720'", id="height as text"),
        pytest.param(
            {"distortion_model": "fisheye"}, "distortion_model is 'fisheye'; it takes plumb_bob", id="model"
        ),
        pytest.param({"camera_matrix": None}, r"camera_matrix\.data is None", id="no matrix"),
        pytest.param(
            {"camera_matrix": {"data": [1.0] * 8}}, "it takes a list of 9 numbers", id="short matrix"
        ),
        pytest.param({"projection_matrix": {"data": [float("nan")] * 12}}, "holds nan", id="NaN"),
        pytest.param({"rectification_matrix": {"data": ["a"] * 9}}, "holds 'a'", id="text"),
    ],
)
def test_a_wrong_value_is_named_with_file_and_key(tmp_path, changes, message):
    with pytest.raises(ParameterError, match=rf"head\.yaml: .*{message}|{message}"):
        read_calibration(written(tmp_path, GOOD | changes))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("{", "is not YAML", id="not YAML"),
        pytest.param("just text", "holds no keys", id="text"),
        pytest.param("", "holds no keys", id="empty"),
    ],
)
def test_a_file_that_is_no_calibration_is_named(tmp_path, content, message):
    with pytest.raises(ParameterError, match=message):
        read_calibration(written(tmp_path, content))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ParameterError, match=r"absent\.yaml: No such file"):
        read_calibration(tmp_path / "absent.yaml")


def test_a_calibration_is_read_row_by_row(tmp_path):
    calibration = read_calibration(written(tmp_path, GOOD))
    assert (calibration.width, calibration.height) == (1280, 720)
    assert calibration.k[2] == 640.5
    assert calibration.d == (0.1, -0.2, 0.0, 0.0, 0.0)
    assert len(calibration.p) == 12
