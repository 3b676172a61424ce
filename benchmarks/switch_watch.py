"""What can be seen of the switch from outside: its stream of estimates, and when it changes its mode."""

from collections import deque
from math import inf
from typing import Any

from benchmarks.switch_faults import Fault
from benchmarks.switch_world import Token
from fer_ros.mode import Mode, ModeChange
from fer_ros.selection import Source, Step

Figures = dict[str, Any]

FRESH_S = 0.25  # a result younger than this shows that link and cloud are healthy
NOTICE_S = 0.4
RETURN_S = 3.0
AFTER_S = 0.5  # after its end a fault can still end ONLINE
WINDOW_S = 5.0
MINUTE_S = 60.0
FLAPPING = 6  # losses in a minute: with as many returns, they are what 1 switch per 5 s allows
REMEMBERED = 500  # serial numbers; a message given twice would be given soon


class Stream:
    """Gaps, order, age and completeness of what is published.

    Attributes:
        max_gap_s, max_age_s, max_cloud_age_s: of all messages; the last of what they were combined with.
        out_of_order: messages of an image older than the one before.
        twice: messages given a second time.
        offered, passed: estimates of the robot; images of the robot's for which something came out.
    """

    def __init__(self) -> None:
        self.max_gap_s = self.max_age_s = self.max_cloud_age_s = 0.0
        self.out_of_order = self.twice = self.offered = self.passed = 0
        self.sources = dict.fromkeys(Source, 0)
        self._last_at = self._last_stamp = -inf
        self._serials: deque[int] = deque(maxlen=REMEMBERED)

    def offer(self) -> None:
        """Count an estimate of the robot."""
        self.offered += 1

    def take(self, step: Step[Token], now: float) -> None:
        """Look at what the switch gave."""
        for passed in step.publish:
            token = passed.estimate
            if self._last_at > -inf:
                self.max_gap_s = max(self.max_gap_s, now - self._last_at)
            self.max_age_s = max(self.max_age_s, now - token.stamp)
            if passed.cloud is not None:
                self.max_cloud_age_s = max(self.max_cloud_age_s, now - passed.cloud.stamp)
            self.out_of_order += token.stamp < self._last_stamp
            self.twice += token.serial in self._serials
            self.passed += passed.source is not Source.CLOUD
            self.sources[passed.source] += 1
            self._serials.append(token.serial)
            self._last_at, self._last_stamp = now, token.stamp

    def figures(self) -> Figures:
        """For JSON."""
        return {
            "max_gap_ms": round(1e3 * self.max_gap_s, 1),
            "out_of_order": self.out_of_order,
            "max_age_ms": round(1e3 * self.max_age_s, 1),
            "published_twice": self.twice,
            "estimates": {source.name.lower(): number for source, number in self.sources.items()},
        }


class Switching:
    """How soon losses are noticed and mended, and how often the mode changes.

    A switch is an ONLINE entered or left. Times count from the beginning of a fault in which no result
    is of use, and from the end of a fault; where the link itself needs time to recover (queues that
    drain), from the first fresh result of an image acquired after it.

    Attributes:
        max_detect_s, max_return_s: of all faults that were noticed, and mended.
        max_return_flapping_s: the same of returns after FLAPPING losses in a minute.
        max_online_age_s: oldest that the newest cloud result was while ONLINE.
        losses, unprovoked: ends of ONLINE, and those without a fault.
        switches, changes: since the last `restart`; changes of any kind.
        most_in_window: most switches in WINDOW_S, since the last `restart`.
        online: whether it is, now.
        newest, freshest: s, stamps of the newest cloud result, and of the newest that came fresh.
    """

    def __init__(self) -> None:
        self.max_detect_s = self.max_return_s = self.max_return_flapping_s = self.max_online_age_s = 0.0
        self.losses = self.unprovoked = 0
        self.online = False
        self._fault: Fault | None = None
        self._fault_from = self._fault_to = -inf
        self._unnoticed = False
        self._healthy_from: float | None = None
        self._draining = False  # the queue of a slow link may still hold what was sent
        self.newest = self.freshest = -inf
        self._lost_at: deque[float] = deque(maxlen=FLAPPING)
        self._flapping = False
        self.restart()

    def restart(self) -> None:
        """Count switches from here on."""
        self.switches = self.changes = self.most_in_window = 0
        self._switched_at: deque[float] = deque()

    def begin(self, fault: Fault, now: float) -> None:
        """Hear of a fault."""
        if not self.online and self._healthy_from is not None and now - self._healthy_from > RETURN_S:
            self._returned(now)
        self._fault, self._fault_from, self._healthy_from = fault, now, None
        self._unnoticed = self.online and fault.hard

    def end(self, fault: Fault, now: float) -> None:
        """Hear that it is over."""
        self._fault, self._fault_to = None, now
        if self._unnoticed and now - self._fault_from > NOTICE_S:
            self._noticed(now)
        self._draining = fault.link is not None or (self._draining and fault.kind != "cut")
        self._healthy_from = None if self._draining else now

    def result(self, stamp: float, now: float) -> None:
        """Hear of a cloud result that reached the robot."""
        self.newest = max(self.newest, stamp)
        if now - stamp > FRESH_S:
            return
        self.freshest = max(self.freshest, stamp)
        if self._fault is None and stamp >= self._fault_to:
            self._draining = False
            self._healthy_from = now if self._healthy_from is None else self._healthy_from

    def look(self, now: float) -> None:
        """Look at the age of the newest result."""
        if self.online:
            self.max_online_age_s = max(self.max_online_age_s, now - self.newest)

    def change(self, before: Mode, change: ModeChange) -> None:
        """Hear of a change of mode."""
        if before is change.mode:
            return
        self.changes += 1
        if Mode.ONLINE not in (before, change.mode):
            return
        now = change.at_s
        self.online = change.mode is Mode.ONLINE
        self._count_switch(now)
        if self.online:
            self._returned(now)
        else:
            self._lost(now)

    def _count_switch(self, now: float) -> None:
        self.switches += 1
        self._switched_at.append(now)
        while self._switched_at[0] < now - WINDOW_S:
            self._switched_at.popleft()
        self.most_in_window = max(self.most_in_window, len(self._switched_at))

    def _lost(self, now: float) -> None:
        self.losses += 1
        self._lost_at.append(now)
        self._flapping = len(self._lost_at) == FLAPPING and now - self._lost_at[0] < MINUTE_S
        if self._unnoticed:
            self._noticed(now)
        elif self._fault is None and now - self._fault_to > AFTER_S:
            self.unprovoked += 1
            self._healthy_from = None  # the next fresh result tells

    def _noticed(self, now: float) -> None:
        self.max_detect_s = max(self.max_detect_s, now - self._fault_from)
        self._unnoticed = False

    def _returned(self, now: float) -> None:
        """A return, or a time by which there should have been one."""
        waited_s = 0.0 if self._healthy_from is None else now - self._healthy_from
        if self._flapping:
            self.max_return_flapping_s = max(self.max_return_flapping_s, waited_s)
        else:
            self.max_return_s = max(self.max_return_s, waited_s)

    def figures(self) -> Figures:
        """For JSON."""
        return {
            "max_detect_ms": round(1e3 * self.max_detect_s, 1),
            "max_online_age_ms": round(1e3 * self.max_online_age_s, 1),
            "max_return_s": round(self.max_return_s, 3),
            "max_return_flapping_s": round(self.max_return_flapping_s, 3),
            "losses": self.losses,
            "unprovoked_losses": self.unprovoked,
        }

    def rates(self, seconds: float) -> Figures:
        """How often the mode changed since the last `restart`, so many seconds ago, for JSON."""
        return {
            "max_switches_per_5s": round(self.switches * WINDOW_S / seconds, 3),
            "max_mode_changes_per_5s": round(self.changes * WINDOW_S / seconds, 3),
            "max_switches_in_a_window": self.most_in_window,
        }


class Watch:
    """The observer of a World."""

    def __init__(self) -> None:
        self.stream = Stream()
        self.switching = Switching()

    def offered(self, token: Token, now: float) -> None:  # noqa: ARG002 others look at them
        """Hear of a robot's estimate that is about to be offered."""
        self.stream.offer()

    def published(self, step: Step[Token], mode: Mode, now: float) -> None:  # noqa: ARG002
        """Hear what the switch gave."""
        self.stream.take(step, now)
        self.switching.look(now)

    def changed(self, before: Mode, change: ModeChange) -> None:
        """Hear of a change of mode."""
        self.switching.change(before, change)

    def result(self, stamp: float, now: float) -> None:
        """Hear of a cloud result that reached the robot."""
        self.switching.result(stamp, now)
