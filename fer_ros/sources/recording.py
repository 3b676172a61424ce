"""What a bag holds, whole or damaged: topics and their messages, from SQLite or MCAP files."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

from rosbags.interfaces import MessageDefinitionFormat, Qos
from rosbags.rosbag2 import Reader
from rosbags.rosbag2.metadata import parse_qos

from fer_ros.errors import SourceError
from fer_ros.sources.frame import Warn
from fer_ros.sources.mended import MendedMcap

SUFFIXES = (".mcap", ".db3")
_ROWS = "SELECT topic_id, timestamp, data FROM messages NOT INDEXED ORDER BY id"

Message: TypeAlias = tuple[int, bytes]  # time of recording in ns, serialised message


@dataclass(frozen=True)
class Channel:
    """A topic as one of its publishers offered it.

    Attributes:
        topic: its name.
        kind: message type.
        definition: text of the type and of those it uses, .msg or .idl; empty where it was not recorded.
        digest: the type's hash as ROS writes it; empty where it was not recorded.
        qos: how it was offered.
    """

    topic: str
    kind: str
    definition: str = ""
    digest: str = ""
    qos: tuple[Qos, ...] = ()


Everything: TypeAlias = Iterator[
    tuple[Channel, int, bytes]
]  # of all topics, with the time of recording in ns


@dataclass(frozen=True)
class Recording:
    """One storage file, or a whole bag folder.

    Attributes:
        types: topic → message type.
        messages: topic → its messages in order; it may end in any exception where a file is damaged.
        rates_hz: topic → messages per second, for topics where it is known.
        definitions: message type → its text, where the recorder wrote it down.
        channels: every topic, also those without a message.
        everything: the messages of all topics; in order of time where the recording is whole, else as they
            lie in the file, and then it may end in any exception.
        counts: topic → number of messages, where it is known.
    """

    types: dict[str, str]
    messages: Callable[[str], Iterator[Message]]
    rates_hz: dict[str, float]
    channels: tuple[Channel, ...]
    everything: Callable[[], Everything]
    definitions: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def open_recordings(path: Path, warn: Warn) -> list[Recording]:
    """Open a bag folder, or one file of it, as far as it can be read.

    Args:
        path: of a rosbag2 folder, an .mcap or a .db3 file.
        warn: hears what is damaged and read in part.

    Returns:
        one recording, or one for each file where the folder's metadata is missing or wrong.

    Raises:
        SourceError: no bag there, or nothing in it can be read.
    """
    if not path.exists():
        raise SourceError(f"{path} does not exist; give a rosbag2 folder, or its .mcap or .db3 file")
    whole, damage = _attempt(_whole, path)
    if whole is not None:
        return [whole]
    parts = _storage_files(path)
    opened = [recording for part in parts if (recording := _part(part)) is not None]
    if not opened:
        raise SourceError(f"nothing in {path} can be read as a bag ({damage}); record or copy it again")
    warn(f"{path} is damaged and read as far as it goes: {damage}")
    return opened


def _storage_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if path.suffix in SUFFIXES else []
    return sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)


def _part(path: Path) -> Recording | None:
    for opener in (_whole, _mended if path.suffix == ".mcap" else _scanned):
        recording, _ = _attempt(opener, path)
        if recording is not None:
            return recording
    return None


def _attempt(opener: Callable[[Path], Recording], path: Path) -> tuple[Recording | None, str]:
    try:
        return opener(path), ""
    except Exception as error:  # rosbags lets the errors of SQLite, struct, YAML and its codecs through
        return None, str(error) or type(error).__name__


def _whole(path: Path) -> Recording:
    for file in _storage_files(path):
        if file.suffix == ".db3":
            _check_length(file)
    return _read_by(Reader(path))


def _mended(path: Path) -> Recording:
    # Its messages lie as they were received, topic by topic in order, but not all topics together: rosbags
    # refuses that, and its scan does not.
    return _read_by(Reader(MendedMcap(path)), lambda reader: reader.storage.messages_scan(reader.connections))


def _read_by(
    reader: Any, read_all: Callable[[Any], Iterator[Any]] = lambda reader: reader.messages()
) -> Recording:
    with reader:
        channels = tuple(dict.fromkeys(_channel(c) for c in reader.connections))
        types = {c.topic: c.msgtype for c in reader.connections}
        span_s = (reader.end_time - reader.start_time) / 1e9
        counts = {topic: info.msgcount for topic, info in reader.topics.items()}
        definitions = {c.msgtype: c.msgdef.data for c in reader.connections if _is_text(c.msgdef)}

    def messages(topic: str) -> Iterator[Message]:
        with reader:
            chosen = [c for c in reader.connections if c.topic == topic]
            for _, stamp_ns, data in reader.messages(chosen):
                yield stamp_ns, data

    def everything() -> Everything:
        with reader:
            for connection, stamp_ns, data in read_all(reader):
                yield _channel(connection), stamp_ns, data

    rates = {topic: (n - 1) / span_s for topic, n in counts.items() if n > 1 and span_s > 0}
    return Recording(types, messages, rates, channels, everything, definitions, counts)


def _channel(connection: Any) -> Channel:
    c = connection
    return Channel(c.topic, c.msgtype, c.msgdef.data, c.digest, tuple(c.ext.offered_qos_profiles))


def _is_text(definition: Any) -> bool:
    return bool(definition.format is MessageDefinitionFormat.MSG and definition.data)


def _check_length(path: Path) -> None:
    """Raise where an SQLite file is shorter than its header says: a query would fail halfway."""
    with path.open("rb") as file:
        header = file.read(100)
    page_bytes = int.from_bytes(header[16:18], "big")
    announced = (65536 if page_bytes == 1 else page_bytes) * int.from_bytes(header[28:32], "big")
    if path.stat().st_size < max(announced, 100):
        raise SourceError(f"{path.name} has {path.stat().st_size} of {announced} bytes")


def _scanned(path: Path) -> Recording:
    """An SQLite file read in the order of its rows: the index by time lies at its end, which is missing."""

    def query(sql: str) -> Iterator[Any]:
        uri = f"file:{quote(str(path))}?immutable=1"
        with closing(sqlite3.connect(uri, uri=True, check_same_thread=False)) as database:
            database.row_factory = sqlite3.Row
            database.execute("PRAGMA writable_schema=ON")  # or SQLite refuses a file with pages missing
            yield from database.execute(sql)

    texts = _definitions(query)
    channels = {row["id"]: _channel_of_row(row, texts) for row in query("SELECT * FROM topics")}

    def everything() -> Everything:
        for number, stamp_ns, data in query(_ROWS):
            yield channels[number], stamp_ns, data

    def messages(topic: str) -> Iterator[Message]:
        return ((stamp_ns, data) for channel, stamp_ns, data in everything() if channel.topic == topic)

    types = {channel.topic: channel.kind for channel in channels.values()}
    return Recording(types, messages, {}, tuple(channels.values()), everything)


def _definitions(query: Callable[[str], Iterator[Any]]) -> dict[str, str]:
    """Message type → its text; nothing where this part of the file is missing, or older than that."""
    try:
        return dict(query("SELECT topic_type, encoded_message_definition FROM message_definitions"))
    except sqlite3.Error:
        return {}


def _channel_of_row(row: sqlite3.Row, texts: Mapping[str, str]) -> Channel:
    told = dict(zip(row.keys(), row, strict=True))
    qos = tuple(parse_qos(told.get("offered_qos_profiles", "")))
    kind = told["type"]
    return Channel(told["name"], kind, texts.get(kind, ""), told.get("type_description_hash", ""), qos)
