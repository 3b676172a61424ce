"""Reading a payload's bytes piece by piece, and packing small numbers into few bits."""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import PayloadError

SIX = 6  # bits: 64 levels, or one character of a face's id

UInts = NDArray[np.uint8]


class Cursor:
    """Walks over bytes and never past their end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes; PayloadError where there are fewer."""
        left = len(self._data) - self._at
        if count > left:
            raise PayloadError("sizes", f"its body promises {count} more bytes and holds {left}")
        self._at += count
        return self._data[self._at - count : self._at]

    def unpack(self, layout: struct.Struct) -> tuple[Any, ...]:
        """The next numbers; PayloadError where there are fewer."""
        return layout.unpack(self.take(layout.size))

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data) - self._at)

    def end(self) -> None:
        """PayloadError unless everything was read."""
        left = len(self._data) - self._at
        if left:
            raise PayloadError("sizes", f"{left} bytes are left over behind its body")


def sixes_size(count: int) -> int:
    """Bytes that `count` numbers of six bits take."""
    return -(-count * SIX // 8)


def pack_sixes(values: UInts) -> bytes:
    """(N,) uint8 below 64 as ceil(6 N / 8) bytes, the most significant bit first."""
    bits = np.unpackbits(values[:, None], axis=1)[:, 8 - SIX :]
    return np.packbits(bits).tobytes()


def unpack_sixes(data: bytes, count: int) -> UInts:
    """What `pack_sixes` packed: (count,) uint8 below 64; PayloadError where a padding bit is set."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    if bits[count * SIX :].any():
        raise PayloadError("sizes", "bits are set behind its last number of six bits")
    whole = np.zeros((count, 8), np.uint8)
    whole[:, 8 - SIX :] = bits[: count * SIX].reshape(count, SIX)
    return np.packbits(whole)
