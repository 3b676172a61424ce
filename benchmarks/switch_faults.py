"""What happens to a link and a cloud at moments that nobody chose, in simulated time or in real time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from random import Random
from typing import Protocol

from fer_ros.link.profiles import LinkProfile

# With these the cloud's results cease, or come too old: the loss must be noticed.
HARD = ("cut", "dead cloud", "gprs", "edge", "3g")
# With these some results come in time and some do not.
SOFT = ("loss", "jitter", "loss and jitter")

OSCILLATION_S = 60.0

Report = Callable[[str, int, int], None]


class World(Protocol):
    """Where faults happen."""

    @property
    def now(self) -> float:
        """The time, s."""

    def run(self, seconds: float) -> None:
        """Let time pass."""

    def cut(self, cut: bool) -> None:
        """Cut the link, or mend it."""

    def change_link(self, profile: LinkProfile | None) -> None:
        """Put another profile in force; None: the first one again."""

    def kill_cloud(self) -> None:
        """End the cloud's process: what it was working on is gone."""

    def start_cloud(self) -> None:
        """Start the cloud's process again, and return when it works."""


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        kind: of HARD or SOFT, or another profile's name.
        after_s: s of a healthy link before it.
        length_s: s that it lasts.
        link: the profile meanwhile; None: it is no matter of the profile.
    """

    kind: str
    after_s: float
    length_s: float
    link: LinkProfile | None

    @property
    def hard(self) -> bool:
        """Whether no result is of use while it lasts."""
        return self.kind in HARD

    def begin(self, world: World) -> None:
        """Let it happen."""
        if self.link is not None:
            world.change_link(self.link)
        elif self.kind == "cut":
            world.cut(True)
        else:
            world.kill_cloud()

    def end(self, world: World) -> None:
        """Make it good."""
        if self.link is not None:
            world.change_link(None)
        elif self.kind == "cut":
            world.cut(False)
        else:
            world.start_cloud()


class Hearing(Protocol):
    """Who is told of faults."""

    def begin(self, fault: Fault, now: float) -> None:
        """Hear of a fault."""

    def end(self, fault: Fault, now: float) -> None:
        """Hear that it is over."""


@dataclass(frozen=True)
class Plan:
    """What to draw faults from.

    Attributes:
        kinds: each is as likely as often as it stands here.
        length_s: s that one lasts, short and long ones alike.
        calm_s: s of a healthy link before an isolated one.
        restless_s: the same of a link that comes and goes.
        restless_share: 0..1, of these, which come last.
    """

    kinds: Sequence[str]
    length_s: tuple[float, float]
    calm_s: tuple[float, float]
    restless_s: tuple[float, float] = (0.2, 6.0)
    restless_share: float = 0.0


SIMULATED = Plan(HARD + SOFT, length_s=(0.05, 10.0), calm_s=(6.0, 20.0), restless_share=0.2)
# A cloud takes seconds to start, and the whole is to take a quarter of an hour.
REAL = Plan(
    (*["cut"] * 5, "dead cloud", "gprs", "edge", "3g", "wifi-bursty"), length_s=(0.05, 4.0), calm_s=(4.5, 8.0)
)


def draw(plan: Plan, number: int, seed: int, profiles: Mapping[str, LinkProfile]) -> Iterator[Fault]:
    """`number` faults, the same for the same seed."""
    random = Random(seed)
    calm = number - round(number * plan.restless_share)
    for place in range(number):
        kind = random.choice(plan.kinds)
        after_s = random.uniform(*plan.calm_s) if place < calm else _any_scale(random, plan.restless_s)
        link = profiles.get(kind) or _worse(kind, profiles["wifi"], random)
        yield Fault(kind, after_s, _any_scale(random, plan.length_s), link)


def suffer(world: World, faults: Sequence[Fault], hearing: Hearing, report: Report) -> None:
    """Let faults happen one after another."""
    for done, fault in enumerate(faults):
        world.run(fault.after_s)
        hearing.begin(fault, world.now)
        fault.begin(world)
        world.run(fault.length_s)
        fault.end(world)
        hearing.end(fault, world.now)
        report("faults", done + 1, len(faults))


def oscillate(world: World, hz: float, healthy_share: float, seconds: float) -> None:
    """Cut and mend the link `hz` times a second; `healthy_share` of the time it is up."""
    end = world.now + seconds
    while world.now < end:
        world.cut(True)
        world.run((1 - healthy_share) / hz)
        world.cut(False)
        world.run(min(healthy_share / hz, max(end - world.now, 0.0)))


def _worse(kind: str, wifi: LinkProfile, random: Random) -> LinkProfile | None:
    if kind not in SOFT:
        return None
    up, down = wifi.up, wifi.down
    if "loss" in kind:
        loss = random.uniform(0.1, 0.7)
        up, down = replace(up, loss=loss), replace(down, loss=loss)
    if "jitter" in kind:
        ms = random.uniform(20.0, 150.0)
        up, down = (replace(way, jitter_ms=ms, reorder=random.random() < 0.5) for way in (up, down))
    return LinkProfile(kind, up, down)


def _any_scale(random: Random, bounds: tuple[float, float]) -> float:
    """Short and long ones alike: uniform in the logarithm."""
    low, high = bounds
    return exp(random.uniform(log(low), log(high)))
