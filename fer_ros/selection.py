"""One stream of estimates out of the robot's and the cloud's, always in order."""

from dataclasses import dataclass
from enum import IntEnum
from math import inf
from typing import Generic, TypeVar

from fer_ros.mode import RESTART_S, Mode, ModeChange, ModeSwitch

T = TypeVar("T")


class Source(IntEnum):
    """The numbers of EmotionEstimate.msg."""

    ROBOT = 0
    CLOUD = 1


@dataclass(frozen=True)
class Step(Generic[T]):
    """What one estimate or tick leads to: a change of mode to announce, estimates to publish."""

    change: ModeChange | None
    publish: tuple[T, ...] = ()


class Selector(Generic[T]):
    """Passes the estimates of whoever is in charge: the cloud when ONLINE, otherwise the robot.

    Nothing is passed that is older than what was passed before, or that the other machine already
    gave for the same image, or from the cloud when it is too old. The robot's newest estimates are
    kept while the cloud is in charge, so that they are out in the same step that ends ONLINE.
    """

    def __init__(self, switch: ModeSwitch) -> None:
        self._switch = switch
        self._stamp = -inf  # of what was passed last
        self._source = Source.ROBOT
        self._kept_stamp = -inf
        self._kept: list[T] = []

    def on_robot(self, stamp: float, estimate: T, now: float) -> Step[T]:
        """Offer one face's estimate by the robot for the image acquired at `stamp` seconds."""
        if stamp < self._kept_stamp - RESTART_S:  # the source began anew: a bag that loops
            self._stamp = self._kept_stamp = -inf
        before = self._switch.mode
        change = self._switch.tick(now)
        caught_up = self._catch_up(before)
        if self._switch.robot_too_old(stamp, now):
            return Step(change, caught_up)
        self._keep(stamp, estimate)
        return Step(change, (*caught_up, *self._pass(Source.ROBOT, stamp, estimate)))

    def on_cloud(self, stamp: float, estimate: T, now: float) -> Step[T]:
        """Offer one face's estimate by the cloud for the image acquired at `stamp` seconds."""
        before = self._switch.mode
        change = self._switch.on_cloud(stamp, now)
        caught_up = self._catch_up(before)
        if self._switch.too_old(stamp, now):
            return Step(change, caught_up)
        return Step(change, (*caught_up, *self._pass(Source.CLOUD, stamp, estimate)))

    def tick(self, now: float) -> Step[T]:
        """Look for silence."""
        before = self._switch.mode
        change = self._switch.tick(now)
        return Step(change, self._catch_up(before))

    def force(self, mode: Mode | None, now: float) -> Step[T]:
        """Set a mode by hand, or give the choice back with None."""
        before = self._switch.mode
        change = self._switch.force(mode, now)
        return Step(change, self._catch_up(before))

    def _keep(self, stamp: float, estimate: T) -> None:
        if stamp < self._kept_stamp:
            return
        if stamp > self._kept_stamp:
            self._kept = []
        self._kept_stamp = stamp
        self._kept.append(estimate)

    def _catch_up(self, before: Mode) -> tuple[T, ...]:
        left_online = before is Mode.ONLINE and self._switch.mode is not Mode.ONLINE
        if not left_online or self._kept_stamp <= self._stamp:
            return ()
        self._stamp, self._source = self._kept_stamp, Source.ROBOT
        return tuple(self._kept)

    def _pass(self, source: Source, stamp: float, estimate: T) -> tuple[T, ...]:
        in_charge = Source.CLOUD if self._switch.mode is Mode.ONLINE else Source.ROBOT
        same_image = stamp == self._stamp and source is self._source
        if source is not in_charge or not (stamp > self._stamp or same_image):
            return ()
        self._stamp, self._source = stamp, source
        return (estimate,)
