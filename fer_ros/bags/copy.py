"""A bag that holds what another one holds, message by message as it is, and more."""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.rosbag2.errors import WriterError
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from fer_ros.bags.definitions import definition
from fer_ros.bags.writer import VERSION, refuse_existing
from fer_ros.errors import FerError
from fer_ros.sources.frame import Warn
from fer_ros.sources.recording import Channel, Everything, Recording

STORAGES = {"mcap": StoragePlugin.MCAP, "sqlite3": StoragePlugin.SQLITE3}
NO_HASH = "RIHS00_" + "0" * 64  # as ROS writes a hash that is not set


class BagCopy:
    """A bag that is being written; `open_copy` makes one."""

    def __init__(self, writer: Any, channels: Iterable[Channel]) -> None:
        self._writer = writer
        self._connections = {channel: self._added(channel) for channel in dict.fromkeys(channels)}

    def write(self, channel: Channel, at_ns: int, data: bytes) -> None:
        """Add a message.

        Args:
            channel: one of those named at the start.
            at_ns: ns, when it was recorded.
            data: as it was serialised.
        """
        self._writer.write(self._connections[channel], at_ns, data)

    def _added(self, channel: Channel) -> Any:
        text = channel.definition or _known_definition(channel.kind)
        return self._writer.add_connection(
            channel.topic,
            channel.kind,
            msgdef=text,
            rihs01=channel.digest or _hash_of(channel.kind, text),
            offered_qos_profiles=channel.qos,
        )


def check_copy(path: Path) -> None:
    """FerError where a bag cannot be made at `path`."""
    refuse_existing(path)
    if not path.absolute().parent.is_dir():
        raise FerError(f"the folder {path.parent} of {path.name} does not exist; make it first")


@contextmanager
def open_copy(
    path: Path, storage: str, channels: Iterable[Channel], about: Mapping[str, str]
) -> Iterator[BagCopy]:
    """A bag to write into. It is there when the `with` is left, whole; where that fails, nothing is.

    Args:
        path: of the bag's folder.
        storage: a key of STORAGES.
        channels: every one that is going to be written.
        about: stands in its metadata, as rosbag2's custom data.

    Raises:
        FerError: there is something already, or the bag cannot be written.
    """
    check_copy(path)
    path = path.absolute()
    workshop = path.with_name(f".{path.name}.{os.getpid()}.part")
    part = workshop / path.name  # rosbags calls the file in it the same
    try:
        writer = Writer(part, version=VERSION, storage_plugin=STORAGES[storage])
        for key, value in about.items():
            writer.set_custom_data(key, value)
        with writer:
            yield BagCopy(writer, channels)
        part.rename(path)
    except BrokenPipeError:  # of stdout, while this was being written
        raise
    except (OSError, WriterError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise FerError(
            f"the bag {path} cannot be written ({why}); make room, or name another place"
        ) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def everything(name: str, recordings: Iterable[Recording], warn: Warn) -> Everything:
    """Every message that can be read; damage ends a file with a warning, and not the next one."""
    for recording in recordings:
        try:
            yield from recording.everything()
        except Exception as error:  # the storage layers have errors of their own
            warn(f"{name} ends early: {error}")


def storage_of(path: Path) -> str:
    """In what a bag is stored: a key of STORAGES."""
    names = [path.name] if path.is_file() else [file.name for file in path.iterdir()]
    return "mcap" if any(".mcap" in name for name in names) else "sqlite3"


def _known_definition(kind: str) -> str:
    """The text of a type that the recorder did not write down; empty where nobody here knows it."""
    try:
        return definition(kind)
    except Exception:  # rosbags raises whatever its look-up meets
        return ""


@cache
def _hash_of(kind: str, text: str) -> str:
    """The hash of a type that the recorder did not write down."""
    if not text:
        return NO_HASH
    store = get_typestore(Stores.EMPTY)
    try:
        store.register(get_types_from_msg(text, kind))
        return str(store.hash_rihs01(kind))
    except Exception:  # rosbags raises whatever its parser meets
        return NO_HASH
