"""How fresh the cloud's results are, for how long they have been, and how long they must be."""

from collections import deque
from math import inf, nan

# A result from later than now has a wrong stamp; a simulated clock, which moves in steps, explains this much.
AHEAD_S = 0.5
MINUTE_S = 60.0  # in which losses are counted


class Freshness:
    """The stretch of fresh results without a break, and the age of the newest one.

    A result is fresh when it is at most `fresh_s` old on arrival. A stretch ends with one that is not,
    or when the newest grows older than `silent_s` before the next one comes.

    Attributes:
        results: fresh ones in the present stretch.
        fresh_at: s, when the last fresh one arrived; -inf before the first.
    """

    def __init__(self, fresh_s: float, silent_s: float) -> None:
        self._fresh_s = fresh_s
        self._silent_s = silent_s
        self._newest = -inf  # s, stamp
        self._from = -inf  # s, arrival of the stretch's first
        self.results = 0
        self.fresh_at = -inf

    def count(self, stamp: float, now: float, *, forgiving: bool) -> None:
        """Take note of a result for the image acquired at `stamp`, which came at `now` seconds.

        Args:
            stamp: s; one from the future, or not newer than the newest, is no news.
            now: s.
            forgiving: one that is not fresh does not end the stretch, but lengthens it as little.
        """
        if not self._newest < stamp <= now + AHEAD_S:
            return
        fresh = now - stamp <= self._fresh_s
        if self.silent(now) or not (fresh or forgiving):
            self.results = 0
        self._newest = stamp
        if not fresh:
            return
        if self.results == 0:
            self._from = now
        self.results += 1
        self.fresh_at = now

    @property
    def stretch_s(self) -> float:
        """Length of the stretch, s, from its first arrival to its last: time alone adds nothing to it."""
        return self.fresh_at - self._from if self.results else 0.0

    def is_fresh(self, now: float) -> bool:
        """Whether the newest result is of a stretch and is still fresh."""
        return self.results > 0 and now - self._newest <= self._fresh_s

    def silent(self, now: float) -> bool:
        """Whether the newest result is too old."""
        return now - self._newest > self._silent_s

    def age_s(self, now: float) -> float:
        """Age of the newest result, s; NaN: there has been none."""
        return nan if self._newest == -inf else now - self._newest

    def spoken(self, now: float) -> str:
        """The same for people."""
        return "missing" if self._newest == -inf else f"{1000 * self.age_s(now):.0f} ms old"


class BackOff:
    """How long results must be fresh before they are trusted: longer after each early loss.

    The first loss asks for `first_s`, an early one for `factor` times as much as the one before, up to
    `longest_s`. A loss is early when the stretch before it was shorter than `stable_s`. One that is the
    last of `a_minute` within a minute asks for `stable_s`: such a link is flapping.

    Attributes:
        flapping: whether the cloud was lost that often.
    """

    def __init__(
        self, first_s: float, factor: float, longest_s: float, stable_s: float, a_minute: int
    ) -> None:
        self._first_s = first_s
        self._factor = factor
        self._longest_s = max(longest_s, first_s)
        self._stable_s = stable_s
        self._losses: deque[float] = deque(maxlen=a_minute)  # s
        self.calm()

    def calm(self) -> None:
        """Forget every loss."""
        self._wanted_s = self._first_s
        self.flapping = False
        self._losses.clear()

    def lost(self, stretch_s: float, now: float) -> None:
        """Note a loss after a stretch of this length."""
        early = bool(self._losses) and stretch_s < self._stable_s
        self._wanted_s = min(self._wanted_s * self._factor, self._longest_s) if early else self._first_s
        self._losses.append(now)
        self.flapping = len(self._losses) == self._losses.maxlen and now - self._losses[0] < MINUTE_S

    @property
    def wanted_s(self) -> float:
        """The stretch that leads back, s."""
        return max(self._wanted_s, self._stable_s) if self.flapping else self._wanted_s
