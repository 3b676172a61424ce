"""What waits when work comes faster than it is done: little, and only the newest."""

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Backlog(Generic[T]):
    """Items in order of their stamps; what is much older than the newest is dropped.

    A short stall loses nothing, and a machine that is too slow always works on something fresh.

    Attributes:
        dropped: items so far that were too old to be worth the work.
    """

    def __init__(self, span_s: float) -> None:
        """Keep items that are at most `span_s` seconds older than the newest one."""
        self.dropped = 0
        self._span_s = span_s
        self._items: deque[tuple[float, T]] = deque()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, stamp: float, item: T) -> None:
        """Add the newest item; a stamp that goes backwards (a bag that loops) begins anew."""
        if self._items and stamp < self._items[-1][0]:
            self.dropped += len(self._items)
            self._items.clear()
        self._items.append((stamp, item))
        while self._items[0][0] < stamp - self._span_s:
            self._items.popleft()
            self.dropped += 1

    def take(self) -> T:
        """Remove and return the oldest item; IndexError when there is none."""
        return self._items.popleft()[1]
