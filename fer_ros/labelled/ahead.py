"""Work done ahead of who needs it, by a thread of its own: one stage of a pipeline."""

from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from threading import Condition, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


def ahead(things: Generator[T, None, None], room: int) -> Generator[T, None, None]:
    """The same things in the same order, made by a thread, at most `room` ahead of who takes them.

    What the making raises is raised here, behind the last thing that was made. Closed early, it stops the
    thread and closes `things` in it.
    """
    passage: _Passage[T] = _Passage(room)

    def make() -> None:
        try:
            with closing(things):
                for thing in things:
                    if not passage.put(thing):
                        break
            passage.end(None)
        except BaseException as error:  # it belongs to whoever takes the things
            passage.end(error)

    thread = Thread(target=make, daemon=True, name="ahead")
    thread.start()
    try:
        yield from passage
    finally:
        passage.leave()
        thread.join()


class _Passage(Generic[T]):
    """A queue with room for a few things, that the taker can leave."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._waiting: deque[T] = deque()
        self._changed = Condition()
        self._ended = self._left = False
        self._failure: BaseException | None = None

    def put(self, thing: T) -> bool:
        """Hand over as soon as there is room; False where nobody takes any more."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < self._room or self._left)
            self._waiting.append(thing)
            self._changed.notify_all()
            return not self._left

    def end(self, failure: BaseException | None) -> None:
        """Nothing more comes."""
        with self._changed:
            self._ended, self._failure = True, failure
            self._changed.notify_all()

    def leave(self) -> None:
        """Nothing more is taken."""
        with self._changed:
            self._left = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._ended)
                if not self._waiting:
                    break
                thing = self._waiting.popleft()
                self._changed.notify_all()
            yield thing
        if self._failure is not None:
            raise self._failure
