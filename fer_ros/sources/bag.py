"""Images out of a rosbag2 recording, without ROS."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import nan
from pathlib import Path
from typing import Any

from rosbags.typesys import Stores, get_typestore

from fer_ros.errors import ImageError, SourceError
from fer_ros.images import Image8, decode_compressed, to_bgr8
from fer_ros.sources.frame import Frame, Source, Warn, started
from fer_ros.sources.recording import Message, Recording, open_recordings

NS = 1_000_000_000
IMAGE, COMPRESSED = "sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage"


@dataclass(frozen=True, eq=False)
class Shot:
    """An image message.

    Attributes:
        stamp: s; 0 where its header has none.
        stamp_ns: the same, ns.
        frame_id: of its header.
        image: (H, W, 3) uint8 BGR.
    """

    stamp: float
    stamp_ns: int
    frame_id: str
    image: Image8


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
        self.topic = choose_topic(self.name, types, topic)
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
                shot = shot_in(data, self._type)
            except ImageError as error:
                self.skipped += 1
                self._warn(f"skipped an image on {self.topic} of {self.name}: {error}")
                continue
            yield Frame(shot.stamp or stamp_ns / 1e9, shot.image, count)
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


def choose_topic(name: str, types: Mapping[str, str], topic: str = "") -> str:
    """The image topic of a bag.

    Args:
        name: of the bag.
        types: topic → message type.
        topic: which one; empty takes the only one there is.

    Raises:
        SourceError: no such topic, or several to choose from.
    """
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


def shot_in(data: bytes, kind: str) -> Shot:
    """What a serialised message holds.

    Args:
        data: the message as it was recorded.
        kind: IMAGE or COMPRESSED.

    Raises:
        ImageError: it is corrupt, or of an encoding that is not known.
    """
    try:
        m: Any = _types().deserialize_cdr(data, kind)
    except Exception as error:  # rosbags raises whatever its generated code meets in corrupt bytes
        raise ImageError(f"its message is corrupt ({type(error).__name__}: {error})") from error
    if kind == COMPRESSED:
        image = decode_compressed(m.data, m.format)
    else:
        image = to_bgr8(m.data, m.width, m.height, m.step, m.encoding, bool(m.is_bigendian))
    at = m.header.stamp
    return Shot(at.sec + at.nanosec / 1e9, at.sec * NS + at.nanosec, m.header.frame_id, image)


@cache
def _types() -> Any:
    """Image messages have been the same in every ROS 2 release."""
    return get_typestore(Stores.ROS2_JAZZY)
