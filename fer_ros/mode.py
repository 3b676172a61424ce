"""Whose estimates are used: the cloud's while its results are fresh, otherwise the robot's."""

from dataclasses import dataclass
from enum import IntEnum
from math import inf, nan

from fer_ros.errors import ParameterError
from fer_ros.params import param

# A result from later than now has a wrong stamp; a simulated clock, which moves in steps, explains this much.
AHEAD_S = 0.5
# A longer step back of the clock than callbacks can be out of step by: time itself began anew.
RESTART_S = 1.0


class Mode(IntEnum):
    """The numbers of OperatingMode.msg."""

    ONLINE = 0
    OFFLINE = 1
    PROBING = 2


FORCED: dict[str, Mode | None] = {"online": Mode.ONLINE, "offline": Mode.OFFLINE, "automatic": None}


@dataclass(frozen=True)
class ModeParams:
    """When the robot trusts the cloud.

    The defaults hold a link of 80 ms round trip with 15 results per second: such a result arrives
    about 0.15 s old, is replaced at 0.22 s, and so stays well below both thresholds.
    """

    mode: str = param("automatic", "who chooses the mode at start", choices=tuple(FORCED))
    offline_after_s: float = param(
        0.4, "s, age of the newest cloud result that ends ONLINE", low=0.05, high=10.0
    )
    return_below_s: float = param(
        0.25, "s, age on arrival below which a result is fresh", low=0.02, high=10.0
    )
    dwell_s: float = param(2.0, "s, shortest time OFFLINE before results are counted", low=0.0, high=60.0)
    probes_needed: int = param(5, "fresh results in a row that lead back ONLINE", low=1, high=1000)
    backoff_factor: float = param(2.0, "growth of dwell_s when ONLINE ends early", low=1.0, high=10.0)
    backoff_max_s: float = param(30.0, "s, longest that dwell_s grows to", low=0.0, high=3600.0)
    stable_after_s: float = param(5.0, "s ONLINE after which an end is not early", low=0.0, high=3600.0)
    robot_max_age_s: float = param(
        0.1, "s, age above which the robot's own estimates are dropped; 0: never", low=0.0, high=60.0
    )
    tick_hz: float = param(20.0, "1/s, how often silence is looked for", low=1.0, high=200.0)


@dataclass(frozen=True)
class ModeChange:
    """A mode and how it came about.

    Attributes:
        mode: the mode from now on.
        forced: whether it was set by hand.
        reason: one clause for a log or an operator.
        at_s: s, when it changed.
        cloud_age_s: s, age of the newest cloud result then; NaN: there has been none.
    """

    mode: Mode
    forced: bool
    reason: str
    at_s: float
    cloud_age_s: float


def parse_mode(name: str) -> Mode | None:
    """The mode that SetMode calls `name`, None for automatic; ParameterError lists the names."""
    if name not in FORCED:
        raise ParameterError(f"mode is {name!r}; choose one of {', '.join(FORCED)}")
    return FORCED[name]


class ModeSwitch:
    """ONLINE, PROBING or OFFLINE, judged by the age of the cloud's results.

    Age is `now` minus the acquisition stamp of the newest result, so it grows with a slow link, a
    slow cloud and silence alike. ONLINE ends at once when that age passes `offline_after_s`. Then
    the switch stays OFFLINE for `dwell_s`, counts results while PROBING, and returns after
    `probes_needed` fresh ones in a row; a return that does not last makes the next wait longer.

    Methods return the change they caused, or None. Stamps and `now` are seconds of one clock.
    """

    def __init__(self, params: ModeParams) -> None:
        if params.return_below_s > params.offline_after_s:
            raise ParameterError(
                f"return_below_s is {params.return_below_s}, above offline_after_s {params.offline_after_s}; "
                "lower it, or a result could be fresh and too old at once"
            )
        self._params = params
        forced = parse_mode(params.mode)
        self._forced = forced is not None
        self._mode = Mode.OFFLINE if forced is None else forced
        self._reason = f"{params.mode} at start"
        self._now = -inf
        self._restart()

    def _restart(self) -> None:
        self._newest = -inf  # s, stamp of the newest cloud result
        self._since = -inf  # s, when the mode began
        self._hold_s = self._params.dwell_s
        self._streak = 0
        self._fresh = False
        self._told_silent = False

    @property
    def mode(self) -> Mode:
        """The mode in force."""
        return self._mode

    def state(self, now: float) -> ModeChange:
        """The mode in force as if it had just changed: what a latched topic holds at the start."""
        return ModeChange(self._mode, self._forced, self._reason, now, self._known_age(now))

    def too_old(self, stamp: float, now: float) -> bool:
        """Whether a cloud result is too old, or too far ahead of the clock, to be used."""
        return now - stamp > self._params.offline_after_s or stamp > now + AHEAD_S

    def robot_too_old(self, stamp: float, now: float) -> bool:
        """Whether an estimate of the robot waited too long to be passed."""
        return 0 < self._params.robot_max_age_s < now - stamp

    def on_cloud(self, stamp: float, now: float) -> ModeChange | None:
        """Take note of a cloud result for the image acquired at `stamp`, with or without a face in it."""
        self._advance(now)
        if self._newest < stamp <= now + AHEAD_S:  # the second face of an image is not a second result
            if self._age(now) > self._params.offline_after_s:
                self._streak = 0
            self._fresh = now - stamp <= self._params.return_below_s
            self._streak = self._streak + 1 if self._fresh else 0
            self._newest = stamp
        return self.tick(now)

    def tick(self, now: float) -> ModeChange | None:
        """Judge the silence since the newest result; call it on every robot estimate and on a timer."""
        self._advance(now)
        if self._forced:
            return self._judge_forced(now)
        if self._mode is Mode.ONLINE:
            return self._judge_online(now)
        if self._mode is Mode.PROBING:
            return self._judge_probing(now)
        return self._judge_offline(now)

    def force(self, mode: Mode | None, now: float) -> ModeChange:
        """Set ONLINE or OFFLINE by hand until None gives the choice back; ParameterError for PROBING."""
        if mode is Mode.PROBING:
            raise ParameterError("mode probing cannot be forced; choose online, offline or automatic")
        self._advance(now)
        self._forced = mode is not None
        self._hold_s = self._params.dwell_s
        if mode is None:
            return self.tick(now) or self._change(self._mode, "given back to the switch", now)
        self._told_silent = mode is Mode.ONLINE and self._age(now) > self._params.offline_after_s
        return self._change(mode, self._forced_reason(mode, now), now)

    def _judge_online(self, now: float) -> ModeChange | None:
        if self._age(now) <= self._params.offline_after_s:
            return None
        early = now - self._since < self._params.stable_after_s
        longer = min(self._hold_s * self._params.backoff_factor, self._params.backoff_max_s)
        self._hold_s = max(longer, self._params.dwell_s) if early else self._params.dwell_s
        return self._change(Mode.OFFLINE, f"the newest cloud result is {self._spoken_age(now)}", now)

    def _judge_probing(self, now: float) -> ModeChange | None:
        if self._age(now) > self._params.offline_after_s:
            return self._change(
                Mode.OFFLINE, f"probing: the newest cloud result is {self._spoken_age(now)}", now
            )
        if not self._fresh:
            return self._change(Mode.OFFLINE, f"probing: a cloud result came {self._spoken_age(now)}", now)
        if self._streak < self._params.probes_needed:
            return None
        return self._change(Mode.ONLINE, f"{self._streak} fresh cloud results in a row", now)

    def _judge_offline(self, now: float) -> ModeChange | None:
        alive = self._fresh and self._age(now) <= self._params.return_below_s
        if not alive or now - self._since < self._hold_s:
            return None
        self._streak = 1  # results that came while OFFLINE prove nothing about now
        return self._change(Mode.PROBING, f"the newest cloud result is {self._spoken_age(now)}", now)

    def _judge_forced(self, now: float) -> ModeChange | None:
        silent = self._mode is Mode.ONLINE and self._age(now) > self._params.offline_after_s
        if silent == self._told_silent:
            return None
        self._told_silent = silent
        return self._change(self._mode, self._forced_reason(self._mode, now), now)

    def _forced_reason(self, mode: Mode, now: float) -> str:
        if not self._told_silent:
            return f"forced {mode.name.lower()}"
        return f"forced online: nothing is published, the newest cloud result is {self._spoken_age(now)}"

    def _change(self, mode: Mode, reason: str, now: float) -> ModeChange:
        if mode is not self._mode:
            self._since = now
        self._mode, self._reason = mode, reason
        return self.state(now)

    def _age(self, now: float) -> float:
        return now - self._newest

    def _known_age(self, now: float) -> float:
        return nan if self._newest == -inf else self._age(now)

    def _spoken_age(self, now: float) -> str:
        return "missing" if self._newest == -inf else f"{1000 * self._age(now):.0f} ms old"

    def _advance(self, now: float) -> None:
        if now < self._now - RESTART_S:
            self._restart()
        self._now = now
