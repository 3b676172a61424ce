"""Images out of a rosbag2 recording, without ROS."""

from collections.abc import Generator, Iterator
from functools import cache
from math import nan
from pathlib import Path
from typing import Any

from rosbags.typesys import Stores, get_typestore

from fer_ros.errors import ImageError, SourceError
from fer_ros.images import Image8, decode_compressed, to_bgr8
from fer_ros.sources.frame import Frame, Source, Warn, started
from fer_ros.sources.recording import Message, Recording, open_recordings

IMAGE, COMPRESSED = "sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage"


class BagSource(Source):
    """The frames of one image topic, with the stamps of their headers."""

    def __init__(self, path: Path | str, warn: Warn, topic: str = "") -> None:
        """Open the bag and find the topic.

        Args:
            path: a rosbag2 folder, or an .mcap or .db3 file.
            warn: hears of damage and of each image that cannot be read.
            topic: of Image or CompressedImage messages; empty takes the only one there is.

        Raises:
            SourceError: no readable bag, no such topic, several to choose from, or no readable image on it.
        """
        self.name = str(path)
        self._warn = warn
        recordings = open_recordings(Path(path), warn)
        types = {name: kind for recording in recordings for name, kind in recording.types.items()}
        self.topic = _choose(self.name, types, topic)
        self.fps = recordings[0].rates_hz.get(self.topic, nan)
        self._type = types[self.topic]
        self._reading = self._read(recordings)
        self._frames = started(self._reading)

    def __next__(self) -> Frame:
        return next(self._frames)

    def close(self) -> None:
        """Release the files."""
        self._reading.close()

    def _read(self, recordings: list[Recording]) -> Generator[Frame, None, None]:
        count = 0
        for stamp_ns, data in self._messages(recordings):
            try:
                stamp, image = _convert(data, self._type)
            except ImageError as error:
                self.skipped += 1
                self._warn(f"skipped an image on {self.topic} of {self.name}: {error}")
                continue
            yield Frame(stamp or stamp_ns / 1e9, image, count)
            count += 1
        if count == 0:
            raise SourceError(
                f"{self.topic} of {self.name} holds no readable image ({self.skipped} damaged); record again"
            )

    def _messages(self, recordings: list[Recording]) -> Iterator[Message]:
        """Every message that can be read; damage ends a file with a warning, and not the next one."""
        for recording in recordings:
            if self.topic not in recording.types:
                continue
            try:
                yield from recording.messages(self.topic)
            except Exception as error:  # see recording.py: the storage layers have errors of their own
                self._warn(f"{self.name} ends early: {error}")


def _choose(name: str, types: dict[str, str], topic: str) -> str:
    images = sorted(t for t, kind in types.items() if kind in (IMAGE, COMPRESSED))
    listed = ", ".join(images)
    if topic in images:
        return topic
    if not images:
        held = ", ".join(f"{t} ({kind})" for t, kind in sorted(types.items())) or "nothing"
        raise SourceError(f"{name} holds no images, only {held}; record an Image or CompressedImage topic")
    if topic:
        raise SourceError(f"{name} holds no images on {topic}; name one of {listed}")
    if len(images) > 1:
        raise SourceError(f"{name} holds images on {listed}; choose one with the parameter `topic`")
    return images[0]


def _convert(data: bytes, kind: str) -> tuple[float, Image8]:
    """(stamp in s, 0 where the header has none; (H, W, 3) uint8 BGR) of a serialised message."""
    try:
        message: Any = _types().deserialize_cdr(data, kind)
    except Exception as error:  # rosbags raises whatever its generated code meets in corrupt bytes
        raise ImageError(f"its message is corrupt ({type(error).__name__}: {error})") from error
    stamp = message.header.stamp.sec + message.header.stamp.nanosec / 1e9
    if kind == COMPRESSED:
        return stamp, decode_compressed(message.data, message.format)
    m = message
    return stamp, to_bgr8(m.data, m.width, m.height, m.step, m.encoding, bool(m.is_bigendian))


@cache
def _types() -> Any:
    """Image messages have been the same in every ROS 2 release."""
    return get_typestore(Stores.ROS2_JAZZY)
