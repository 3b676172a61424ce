"""One stream of estimates: the robot's, with the cloud's to combine them with; always in order."""

from collections import Counter, deque
from dataclasses import dataclass
from enum import IntEnum
from math import inf
from typing import Generic, TypeVar

from fer_ros.mode import RESTART_S, Mode, ModeChange, ModeSwitch

T = TypeVar("T")

# Two images this close show the same expression: what the robot said of the one it says of the other.
SAME_IMAGE_S = 0.05
REMEMBER_S = 0.5  # longer than a robot's estimate takes; added to the oldest cloud estimate of use

TOO_OLD, LATE, GIVEN = "too old", "late", "given already"  # why an estimate of the robot is dropped


class Source(IntEnum):
    """The numbers of EmotionEstimate.msg."""

    ROBOT = 0
    CLOUD = 1
    BOTH = 2


@dataclass(frozen=True)
class Passed(Generic[T]):
    """One estimate to publish.

    Attributes:
        source: whose it is; BOTH: `estimate` is to be combined with `cloud`.
        estimate: what is published, or whose image, face and box are.
        cloud: the cloud's newest of that face; None unless BOTH.
        then: the robot's own of the image that `cloud` is of; None unless BOTH.
    """

    source: Source
    estimate: T
    cloud: T | None = None
    then: T | None = None


@dataclass(frozen=True)
class Step(Generic[T]):
    """What one estimate or tick leads to: a change of mode to announce, estimates to publish."""

    change: ModeChange | None
    publish: tuple[Passed[T], ...] = ()


class Selector(Generic[T]):
    """Passes every estimate of the robot at once, so that no gap, no delay and no disorder comes of the link.

    ONLINE, each takes along the cloud's newest of the same face, if that is young enough. Only where
    the robot has been silent do estimates of the cloud pass by themselves, and they never pass when
    they are older than what was passed before.

    Stamps (acquisition times) and `now` are seconds of one clock.

    Attributes:
        dropped: reason → estimates of the robot that were not passed.
    """

    def __init__(self, switch: ModeSwitch) -> None:
        self._switch = switch
        self.dropped: Counter[str] = Counter()
        self._now = -inf
        self._begin()

    def _begin(self) -> None:
        self._stamp = -inf  # of the image passed last
        self._source = Source.ROBOT
        self._faces: set[str] = set()  # that were passed of it
        self._robot_at = -inf  # s, when the robot was heard last
        self._own: dict[str, deque[tuple[float, T]]] = {}  # face → the robot's lately, oldest first
        self._cloud: dict[str, tuple[float, T]] = {}  # face → the cloud's newest

    def on_robot(self, stamp: float, face_id: str, estimate: T, now: float) -> Step[T]:
        """Offer one face's estimate by the robot for the image acquired at `stamp`; "": nobody is there."""
        self._advance(now)
        change = self._switch.tick(now)
        reason = self._why_not(stamp, face_id, now)
        if reason:
            self.dropped[reason] += 1
            return Step(change)
        if stamp > self._stamp:  # once an image
            self._forget(stamp)
        self._note(Source.ROBOT, stamp, face_id)
        self._robot_at = now
        self._own.setdefault(face_id, deque()).append((stamp, estimate))
        return Step(change, (self._joined(face_id, estimate, now),))

    def on_cloud(self, stamp: float, face_id: str, estimate: T, now: float) -> Step[T]:
        """Offer one face's estimate by the cloud, under the robot's name of that face."""
        self._advance(now)
        change = self._switch.on_cloud(stamp, now)
        newest = self._cloud[face_id][0] if face_id in self._cloud else -inf
        if newest < stamp <= now:
            self._cloud[face_id] = (stamp, estimate)
            self._forget(stamp)
        return Step(change, self._instead(now))

    def tick(self, now: float) -> Step[T]:
        """Look for silence."""
        self._advance(now)
        return Step(self._switch.tick(now), self._instead(now))

    def force(self, mode: Mode | None, now: float) -> Step[T]:
        """Set a mode by hand, or give the choice back with None."""
        return Step(self._switch.force(mode, now))

    def _why_not(self, stamp: float, face_id: str, now: float) -> str:
        """Why an estimate of the robot must not pass; empty where it may."""
        limit_s = self._switch.params.robot_max_age_s
        if 0 < limit_s < now - stamp:
            return TOO_OLD
        if stamp < self._stamp - RESTART_S:  # the source began anew: a bag that loops
            self._begin()
        return self._out_of_turn(Source.ROBOT, stamp, face_id)

    def _out_of_turn(self, source: Source, stamp: float, face_id: str) -> str:
        if stamp < self._stamp:
            return LATE
        same = stamp == self._stamp and (source is not self._source or face_id in self._faces)
        return GIVEN if same else ""

    def _note(self, source: Source, stamp: float, face_id: str) -> None:
        if stamp > self._stamp:
            self._faces = set()
        self._stamp, self._source = stamp, source
        self._faces.add(face_id)

    def _joined(self, face_id: str, estimate: T, now: float) -> Passed[T]:
        """The robot's estimate with the cloud's of the same face, or alone."""
        alone, params = Passed(Source.ROBOT, estimate), self._switch.params
        if self._switch.mode is not Mode.ONLINE or face_id not in self._cloud or params.cloud_weight == 0:
            return alone
        stamp, cloud = self._cloud[face_id]
        then = self._said(face_id, stamp)
        if then is None or now - stamp > params.combine_max_age_s:
            return alone
        return Passed(Source.BOTH, estimate, cloud, then)

    def _said(self, face_id: str, stamp: float) -> T | None:
        """What the robot said of a face in the image acquired at `stamp`; None: nothing."""
        own = self._own.get(face_id, ())
        at, estimate = min(own, key=lambda known: abs(known[0] - stamp), default=(inf, None))
        return estimate if abs(at - stamp) <= SAME_IMAGE_S else None

    def _instead(self, now: float) -> tuple[Passed[T], ...]:
        """The cloud's estimates that pass by themselves, where the robot is silent."""
        params = self._switch.params
        if self._switch.mode is not Mode.ONLINE or now - self._robot_at <= params.robot_silence_s:
            return ()
        passed = []
        for face_id, (stamp, estimate) in sorted(self._cloud.items(), key=lambda item: item[1][0]):
            if now - stamp > params.cloud_max_age_s or self._out_of_turn(Source.CLOUD, stamp, face_id):
                continue
            self._note(Source.CLOUD, stamp, face_id)
            passed.append(Passed(Source.CLOUD, estimate))
        return tuple(passed)

    def _forget(self, stamp: float) -> None:
        """Drop what is too old to be of use beside an image acquired at `stamp`."""
        oldest = stamp - self._switch.params.combine_max_age_s - REMEMBER_S
        for own in self._own.values():
            while own and own[0][0] < oldest:
                own.popleft()
        self._own = {face: own for face, own in self._own.items() if own}
        self._cloud = {face: held for face, held in self._cloud.items() if held[0] >= oldest}

    def _advance(self, now: float) -> None:
        if now < self._now - RESTART_S:  # the clock began anew
            self._begin()
        self._now = now
        if self._robot_at == -inf:  # it is silent once it has had the time to speak
            self._robot_at = now
