"""Landmarks of every face of an image as one cloud of points."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fer_ros.faces.face import Face

# How a point lies in memory, little-endian: 16 bytes.
POINT = np.dtype([("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("face", "<u4")])


def cloud_of(faces: Sequence[Face]) -> NDArray[np.void]:
    """The landmarks of faces, one after the other.

    Args:
        faces: of one image; those whose landmarks nobody read add no points.

    Returns:
        (N,) POINT: x, y, z as in Face.msg, px; face: the place of its face among `faces`, from 0.
    """
    read = [(place, face.seen.landmarks) for place, face in enumerate(faces)]
    clouds = [_cloud(place, points) for place, points in read if points is not None]
    return np.concatenate(clouds) if clouds else np.empty(0, POINT)


def _cloud(place: int, points: NDArray[np.float32]) -> NDArray[np.void]:
    cloud = np.empty(len(points), POINT)
    for column, name in enumerate("xyz"):
        cloud[name] = points[:, column]
    cloud["face"] = place
    return cloud
