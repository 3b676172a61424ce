"""What every source gives: frames in order, each with the time it was taken."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from math import nan
from types import TracebackType
from typing import Self, TypeAlias

from fer_ros.images import Image8

Clock: TypeAlias = Callable[[], float]  # s
Warn: TypeAlias = Callable[[str], None]


@dataclass(frozen=True)
class Frame:
    """One image of a source.

    Attributes:
        stamp: s; the clock's time for a device, the recorded time for a bag, and the time since
            its start for anything else.
        image: (H, W, 3) uint8, BGR.
        index: of the frame in this run of the source, from 0.
    """

    stamp: float
    image: Image8
    index: int


def started(frames: Iterator[Frame]) -> Iterator[Frame]:
    """The same frames with the first one read now: what has none fails when it is opened, not later."""
    return chain([next(frames)], frames)


class Source(ABC, Iterator[Frame]):
    """An iterator of frames that holds something open; closing twice is harmless.

    Attributes:
        name: what it reads, for messages to people.
        fps: nominal frames per second, NaN where it is not known.
        skipped: images left out because they could not be read.
    """

    name: str = ""
    fps: float = nan
    skipped: int = 0

    @abstractmethod
    def __next__(self) -> Frame:
        """The next frame; StopIteration at the end, SourceError where it cannot go on."""

    @abstractmethod
    def close(self) -> None:
        """Release the device or file; no frame may be asked for afterwards."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
