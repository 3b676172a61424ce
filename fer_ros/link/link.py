"""A link between robot and cloud: messages in on one side, out on the other when they are due."""

from math import isnan
from typing import Generic, TypeVar

from fer_ros.link.delivery import Delivery
from fer_ros.link.lane import Lane
from fer_ros.link.meter import LinkMeter, LinkReport
from fer_ros.link.model import LinkDirection
from fer_ros.link.profiles import LinkProfile

Up = TypeVar("Up")
Down = TypeVar("Down")

# Callbacks that run side by side may read their clocks in the other order. A step back that is
# longer than any callback means that time itself began anew (a bag that loops, a simulator's reset).
RESTART_S = 1.0


class Link(Generic[Up, Down]):
    """Both directions of an emulated link, and what they carried. It keeps payloads, never copies them.

    Every method takes `now` in seconds. The same seed and the same calls give the same deliveries, and
    how often somebody looks whether something has arrived changes nothing. Traces and outages begin with
    the first message, in whichever direction.
    """

    def __init__(self, profile: LinkProfile, seed: int) -> None:
        self._profile = profile
        self._meter = LinkMeter()
        self._up: Lane[Up] = Lane(LinkDirection(profile.up, 2 * seed, seed), self._meter.delivered)
        self._down: Lane[Down] = Lane(LinkDirection(profile.down, 2 * seed + 1, seed), self._meter.returned)
        self._begun = self._cut = False
        self._now = float("-inf")

    @property
    def profile(self) -> LinkProfile:
        """The profile in force."""
        return self._profile

    @property
    def cut(self) -> bool:
        """Whether the link is cut on purpose."""
        return self._cut

    def set_profile(self, profile: LinkProfile, now: float | None = None) -> None:
        """Put another profile in force, at `now` or (None) at the latest time that the link has heard of.

        What is queued or on its way keeps its times. Its trace and its outages begin.
        """
        now = self._now if now is None else self._advance(now)
        self._profile = profile
        for lane, direction in ((self._up, profile.up), (self._down, profile.down)):
            lane.direction.change(direction, now)

    def set_cut(self, cut: bool, now: float) -> None:
        """Cut the link (True) or mend it; what is due by `now` still arrives, the rest is lost."""
        now = self._advance(now)
        if cut == self._cut:
            return
        self._cut = cut
        for lane in (self._up, self._down):
            lane.advance(now)
            lane.direction.set_cut(cut)
        self._meter.lost(self._up.lose(after=now))
        self._down.lose(after=now)

    def send_up(self, payload: Up, size_bytes: int, now: float) -> Delivery | None:
        """Hand the link a message for the cloud; None: a reliable link does not know yet when it arrives."""
        now = self._advance(now)
        if not self._begun:
            self._begin(now)
        delivery = self._up.send(payload, size_bytes, now)
        self._meter.sent(size_bytes, delivery, now)
        return _decided(delivery)

    def send_down(self, payload: Down, size_bytes: int, now: float) -> Delivery | None:
        """Hand the link a result for the robot; None: as with `send_up`."""
        now = self._advance(now)
        if not self._begun:
            self._begin(now)
        return _decided(self._down.send(payload, size_bytes, now))

    def deliver_up(self, now: float) -> list[Up]:
        """Take what has reached the cloud by `now`, in order of arrival."""
        return self._up.due(self._advance(now))

    def deliver_down(self, now: float) -> list[Down]:
        """Take what has reached the robot by `now`, in order of arrival."""
        return self._down.due(self._advance(now))

    def next_due(self) -> float | None:
        """When, in s, to look again: when the next message arrives on either side, or may; None: never.

        With a reliable direction it can be earlier, when the fate of a packet becomes known.
        """
        due = [at for lane in (self._up, self._down) if (at := lane.next_due()) is not None]
        return min(due, default=None)

    def backlog_bytes(self, now: float) -> tuple[float, float]:
        """Bytes that wait at the slowest hop, on the way up and on the way down."""
        now = self._advance(now)
        for lane in (self._up, self._down):
            lane.advance(now)
        return self._up.direction.backlog_bytes(now), self._down.direction.backlog_bytes(now)

    def status(self, now: float) -> LinkReport:
        """What the link carried over the last second, and in all."""
        return self._meter.report(self._profile.name, self._cut, self._advance(now))

    def _advance(self, now: float) -> float:
        if now < self._now:
            if now >= self._now - RESTART_S:
                return self._now
            self._restart()
        self._now = now
        return now

    def _begin(self, now: float) -> None:
        self._begun = True
        for lane in (self._up, self._down):
            lane.direction.begin(now)

    def _restart(self) -> None:
        self._meter.lost(self._up.lose())
        self._down.lose()
        for lane in (self._up, self._down):
            lane.direction.restart()
        self._meter.forget()
        self._begun = False


def _decided(delivery: Delivery) -> Delivery | None:
    return None if isnan(delivery.at_s) and not delivery.reason else delivery
