"""The newest picture, for all who watch: nobody waits for anybody, and nobody gets an old one."""

from asyncio import Event
from collections.abc import Iterator
from contextlib import contextmanager


class Watcher:
    """One who watches: it is woken by the newest picture, and misses those that came while it was busy."""

    def __init__(self, newest: bytes | None) -> None:
        self._newest = newest
        self._changed = Event()
        self._gone = False
        if newest is not None:
            self._changed.set()

    async def next(self) -> bytes | None:
        """The newest picture that it has not had; None when there will be no more."""
        await self._changed.wait()
        self._changed.clear()
        return None if self._gone else self._newest

    def show(self, picture: bytes) -> None:
        """Take a picture in the place of the one before."""
        self._newest = picture
        self._changed.set()

    def leave(self) -> None:
        """Watch no more."""
        self._gone = True
        self._newest = None
        self._changed.set()


class Pictures:
    """Passes pictures on, and keeps one while somebody watches."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()
        self._newest: bytes | None = None

    def __len__(self) -> int:
        return len(self._watchers)

    def show(self, picture: bytes) -> None:
        """Show a JPEG picture to all."""
        if self._watchers:
            self._newest = picture
        for watcher in self._watchers:
            watcher.show(picture)

    @contextmanager
    def watched(self) -> Iterator[Watcher]:
        """Watch, from the newest picture on; when nobody does any more, it is forgotten."""
        watcher = Watcher(self._newest)
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)
            if not self._watchers:
                self._newest = None
