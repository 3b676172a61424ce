"""A link between robot and cloud: messages in on one side, out on the other when they are due."""

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

from fer_ros.link.meter import LinkMeter, LinkReport, Passage
from fer_ros.link.model import Delivery, LinkDirection
from fer_ros.link.profiles import LinkProfile
from fer_ros.params import param

Up = TypeVar("Up")
Down = TypeVar("Down")
T = TypeVar("T")

# Callbacks that run side by side may read their clocks in the other order. A step back that is
# longer than any callback means that time itself began anew (a bag that loops, a simulator's reset).
RESTART_S = 1.0


@dataclass(frozen=True)
class LinkParams:
    """Which network the link emulates."""

    profile: str = param("direct", "name of a profile in the links file")
    links_file: str = param("", "path of the links file; empty: the one that is installed")
    seed: int = param(1, "seed of jitter and loss", low=0, high=2**31 - 1)
    report_hz: float = param(2.0, "1/s, how often the state of the link is published", low=0.1, high=50.0)


@dataclass(order=True, slots=True)
class _InFlight(Generic[T]):
    at_s: float
    order: int
    payload: T = field(compare=False)
    passage: Passage = field(compare=False)


class Link(Generic[Up, Down]):
    """Both directions of an emulated link, and what they carried. It keeps payloads, never copies them.

    Every method takes `now` in seconds. The same seed and the same calls give the same deliveries.
    """

    def __init__(self, profile: LinkProfile, seed: int) -> None:
        self._profile = profile
        self._up = LinkDirection(profile.up, 2 * seed)
        self._down = LinkDirection(profile.down, 2 * seed + 1)
        self._to_cloud: list[_InFlight[Up]] = []
        self._to_robot: list[_InFlight[Down]] = []
        self._order = count()
        self._meter = LinkMeter()
        self._cut = False
        self._now = float("-inf")

    @property
    def profile(self) -> LinkProfile:
        """The profile in force."""
        return self._profile

    @property
    def cut(self) -> bool:
        """Whether the link is cut on purpose."""
        return self._cut

    def set_profile(self, profile: LinkProfile) -> None:
        """Put another profile in force; what is queued or on its way keeps its times."""
        self._profile = profile
        self._up.change(profile.up)
        self._down.change(profile.down)

    def set_cut(self, cut: bool, now: float) -> None:
        """Cut the link (True) or mend it; what is due by `now` still arrives, the rest is lost."""
        self._advance(now)
        if cut == self._cut:
            return
        self._cut = cut
        self._up.set_cut(cut)
        self._down.set_cut(cut)
        for message in _not_due(self._to_cloud, self._now):
            self._meter.lost(message.passage)
        _not_due(self._to_robot, self._now)

    def send_up(self, payload: Up, size_bytes: int, now: float) -> Delivery:
        """Hand the link a message for the cloud."""
        now = self._advance(now)
        delivery = self._up.send(size_bytes, now)
        passage = self._meter.sent(size_bytes, delivery, now)
        if not delivery.lost:
            heappush(self._to_cloud, _InFlight(delivery.at_s, next(self._order), payload, passage))
        return delivery

    def send_down(self, payload: Down, size_bytes: int, now: float) -> Delivery:
        """Hand the link a result for the robot."""
        now = self._advance(now)
        delivery = self._down.send(size_bytes, now)
        if not delivery.lost:
            passage = Passage(now, 8 * size_bytes, delivery.queue_delay_s, lost=False)
            heappush(self._to_robot, _InFlight(delivery.at_s, next(self._order), payload, passage))
        return delivery

    def deliver_up(self, now: float) -> list[Up]:
        """Take what has reached the cloud by `now`, in order of arrival."""
        due = _due(self._to_cloud, self._advance(now))
        for message in due:
            self._meter.delivered(message.passage, message.at_s)
        return [message.payload for message in due]

    def deliver_down(self, now: float) -> list[Down]:
        """Take what has reached the robot by `now`, in order of arrival."""
        due = _due(self._to_robot, self._advance(now))
        for message in due:
            self._meter.returned(message.passage.bits // 8, message.at_s)
        return [message.payload for message in due]

    def next_due(self) -> float | None:
        """When, in seconds, the next message arrives on either side; None: nothing is on its way."""
        return min((flight[0].at_s for flight in (self._to_cloud, self._to_robot) if flight), default=None)

    def status(self, now: float) -> LinkReport:
        """What the link carried over the last second, and in all."""
        return self._meter.report(self._profile.name, self._cut, self._advance(now))

    def _advance(self, now: float) -> float:
        if now < self._now - RESTART_S:
            self._restart(now)
        self._now = max(now, self._now)
        return self._now

    def _restart(self, now: float) -> None:
        for message in self._to_cloud:
            self._meter.lost(message.passage)
        self._to_cloud.clear()
        self._to_robot.clear()
        self._up.clear()
        self._down.clear()
        self._meter.forget()
        self._now = now


def _due(flight: list[_InFlight[T]], now: float) -> list[_InFlight[T]]:
    due = []
    while flight and flight[0].at_s <= now:
        due.append(heappop(flight))
    return due


def _not_due(flight: list[_InFlight[T]], now: float) -> list[_InFlight[T]]:
    late = [message for message in flight if message.at_s > now]
    flight[:] = sorted(message for message in flight if message.at_s <= now)  # sorted, so still a heap
    return late
