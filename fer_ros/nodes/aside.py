"""Work beside the executor: messages are answered while it lasts."""

from collections.abc import Callable
from threading import Condition, Thread
from typing import Generic, TypeVar

from fer_ros.backlog import Backlog

T = TypeVar("T")


class Aside(Generic[T]):
    """Works on items in a thread of its own, in order; those too old to be worth it are dropped."""

    def __init__(self, work: Callable[[T], None], span_s: float) -> None:
        """Start it.

        Args:
            work: called with one item after the other.
            span_s: as in Backlog.
        """
        self._work = work
        self._waiting: Backlog[T] = Backlog(span_s)
        self._changed = Condition()
        self._stopping = False
        self._failure: Exception | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Items that came and were not worked on."""
        return self._waiting.dropped

    def put(self, stamp: float, item: T) -> None:
        """Add an item of `stamp` seconds; raises what the work raised, if it did."""
        if self._failure is not None:
            raise self._failure
        with self._changed:
            self._waiting.put(stamp, item)
            self._changed.notify()

    def close(self) -> None:
        """End the work, after the item that is at hand."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._waiting or self._stopping)
                    if self._stopping:
                        return
                    item = self._waiting.take()
                self._work(item)
        except Exception as error:  # it ends the node, as it would in the executor
            self._failure = error
