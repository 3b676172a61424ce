"""A robot, a link and a cloud in simulated time, with the switch that is shipped between them.

Link, ModeSwitch and Selector are the robot's own; camera, estimators and sender are played: what they
do is their timing. The same seed gives the same run.
"""

from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count
from math import inf, nan
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Protocol

from fer_ros.link.link import Link
from fer_ros.link.profiles import LinkProfile, load_profiles
from fer_ros.mode import Mode, ModeChange, ModeParams, ModeSwitch
from fer_ros.resources import share
from fer_ros.selection import Selector, Step

FRAME_S = 1 / 30
JITTER_S = 0.003  # of the camera's period, either way
ROBOT_S = (0.010, 0.035)  # from an image to the robot's estimate of it
CLOUD_S = (0.015, 0.040)  # from a payload's arrival to the answer, one at a time
RESULT_BYTES, ACK_BYTES = 600, 60
FACE = "face_1"


class Token(NamedTuple):
    """An estimate, as far as the switch is concerned: the time of its image, and a number of its own."""

    stamp: float
    serial: int


class Parcel(NamedTuple):
    """Something on its way to the cloud, and the word that it came there.

    Attributes:
        size: bytes.
        stamp: s, of its image; None: it holds none.
        received: s, when it reached the cloud.
    """

    size: int
    stamp: float | None
    sequence: int = 0
    received: float = nan


class Sender(Protocol):
    """The robot's end of the link: what is sent when."""

    def image(self, stamp: float) -> Sequence[Parcel]:
        """Parcels to send when an image was acquired."""

    def tick(self, now: float) -> Sequence[Parcel]:
        """Parcels to send although nothing was acquired."""

    def acknowledged(self, parcel: Parcel, now: float) -> None:
        """Hear that a parcel reached the cloud."""


class SteadySender:
    """Every second image in four thousand bytes: 15 a second of a camera with 30, whatever the link does."""

    def __init__(self) -> None:
        self._turn = False

    def image(self, stamp: float) -> Sequence[Parcel]:
        """Parcels to send when an image was acquired."""
        self._turn = not self._turn
        return (Parcel(4000, stamp),) if self._turn else ()

    def tick(self, now: float) -> Sequence[Parcel]:  # noqa: ARG002 it never does
        """Parcels to send although nothing was acquired."""
        return ()

    def acknowledged(self, parcel: Parcel, now: float) -> None:
        """Hear that a parcel reached the cloud."""


class Observer(Protocol):
    """Hears everything that can be seen from outside the switch, when it happens."""

    def published(self, step: Step[Token], mode: Mode, now: float) -> None:
        """Hear what the switch gave."""

    def changed(self, before: Mode, change: ModeChange) -> None:
        """Hear of a change of mode."""

    def result(self, stamp: float, now: float) -> None:
        """Hear of a cloud result that reached the robot."""

    def offered(self, token: Token, now: float) -> None:
        """Hear of a robot's estimate that is about to be offered."""


class World:
    """Runs until it is told otherwise; faults are put in between.

    Attributes:
        now: s.
        selector: the robot's.
        switch: the robot's.
    """

    def __init__(self, seed: int, wifi: LinkProfile, observer: Observer, sender: Sender) -> None:
        self.now = 1_700_000_000.0  # as large as real clocks are, for the sake of rounding
        self.switch = ModeSwitch(ModeParams())
        self.selector: Selector[Token] = Selector(self.switch)
        self._wifi = wifi
        self._observer = observer
        self._sender = sender
        self._random = Random(seed)
        self._link: Link[Parcel, Parcel] = Link(wifi, seed)
        self._look_at = inf  # s, when the link is looked at next
        self._cloud_life = 0  # odd: it is dead
        self._cloud_free = 0.0
        self._serial = count()
        self._order = count()
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._begin = self.now
        self._frame(0)
        self._tick()

    def run(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + seconds
        while self._events[0][0] <= until:
            self.now, _, call, arguments = heappop(self._events)
            call(*arguments)
        self.now = until

    def cut(self, cut: bool) -> None:
        """Cut the link, or mend it."""
        self._link.set_cut(cut, self.now)
        self._look()

    def change_link(self, profile: LinkProfile | None) -> None:
        """Put another profile in force; None: the first one again."""
        self._link.set_profile(profile or self._wifi, self.now)

    def kill_cloud(self) -> None:
        """End the cloud's process: what it was working on is gone."""
        self._cloud_life += 1
        self._cloud_free = 0.0

    def start_cloud(self) -> None:
        """Start the cloud's process again."""
        self._cloud_life += 1

    def _at(self, when: float, call: Callable[..., None], *arguments: Any) -> None:
        heappush(self._events, (when, next(self._order), call, arguments))

    def _frame(self, number: int) -> None:
        stamp = self.now
        self._at(stamp + self._random.uniform(*ROBOT_S), self._robot, stamp)
        self._send(self._sender.image(stamp))
        due = self._begin + (number + 1) * FRAME_S + self._random.uniform(-JITTER_S, JITTER_S)
        self._at(due, self._frame, number + 1)

    def _robot(self, stamp: float) -> None:
        token = Token(stamp, next(self._serial))
        self._observer.offered(token, self.now)
        self._take(lambda: self.selector.on_robot(stamp, FACE, token, self.now))

    def _tick(self) -> None:
        self._take(lambda: self.selector.tick(self.now))
        self._send(self._sender.tick(self.now))
        self._at(self.now + 1 / self.switch.params.tick_hz, self._tick)

    def _take(self, offer: Callable[[], Step[Token]]) -> None:
        before = self.switch.mode
        step = offer()
        if step.change is not None:
            self._observer.changed(before, step.change)
        self._observer.published(step, self.switch.mode, self.now)

    def _send(self, parcels: Sequence[Parcel]) -> None:
        for parcel in parcels:
            self._link.send_up(parcel, parcel.size, self.now)
        if parcels:
            self._look()

    def _look(self) -> None:
        """Look at the link when something is due, once."""
        due = self._link.next_due()
        if due is not None and not self.now < self._look_at <= due:
            self._look_at = max(due, self.now)
            self._at(self._look_at, self._deliver)

    def _deliver(self) -> None:
        for parcel in self._link.deliver_up(self.now):
            self._arrived(parcel)
        for back in self._link.deliver_down(self.now):
            self._came_back(back)
        self._look()

    def _arrived(self, parcel: Parcel) -> None:
        """The cloud acknowledges at once, and answers when it has thought about the image."""
        if self._cloud_life % 2:
            return
        self._link.send_down(parcel._replace(stamp=None, received=self.now), ACK_BYTES, self.now)
        if parcel.stamp is not None:
            begin = max(self.now, self._cloud_free)
            self._cloud_free = begin + self._random.uniform(*CLOUD_S)
            self._at(self._cloud_free, self._answer, parcel, self._cloud_life)

    def _answer(self, parcel: Parcel, life: int) -> None:
        if life == self._cloud_life:
            self._link.send_down(parcel, RESULT_BYTES, self.now)
            self._look()

    def _came_back(self, parcel: Parcel) -> None:
        stamp = parcel.stamp
        if stamp is None:
            self._sender.acknowledged(parcel, self.now)
            return
        self._observer.result(stamp, self.now)
        token = Token(stamp, next(self._serial))
        self._take(lambda: self.selector.on_cloud(stamp, FACE, token, self.now))


def profiles() -> Mapping[str, LinkProfile]:
    """Those that are installed."""
    return load_profiles(Path(share("config")) / "links")
