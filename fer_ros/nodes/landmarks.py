"""Landmarks as sensor_msgs/PointCloud2: with sensor_msgs_py where ROS has it, the same without."""

from array import array
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rclpy.node import Node
from sensor_msgs.msg import PointCloud2, PointField
from std_msgs.msg import Header

from fer_ros.faces.face import Face
from fer_ros.landmark_cloud import POINT, cloud_of
from fer_ros.nodes.qos import RESULTS

TOPIC = "faces/landmarks"
Write = Callable[[Header, Sequence[PointField], NDArray[np.void]], PointCloud2]


class LandmarkClouds:
    """Publishes one cloud an image, for as long as somebody listens."""

    def __init__(self, node: Node) -> None:
        self._publisher = node.create_publisher(PointCloud2, TOPIC, RESULTS)
        self._write = cloud_writer()

    def publish(self, faces: Sequence[Face], header: Header) -> None:
        """Publish the landmarks of an image's faces; an image without any gives an empty cloud."""
        if self._publisher.get_subscription_count():
            self._publisher.publish(self._write(header, fields(), cloud_of(faces)))


def cloud_writer() -> Write:
    """What makes the message: ROS's own function, or ours where its package is not installed."""
    try:
        from sensor_msgs_py.point_cloud2 import create_cloud
    except ImportError:
        return write_cloud
    made: Write = create_cloud
    return made


def fields() -> list[PointField]:
    """POINT, as PointCloud2 describes it."""
    return [
        PointField(name=name, offset=kind[1], datatype=_datatype(kind[0]), count=1)
        for name, kind in (POINT.fields or {}).items()
    ]


def write_cloud(header: Header, described: Sequence[PointField], points: NDArray[np.void]) -> PointCloud2:
    """An unordered cloud of (N,) POINT."""
    data = array("B")
    data.frombytes(np.ascontiguousarray(points).tobytes())
    return PointCloud2(
        header=header,
        height=1,
        width=len(points),
        fields=list(described),
        is_bigendian=False,
        point_step=POINT.itemsize,
        row_step=POINT.itemsize * len(points),
        data=data,
        is_dense=False,
    )


def _datatype(kind: np.dtype[Any]) -> int:
    return int(PointField.FLOAT32 if kind.kind == "f" else PointField.UINT32)
