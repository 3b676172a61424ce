"""When a program that ended by itself is started again, and when that is of no use."""

from dataclasses import dataclass
from signal import Signals

SETTLED_S = 5.0  # a life of this length was none of those that end as they begin
FIRST_S = 0.2  # of waiting, after a settled life
FACTOR = 2.0  # more after each one that was not
LONGEST_S = 5.0
TRIES = 3
SILENT_S = 30.0  # without a sign of life, from the start on: longer than any start and any callback
CANNOT = 1  # the status of a program that says why it cannot work


@dataclass(frozen=True)
class Again:
    """Start it again after so many seconds."""

    after_s: float


@dataclass(frozen=True)
class Hopeless:
    """It cannot start, however often it is tried."""

    tries: int


class Restarts:
    """The lives of one program.

    It is started again after a wait that grows with every life that was too short, for a program that was
    killed comes back at once and one that always dies must not keep the machine busy. One that has worked
    before is never given up: a camera that was unplugged may come back.

    Attributes:
        count: how often it was started again.
    """

    def __init__(self) -> None:
        self.count = 0
        self._wait_s = FIRST_S
        self._failures = 0  # in a row, from the first life on
        self._has_worked = False

    def ended(self, status: int, lived_s: float, *, worked: bool) -> Again | Hopeless:
        """What to do with a program that has ended and was not told to.

        Args:
            status: its exit status; -n: signal n ended it.
            lived_s: s, from its start to its end.
            worked: it came to work in this life. Time alone does not tell: on a busy machine a program may
                take long to find that it cannot.
        """
        if lived_s >= SETTLED_S:
            self._wait_s = FIRST_S
        self._has_worked |= worked
        self._failures = self._failures + 1 if status == CANNOT else 0
        if self._failures >= TRIES and not self._has_worked:
            return Hopeless(self._failures)
        wait_s = self._wait_s
        self._wait_s = min(FACTOR * wait_s, LONGEST_S)
        self.count += 1
        return Again(wait_s)


def spoken(status: int) -> str:
    """How a program ended, for people: its status, or the signal that ended it (-n)."""
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {Signals(-status).name}"
    except ValueError:  # one of the real-time signals, which have no names
        return f"was ended by signal {-status}"
