"""What a subscriber sees of the switch, in real time: the same figures as in simulated time."""

from collections import deque
from math import nan
from typing import Any

from benchmarks.switch_watch import Stream, Switching
from benchmarks.switch_world import Token
from fer_ros.mode import Mode, ModeChange
from fer_ros.selection import Passed, Source, Step

REMEMBERED = 300  # estimates, about ten seconds: by then the robot's own must have come out
DROPPED_S = 0.08  # older ones may have been dropped by their age, which the switch says


class Seen:
    """Hears messages instead of the switch itself.

    Attributes:
        switching: times and numbers of changes; a change happens when it is heard.
        offered_late: estimates of the robot that were old when they were heard.
        lost: estimates of the robot that were not, and never came out.
    """

    def __init__(self) -> None:
        self.switching = Switching()
        self.offered_late = self.lost = 0
        self._stream = Stream()
        self._mode = Mode.OFFLINE
        self._given: deque[int] = deque(maxlen=REMEMBERED)
        self._waiting: deque[int] = deque()

    def begin(self) -> None:
        """Count from here on."""
        self._stream = Stream()
        self._waiting.clear()
        self.switching.restart()

    def offered(self, stamp: float, face_id: str, now: float) -> None:
        """Hear an estimate of the robot."""
        if now - stamp > DROPPED_S:
            self.offered_late += 1
            return
        self._waiting.append(_serial(stamp, face_id))
        if len(self._waiting) > REMEMBERED // 2:
            self.lost += self._waiting.popleft() not in self._given

    def passed(self, stamp: float, face_id: str, source: int, now: float) -> None:
        """Hear an estimate on emotion."""
        token = Token(stamp, _serial(stamp, face_id))
        self._given.append(token.serial)
        self._stream.take(Step(None, (Passed(Source(source), token),)), now)
        self.switching.look(now)

    def changed(self, mode: int, now: float) -> None:
        """Hear of a change of mode."""
        before, self._mode = self._mode, Mode(mode)
        self.switching.change(before, ModeChange(self._mode, False, "", now, nan))

    def figures(self) -> dict[str, Any]:
        """The figures that simulated time gives too."""
        return {
            **self._stream.figures(),
            **self.switching.figures(),
            "offered_late": self.offered_late,
            "lost_by_switch": self.lost,
        }


def _serial(stamp: float, face_id: str) -> int:
    return hash((round(stamp * 1e6), face_id))
