"""Recordings written for real: videos, image folders and bags of a picture whose frames are told apart."""

from pathlib import Path

import cv2
import numpy as np
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore

TYPES = get_typestore(Stores.ROS2_JAZZY)
IMAGE, COMPRESSED = "sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage"


def shade(index):
    """A 48x64 BGR image whose brightness says its index, with enough noise to fill a file."""
    noise = np.random.default_rng(index).integers(-8, 9, (48, 64, 3))
    return (np.full((48, 64, 3), 20 + 10 * index) + noise).astype(np.uint8)


def index_of(image):
    return round((float(image.mean()) - 20) / 10)


def write_video(path, count=20, fps=10.0):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, (64, 48))
    assert writer.isOpened()
    for i in range(count):
        writer.write(shade(i))
    writer.release()
    return path


def image_message(index, stamp_s, encoding="bgr8"):
    header = TYPES.types["std_msgs/msg/Header"](_time(stamp_s), "camera")
    data = shade(index).reshape(-1)
    return TYPES.types[IMAGE](header, 48, 64, encoding, 0, 192, data)


def compressed_message(index, stamp_s):
    header = TYPES.types["std_msgs/msg/Header"](_time(stamp_s), "camera")
    return TYPES.types[COMPRESSED](header, "jpeg", cv2.imencode(".jpg", shade(index))[1].reshape(-1))


def write_bag(folder, storage, topics, log_start_ns=1_000_000_000):
    """Write topic → messages (ready objects or raw bytes), 0.1 s apart in log time; returns the folder."""
    plugin = {"mcap": StoragePlugin.MCAP, "sqlite3": StoragePlugin.SQLITE3}[storage]
    with Writer(folder, version=9, storage_plugin=plugin) as writer:
        for topic, messages in topics.items():
            kind = next((m.__msgtype__ for m in messages if not isinstance(m, bytes)), IMAGE)
            connection = writer.add_connection(topic, kind, typestore=TYPES)
            for i, message in enumerate(messages):
                data = message if isinstance(message, bytes) else TYPES.serialize_cdr(message, kind)
                writer.write(connection, log_start_ns + i * 100_000_000, bytes(data))
    return folder


def storage_file(folder: Path) -> Path:
    return next(p for p in folder.iterdir() if p.suffix in (".mcap", ".db3"))


def truncate(path: Path, share: float) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def _time(stamp_s):
    return TYPES.types["builtin_interfaces/msg/Time"](int(stamp_s), round(stamp_s % 1 * 1e9))
