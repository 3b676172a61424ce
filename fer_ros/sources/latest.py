"""Frames at the pace of real time: the newest of a device, or a file's at the rate it was recorded."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Condition, Thread

from fer_ros.errors import FerError
from fer_ros.sources.frame import Clock, Frame, Source


class LatestFrame(Source):
    """A thread reads the source; whoever asks gets the newest frame, and never the same one twice.

    Attributes:
        dropped: frames that a newer one replaced before anybody asked.
    """

    def __init__(self, source: Source, on_change: Callable[[], object] = lambda: None) -> None:
        """Start reading.

        Args:
            source: its `close` must be safe to call while it is read, as a device's is.
            on_change: called from the reading thread when there is a new frame, or when the source ended.
        """
        self.name, self.fps = source.name, source.fps
        self.dropped = 0
        self._source = source
        self._newest: Frame | None = None
        self._error: FerError | None = None
        self._ended = False
        self._on_change = on_change
        self._changed = Condition()
        self._thread = Thread(target=self._read, name=f"reads {source.name}", daemon=True)
        self._thread.start()

    def __next__(self) -> Frame:
        frame = self.take(timeout_s=None)
        if frame is None:
            raise StopIteration
        return frame

    def take(self, timeout_s: float | None = 0.0) -> Frame | None:
        """The newest frame not taken yet, waiting up to `timeout_s` (None: until the source ends) for it.

        Raises:
            SourceError: what ended the source, once every frame before it has been taken.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._ended, timeout_s)
            frame, self._newest = self._newest, None
            if frame is None and self._error is not None:
                raise self._error
            return frame

    @property
    def ended(self) -> bool:
        """Whether the source gives no more frames."""
        return self._ended

    def close(self) -> None:
        """Close the source and wait for the thread."""
        self._source.close()
        self._thread.join()

    def _read(self) -> None:
        try:
            for frame in self._source:
                self._put(frame)
        except FerError as error:
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()
            self._on_change()

    def _put(self, frame: Frame) -> None:
        with self._changed:
            self.dropped += self._newest is not None
            self._newest = frame
            self._changed.notify_all()
        self._on_change()


def paced(source: Iterator[Frame], clock: Clock, sleep: Callable[[float], object]) -> Iterator[Frame]:
    """Frames of a recording when they are due, stamped by the clock as a camera's would be.

    A reader that stalls finds the recording where it left it: late frames move all later ones, and
    nothing piles up.

    Args:
        source: whose stamps give the pace.
        clock: s.
        sleep: waits that many seconds.

    Yields:
        the source's frames with new stamps.
    """
    offset_s: float | None = None
    for frame in source:
        now = clock()
        if offset_s is None or now > frame.stamp + offset_s:
            offset_s = now - frame.stamp
        elif now < frame.stamp + offset_s:
            sleep(frame.stamp + offset_s - now)
        yield replace(frame, stamp=clock())
