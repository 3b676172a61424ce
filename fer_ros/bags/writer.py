"""A rosbag2 (MCAP) of serialised messages, written in a thread: a slow disk holds nobody up."""

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import Any, TypeAlias

from rosbags.interfaces import Qos
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.rosbag2.errors import WriterError

from fer_ros.bags.definitions import definition, own_types
from fer_ros.errors import FerError

VERSION = 9  # of rosbag2's metadata: that of Jazzy
MOST_WAITING_BYTES = 64_000_000  # some 20 uncompressed images; a disk that is further behind loses messages
FLUSH_EVERY_NS = 2_000_000_000  # what a recording lacks at its end when the process is killed

Message: TypeAlias = tuple[str, int, bytes]  # topic, time of recording in ns, serialised (CDR)


@dataclass(frozen=True)
class Topic:
    """A topic that is recorded: its name, its type, and how its publisher offers it."""

    name: str
    kind: str
    qos: Qos


def refuse_existing(path: Path) -> None:
    """FerError where a bag cannot be made at `path` because something is there."""
    if path.exists() or path.is_symlink():
        raise FerError(f"{path} exists; name a folder that does not, or move it away")


class BagWriter:
    """A bag that messages are put into. `put` never waits; `close` does, until everything is written.

    Attributes:
        path: of the bag.
        failure: why nothing is written any more; empty while it is.
        dropped: messages that were put and not even tried to write.
        written: messages that are in the file.
    """

    def __init__(self, path: Path, topics: Sequence[Topic], about: Mapping[str, str]) -> None:
        """Make the folder and the file.

        Args:
            path: of the bag's folder.
            topics: every one that is going to be written.
            about: stands in the bag's metadata, as rosbag2's custom data.

        Raises:
            FerError: there is something already, or the bag cannot be made.
        """
        refuse_existing(path)
        self.path = path
        self.failure = ""
        self.dropped = self.written = 0
        self._buffered = 0  # messages that will be in the file with the next flush
        self._waiting: deque[Message] = deque()
        self._waiting_bytes = 0
        self._flushed_ns = 0
        self._changed = Condition()
        self._closing = False
        self._writer = Writer(path, version=VERSION, storage_plugin=StoragePlugin.MCAP)
        for key, value in about.items():
            self._writer.set_custom_data(key, value)
        try:
            self._connections = self._open(topics)
        except (OSError, WriterError) as error:
            raise FerError(f"the bag {path} cannot be made ({_why(error)}); name another place") from error
        self._thread = Thread(target=self._run, daemon=True, name="bag")
        self._thread.start()

    def put(self, topic: str, at_ns: int, data: bytes) -> None:
        """Add a message; it is lost where the disk is full or too far behind.

        Args:
            topic: one of those named at the start.
            at_ns: ns, when it was received.
            data: as it was serialised.
        """
        with self._changed:
            if self.failure or self._waiting_bytes > MOST_WAITING_BYTES:
                self.dropped += 1
                return
            self._waiting.append((topic, at_ns, data))
            self._waiting_bytes += len(data)
            self._changed.notify()

    def close(self) -> None:
        """Write what waits, and the index; `failure` says whether that worked."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _open(self, topics: Sequence[Topic]) -> dict[str, Any]:
        self._writer.open()
        types = own_types()
        return {
            topic.name: self._writer.add_connection(
                topic.name,
                topic.kind,
                msgdef=definition(topic.kind),
                rihs01=types.hash_rihs01(topic.kind),
                offered_qos_profiles=[topic.qos],
            )
            for topic in topics
        }

    def _run(self) -> None:
        try:
            while batch := self._take():
                for message in batch:
                    self._write(*message)
            self._writer.close()
            self._note_written()
        except (OSError, WriterError) as error:
            self._fail(_why(error))

    def _take(self) -> deque[Message]:
        """Everything that waits, as soon as something does; nothing at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            batch, self._waiting = self._waiting, deque()
            self._waiting_bytes = 0
            return batch

    def _write(self, topic: str, at_ns: int, data: bytes) -> None:
        self._writer.write(self._connections[topic], at_ns, data)
        self._buffered += 1
        if not 0 <= at_ns - self._flushed_ns < FLUSH_EVERY_NS:  # a clock may begin anew
            storage = self._writer.storage
            storage.close_chunk()  # MCAP's unit of reading: a file that ends after it is whole to there
            storage.bio.flush()
            self._note_written()
            self._flushed_ns = at_ns

    def _note_written(self) -> None:
        self.written += self._buffered
        self._buffered = 0

    def _fail(self, why: str) -> None:
        with self._changed:
            self.failure = f"{self.path} cannot be written any more ({why}); what came before is in it"
            self.dropped += len(self._waiting)  # behind the failure, for those who read without the lock
            self._waiting.clear()
        with suppress(OSError):  # it is the same one again: a file that is closed writes what it still holds
            self._writer.storage.bio.close()


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
