"""When decisions are made: at the times of messages, and on a grid that does not depend on who looks when.

A timer fires late on a busy machine. What is decided at its ticks must not depend on that, or a
recording could not be replayed: so a timer only wakes, and decisions are made for the grid's times.
"""

NS = 1_000_000_000  # in a second

# ns, by which a clock that goes back makes everything begin anew.
RESTART_NS = NS
# ns, a longer time that nobody looked is not lived through tick by tick.
JUMP_NS = 60 * NS
# ns, by which a clock that stands still, or shakes, may be behind the last moment.
SHAKE_NS = NS // 1000


def to_seconds(time_ns: int) -> float:
    """A time in ns as s; the same number wherever and whenever it is converted."""
    return time_ns / NS


class Ticks:
    """The times k / rate, each of them due once, in order, however often and late one looks.

    The first look, one after more than a minute, and one by a clock that went back by more than a
    second find the newest time of the grid alone due.
    """

    def __init__(self, rate_hz: float) -> None:
        self.period_ns = round(NS / rate_hz)
        self._next_ns: int | None = None

    def due(self, now_ns: int) -> range:
        """The times, ns, up to and with `now_ns` that have not been due yet."""
        if self._next_ns is None or self._is_elsewhere(now_ns - self._next_ns):
            self._next_ns = now_ns // self.period_ns * self.period_ns
        first_ns = self._next_ns
        if now_ns < first_ns:
            return range(0)
        self._next_ns = (now_ns // self.period_ns + 1) * self.period_ns
        return range(first_ns, self._next_ns, self.period_ns)

    def _is_elsewhere(self, past_ns: int) -> bool:
        return past_ns > JUMP_NS or past_ns + self.period_ns < -RESTART_NS


class Moments:
    """Times of decisions, each later than the one before also where the clock stands still.

    So their order can be told from their times: those of simulated time move in steps.
    """

    def __init__(self) -> None:
        self._last_ns = -RESTART_NS

    def at(self, clock_ns: int) -> int:
        """The time of a decision that is made when the clock says `clock_ns`; ns."""
        behind_ns = self._last_ns - clock_ns
        self._last_ns = self._last_ns + 1 if 0 <= behind_ns < SHAKE_NS else clock_ns
        return self._last_ns
