"""An MCAP file whose end is missing, made readable without writing a byte.

A recorder that loses power leaves no footer, and readers refuse the file. All that is needed is to
stop after the last whole record and to append a footer that says "no summary".
"""

import io
import os
from pathlib import Path
from struct import Struct
from typing import Literal

MAGIC = b"\x89MCAP0\r\n"
RECORD = Struct("<BQ")  # operation, length of what follows
FOOTER_OPERATION = 0x02
FOOTER = RECORD.pack(FOOTER_OPERATION, 20) + bytes(20) + MAGIC


class MendedMcap:
    """The part of `pathlib.Path` that rosbags uses, for a file that reads as if it had been closed."""

    def __init__(self, path: Path) -> None:
        """Find the end of the last whole record of the file at `path`."""
        self._path = path
        self._end = end_of_whole_records(path)
        self.suffix = path.suffix
        self.name = path.name

    def __str__(self) -> str:
        return str(self._path)

    def exists(self) -> bool:
        """Whether the file is there."""
        return self._path.exists()

    def is_dir(self) -> bool:
        """Never: it is a file."""
        return False

    def open(self, mode: Literal["rb"]) -> io.BufferedReader:
        """The mended file, for reading bytes; `mode` is "rb"."""
        return io.BufferedReader(_Joined(self._path.open(mode), self._end, FOOTER))


def end_of_whole_records(path: Path) -> int:
    """Offset in bytes behind the last record that is complete and not the footer."""
    size = path.stat().st_size
    with path.open("rb") as file:
        end = len(MAGIC)
        while len(head := _at(file, end, RECORD.size)) == RECORD.size:
            operation, length = RECORD.unpack(head)
            if operation == FOOTER_OPERATION or end + RECORD.size + length > size:
                break
            end += RECORD.size + length
    return end


def _at(file: io.BufferedIOBase, offset: int, count: int) -> bytes:
    file.seek(offset)
    return file.read(count)


class _Joined(io.RawIOBase):
    """The first `length` bytes of a file followed by `tail`."""

    def __init__(self, file: io.BufferedIOBase, length: int, tail: bytes) -> None:
        self._file, self._length, self._tail = file, length, tail
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._length + len(self._tail)}[
            whence
        ]
        self._position = start + offset
        return self._position

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        if self._position < self._length:
            data = _at(self._file, self._position, min(len(buffer), self._length - self._position))
        else:
            start = self._position - self._length
            data = self._tail[start : start + len(buffer)]
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
