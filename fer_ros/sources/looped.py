"""A source that begins again when it ends."""

from collections.abc import Callable
from dataclasses import replace
from math import isnan

from fer_ros.sources.frame import Frame, Source

UNKNOWN_PERIOD_S = 1 / 30  # between the last frame and the first again, where the rate is not known


class Looped(Source):
    """Runs of the same source one after the other, with stamps and indices that go on growing."""

    def __init__(self, opener: Callable[[], Source]) -> None:
        """Open the first run; `opener` opens each, raising SourceError as it does."""
        self._open = opener
        self._run = opener()
        self.name, self.fps = self._run.name, self._run.fps
        self._shift_s = 0.0
        self._last: Frame | None = None

    def __next__(self) -> Frame:
        frame = next(self._run, None)
        if frame is None:
            frame = self._restart()
        index = 0 if self._last is None else self._last.index + 1
        self._last = replace(frame, stamp=frame.stamp + self._shift_s, index=index)
        return self._last

    def close(self) -> None:
        """Close the present run."""
        self._run.close()

    def _restart(self) -> Frame:
        """The first frame of another run, which gets to lie one frame period after the last one."""
        self._run.close()
        self._run = self._open()
        frame = next(self._run)
        if self._last is not None:
            period_s = UNKNOWN_PERIOD_S if isnan(self.fps) else 1 / self.fps
            self._shift_s = self._last.stamp + period_s - frame.stamp
        return frame
