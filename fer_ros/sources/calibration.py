"""Camera calibration files, as ROS's camera_calibration writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from fer_ros.errors import ParameterError

COEFFICIENTS = {"plumb_bob": 5, "rational_polynomial": 8, "equidistant": 4}


@dataclass(frozen=True)
class Calibration:
    """What sensor_msgs/CameraInfo takes; matrices row by row, focal lengths and centres in px.

    Attributes:
        width: of the images it holds for, px.
        height: px.
        distortion_model: plumb_bob, rational_polynomial or equidistant.
        d: distortion coefficients, 5, 8 or 4 by model.
        k: camera matrix, 3x3.
        r: rectification, 3x3.
        p: projection, 3x4.
    """

    width: int
    height: int
    distortion_model: str
    d: tuple[float, ...]
    k: tuple[float, ...]
    r: tuple[float, ...]
    p: tuple[float, ...]


def read_calibration(path: Path | str) -> Calibration:
    """Read a calibration YAML, or raise ParameterError naming the file and the key."""
    loaded = _load(Path(path))
    model = loaded.get("distortion_model")
    if model not in COEFFICIENTS:
        raise ParameterError(f"{path}: distortion_model is {model!r}; it takes {', '.join(COEFFICIENTS)}")
    return Calibration(
        width=_size(path, loaded, "image_width"),
        height=_size(path, loaded, "image_height"),
        distortion_model=model,
        d=_matrix(path, loaded, "distortion_coefficients", COEFFICIENTS[model]),
        k=_matrix(path, loaded, "camera_matrix", 9),
        r=_matrix(path, loaded, "rectification_matrix", 9),
        p=_matrix(path, loaded, "projection_matrix", 12),
    )


def _load(path: Path) -> Mapping[str, Any]:
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(f"{path}: {error.strerror}; give the path of a calibration YAML") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path} is not YAML: {error}") from error
    if not isinstance(loaded, Mapping):
        raise ParameterError(f"{path} is not a calibration: it holds no keys")
    return loaded


def _size(path: Path | str, loaded: Mapping[str, Any], key: str) -> int:
    value = loaded.get(key)
    if type(value) is not int or value < 1:
        raise ParameterError(f"{path}: {key} is {value!r}; it takes px, 1 or more")
    return value


def _matrix(path: Path | str, loaded: Mapping[str, Any], key: str, length: int) -> tuple[float, ...]:
    held = loaded.get(key)
    data = held.get("data") if isinstance(held, Mapping) else None
    if not isinstance(data, list) or len(data) != length:
        raise ParameterError(f"{path}: {key}.data is {data!r}; it takes a list of {length} numbers")
    for value in data:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
            raise ParameterError(f"{path}: {key}.data holds {value!r}; it takes finite numbers")
    return tuple(float(value) for value in data)
