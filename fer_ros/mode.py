"""Whether the cloud's estimates are used: ONLINE while its results are fresh, otherwise not."""

from dataclasses import dataclass
from enum import IntEnum
from math import inf

from fer_ros.errors import ParameterError
from fer_ros.estimators.params import EstimatorParams
from fer_ros.freshness import BackOff, Freshness
from fer_ros.params import default_of, param

ASKED = "set_mode/asked"  # where recordings, which hold no services, have what was asked of set_mode
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
    """When the robot trusts the cloud, and what it does with the cloud's estimates; why: docs/switch.md."""

    mode: str = param("automatic", "who chooses the mode at start", choices=tuple(FORCED))
    offline_after_s: float = param(
        0.35, "s, age of the newest cloud result that ends ONLINE", low=0.05, high=10.0
    )
    return_below_s: float = param(
        0.25, "s, age on arrival below which a result is fresh", low=0.02, high=10.0
    )
    dwell_s: float = param(1.0, "s, shortest time OFFLINE", low=0.0, high=60.0)
    healthy_s: float = param(1.0, "s of fresh results without a break that lead ONLINE", low=0.0, high=60.0)
    probes_needed: int = param(5, "fresh results that lead ONLINE, at least", low=1, high=1000)
    give_up_s: float = param(6.0, "s without a fresh result that end PROBING", low=0.1, high=3600.0)
    backoff_factor: float = param(2.0, "growth of healthy_s when the cloud is lost early", low=1.0, high=10.0)
    backoff_max_s: float = param(1.7, "s, longest that healthy_s grows to", low=0.0, high=3600.0)
    stable_after_s: float = param(
        10.0, "s of fresh results after which a loss is not early", low=0.0, high=3600.0
    )
    losses_a_minute: int = param(
        6, "losses in a minute from which on it takes stable_after_s to return", low=1, high=1000
    )
    cloud_weight: float = param(
        0.3, "the cloud's share where both machines say as much; 0: never combined", low=0.0, high=1.0
    )
    combine_max_age_s: float = param(
        0.25, "s, age above which a cloud estimate is not combined with the robot's", low=0.0, high=10.0
    )
    cloud_max_age_s: float = param(
        0.23, "s, age above which a cloud estimate is not passed in the robot's place", low=0.0, high=10.0
    )
    robot_silence_s: float = param(
        0.07, "s without the robot's estimates after which the cloud's pass alone", low=0.0, high=10.0
    )
    robot_max_age_s: float = param(
        0.1, "s, age above which the robot's own estimates are dropped; 0: never", low=0.0, high=60.0
    )
    sure_from: float = param(
        default_of(EstimatorParams.__dataclass_fields__["sure_from"]),
        "probability of the likeliest label below which a combined estimate abstains",
        low=0.0,
        high=1.0,
    )
    tick_hz: float = param(50.0, "1/s, how often silence is looked for", low=1.0, high=200.0)


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
    slow cloud and silence alike. ONLINE ends at once when that age passes `offline_after_s`. The
    switch stays OFFLINE for `dwell_s`, is PROBING from the next fresh result on, and returns when
    results have been fresh for `healthy_s` without a break. A break only restarts that count, so a
    link that comes and goes does not move the mode at all. Losing the cloud early makes the next
    count longer; losing it `losses_a_minute` times makes it `stable_after_s`.

    Methods return the change they caused, or None. Stamps and `now` are seconds of one clock.

    Attributes:
        params: as given.
    """

    def __init__(self, params: ModeParams) -> None:
        if params.return_below_s > params.offline_after_s:
            raise ParameterError(
                f"return_below_s is {params.return_below_s}, above offline_after_s {params.offline_after_s}; "
                "lower it, or a result could be fresh and too old at once"
            )
        self.params = params
        forced = parse_mode(params.mode)
        self._forced = forced is not None
        self._mode = Mode.OFFLINE if forced is None else forced
        self._reason = f"{params.mode} at start"
        self._now = -inf
        self._restart()

    def _restart(self) -> None:
        p = self.params
        self._cloud = Freshness(p.return_below_s, p.offline_after_s)
        self._back_off = BackOff(
            p.healthy_s, p.backoff_factor, p.backoff_max_s, p.stable_after_s, p.losses_a_minute
        )
        self._since = -inf  # s, when the mode began
        self._told_silent = False

    @property
    def mode(self) -> Mode:
        """The mode in force."""
        return self._mode

    def state(self, now: float) -> ModeChange:
        """The mode in force as if it had just changed: what a latched topic holds at the start."""
        return ModeChange(self._mode, self._forced, self._reason, now, self._cloud.age_s(now))

    def on_cloud(self, stamp: float, now: float) -> ModeChange | None:
        """Take note of a cloud result for the image acquired at `stamp`, with or without a face in it."""
        self._advance(now)
        # Between the thresholds nothing changes: ONLINE goes on, and nobody gets there.
        self._cloud.count(stamp, now, forgiving=self._mode is Mode.ONLINE)
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
        self._back_off.calm()
        if mode is None:
            return self.tick(now) or self._change(self._mode, "given back to the switch", now)
        self._told_silent = mode is Mode.ONLINE and self._cloud.silent(now)
        return self._change(mode, self._forced_reason(mode, now), now)

    def _judge_online(self, now: float) -> ModeChange | None:
        if not self._cloud.silent(now):
            return None
        self._back_off.lost(self._cloud.stretch_s, now)
        return self._change(Mode.OFFLINE, self._newest_is(now), now)

    def _judge_offline(self, now: float) -> ModeChange | None:
        if not self._cloud.is_fresh(now) or now - self._since < self.params.dwell_s:
            return None
        wanted = f"{self._back_off.wanted_s:g} s of fresh ones lead back"
        if self._back_off.flapping:
            wanted += f" after {self.params.losses_a_minute} losses in a minute"
        return self._change(Mode.PROBING, f"{self._newest_is(now)}; {wanted}", now)

    def _judge_probing(self, now: float) -> ModeChange | None:
        cloud = self._cloud
        if now - cloud.fresh_at > self.params.give_up_s:
            return self._change(
                Mode.OFFLINE, f"probing: no fresh cloud result for {self.params.give_up_s:g} s", now
            )
        enough = cloud.results >= self.params.probes_needed
        if cloud.silent(now) or not enough or cloud.stretch_s < self._back_off.wanted_s:
            return None
        return self._change(
            Mode.ONLINE, f"{cloud.results} fresh cloud results in {cloud.stretch_s:.1f} s", now
        )

    def _judge_forced(self, now: float) -> ModeChange | None:
        silent = self._mode is Mode.ONLINE and self._cloud.silent(now)
        if silent == self._told_silent:
            return None
        self._told_silent = silent
        return self._change(self._mode, self._forced_reason(self._mode, now), now)

    def _forced_reason(self, mode: Mode, now: float) -> str:
        if not self._told_silent:
            return f"forced {mode.name.lower()}"
        return f"forced online: the robot's own estimates pass, {self._newest_is(now)}"

    def _newest_is(self, now: float) -> str:
        return f"the newest cloud result is {self._cloud.spoken(now)}"

    def _change(self, mode: Mode, reason: str, now: float) -> ModeChange:
        if mode is not self._mode:
            self._since = now
        self._mode, self._reason = mode, reason
        return self.state(now)

    def _advance(self, now: float) -> None:
        if now < self._now - RESTART_S:
            self._restart()
        self._now = now
