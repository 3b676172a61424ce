"""A sender, a link and a cloud in simulated time: what would have come back when.

The sender and the link are the ones that run on a robot; camera and cloud are played from what a clip
was found to contain. The same arguments give the same record.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fer_ros.faces.face import Face
from fer_ros.link.answers import Ack
from fer_ros.link.link import Link
from fer_ros.link.profiles import LinkProfile
from fer_ros.link.rung import Rung
from fer_ros.link.sender import Sender

TICK_S = 0.05
ACK_BYTES = 60
RESULT_BYTES = 600  # an estimate as it is serialised
PROBE_BYTES = 24  # an empty payload


@dataclass(frozen=True)
class Shot:
    """One camera image.

    Attributes:
        stamp: s since the clip began.
        faces: what the robot saw in it.
        sizes: rung without its rate → bytes of the payload.
    """

    stamp: float
    faces: Sequence[Face]
    sizes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """A cloud result that reached the robot: when, and of which shot, sent as what."""

    at_s: float
    shot: int
    rung: Rung


@dataclass
class Record:
    """What happened: results in order of arrival, rungs as (s, rung, why), bits of all payloads."""

    results: list[Result] = field(default_factory=list)
    rungs: list[tuple[float, Rung, str]] = field(default_factory=list)
    bits: int = 0
    payloads: int = 0


@dataclass(frozen=True, slots=True)
class _Sent:
    sequence: int
    size_bytes: int
    shot: int = -1
    rung: Rung | None = None


def content(rung: Rung) -> str:
    """What a rung sends, whatever its rate: the key of Shot.sizes."""
    return str(rung).replace(f"@{rung.rate_hz:g}", "")


def rehearse(
    shots: Sequence[Shot],
    profiles: Sequence[tuple[float, LinkProfile]],
    sender: Sender,
    *,
    seed: int = 1,
    duration_s: float = 60.0,
    cloud_s: float = 0.02,
    clock_offset_s: float = 0.0,
) -> Record:
    """Play a clip, again and again, for `duration_s` over a link.

    Args:
        shots: one after another, at a constant rate.
        profiles: (s, profile) from when on which link is there; the first from 0.
        sender: fresh.
        seed: of the link.
        duration_s: s of simulated time.
        cloud_s: s that the cloud works on a payload; it works on one at a time.
        clock_offset_s: s, the cloud's clock minus the robot's.
    """
    return _Play(shots, profiles, sender, seed, cloud_s, clock_offset_s).run(duration_s)


class _Play:
    def __init__(
        self,
        shots: Sequence[Shot],
        profiles: Sequence[tuple[float, LinkProfile]],
        sender: Sender,
        seed: int,
        cloud_s: float,
        clock_offset_s: float,
    ) -> None:
        self._shots, self._sender = shots, sender
        self._changes = deque(profiles[1:])
        self._link: Link[_Sent, Any] = Link(profiles[0][1], seed)
        self._cloud_s, self._offset_s = cloud_s, clock_offset_s
        self._cloud: deque[tuple[float, Result]] = deque()  # s when ready, result
        self._free_s = 0.0
        self._period_s = shots[1].stamp - shots[0].stamp
        self.record = Record()

    def run(self, duration_s: float) -> Record:
        frame, tick_s = 0, 0.0
        while True:
            now = min(self._due(), frame * self._period_s, tick_s)
            if now >= duration_s:
                return self.record
            if now == tick_s:
                self._tick(now)
                tick_s += TICK_S
            if now == frame * self._period_s:
                self._show(frame, now)
                frame += 1
            self._move(now)

    def _due(self) -> float:
        due = [
            t for t in (self._link.next_due(), self._cloud[0][0] if self._cloud else None) if t is not None
        ]
        due += [self._changes[0][0]] if self._changes else []
        return min(due, default=float("inf"))

    def _tick(self, now: float) -> None:
        self._sender.tick(now)
        if self._sender.keep_alive(now):
            self._send(PROBE_BYTES, now)
            self._probe(now)
        if not self.record.rungs or self.record.rungs[-1][1] != self._sender.rung:
            self.record.rungs.append((now, self._sender.rung, self._sender.report(now).why))

    def _show(self, frame: int, now: float) -> None:
        shot = frame % len(self._shots)
        rung = self._sender.wants(now, self._shots[shot].faces)
        if rung is not None:
            self._send(self._shots[shot].sizes[content(rung)], now, frame, rung)
            self._probe(now)

    def _probe(self, now: float) -> None:
        padding = self._sender.probe(now)
        if padding is not None:
            self._send(PROBE_BYTES + padding, now)

    def _send(self, size: int, now: float, shot: int = -1, rung: Rung | None = None) -> None:
        sequence = self._sender.next_sequence()
        self._sender.sent(sequence, size, now, rung)
        self._link.send_up(_Sent(sequence, size, shot, rung), size, now)
        self.record.bits += 8 * size
        self.record.payloads += 1

    def _move(self, now: float) -> None:
        while self._changes and self._changes[0][0] <= now:
            self._link.set_profile(self._changes.popleft()[1])
        for sent in self._link.deliver_up(now):
            self._arrive(sent, now)
        while self._cloud and self._cloud[0][0] <= now:
            self._link.send_down(self._cloud.popleft()[1], RESULT_BYTES, now)
        for back in self._link.deliver_down(now):
            if isinstance(back, Ack):
                self._sender.on_ack(back, now)
            else:
                self._sender.returned(RESULT_BYTES, now - back.shot * self._period_s)
                self.record.results.append(Result(now, back.shot, back.rung))

    def _arrive(self, sent: _Sent, now: float) -> None:
        cloud = now + self._offset_s
        self._link.send_down(Ack(sent.sequence, cloud, cloud), ACK_BYTES, now)
        if sent.rung is not None:
            self._free_s = max(now, self._free_s) + self._cloud_s
            self._cloud.append((self._free_s, Result(0.0, sent.shot, sent.rung)))
