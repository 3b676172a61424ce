"""Messages sent through an emulated link: what became of each, and of all of them over time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, nan
from random import Random
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from fer_ros.link.link import Link
from fer_ros.link.profiles import LinkProfile

T = TypeVar("T")

PATIENCE_S = 120.0  # after the last message, for those that are still on their way


@dataclass(slots=True)
class Journey:
    """One message.

    Attributes:
        sent_s: s, when it was handed to the link.
        size_bytes: its size.
        queue_bytes: what waited at the slowest hop before it.
        arrived_s: s; NaN: never, or not within PATIENCE_S of the last message.
    """

    sent_s: float
    size_bytes: int
    queue_bytes: float
    arrived_s: float = nan


@dataclass(frozen=True)
class Stretch:
    """What a stretch of time was like. NaN: there was nothing to measure it by.

    Attributes:
        begin_s: s since the first message.
        sent: messages.
        offered_kbps: kbit/s that were sent.
        delivered_kbps: kbit/s that arrived, whenever they were sent.
        loss: 0..1, share of the messages sent that never arrived.
        delay_p50_ms: median delay of those that did.
        delay_p95_ms: 95th percentile of the same.
        queue_kb: mean of what the messages found in the queue, kB.
    """

    begin_s: float
    sent: int
    offered_kbps: float
    delivered_kbps: float
    loss: float
    delay_p50_ms: float
    delay_p95_ms: float
    queue_kb: float


def steady(
    size_bytes: int, rate_hz: float, duration_s: float, poisson_seed: int | None = None
) -> Iterator[tuple[float, int]]:
    """(s, bytes) of messages of one size at one rate: evenly spaced, or with a seed a Poisson process."""
    random, now, place = Random(poisson_seed), 0.0, 0  # noqa: S311 - arrivals, not secrets
    if poisson_seed is not None:
        now = random.expovariate(rate_hz)
    while now < duration_s:
        yield now, size_bytes
        place += 1
        now = place / rate_hz if poisson_seed is None else now + random.expovariate(rate_hz)


def travel(
    profile: LinkProfile,
    seed: int,
    messages: Iterable[tuple[float, int, T]],
    arrived: Callable[[float, T], None] = lambda _at, _payload: None,
    *,
    down: bool = False,
) -> list[Journey]:
    """Send messages through a link.

    Args:
        profile: of the link.
        seed: of its jitter, loss and outages.
        messages: (s, bytes, payload), in order of time.
        arrived: hears of each arrival, (s, payload), in order.
        down: towards the robot, not towards the cloud.
    """
    link: Link[Any, Any] = Link(profile, seed)
    send, deliver = (link.send_down, link.deliver_down) if down else (link.send_up, link.deliver_up)
    journeys: list[Journey] = []

    def take(until: float) -> None:
        while (due := link.next_due()) is not None and due <= until:
            for journey, payload in deliver(due):
                journey.arrived_s = due
                arrived(due, payload)

    for at, size, payload in messages:
        take(at)
        journey = Journey(at, size, link.backlog_bytes(at)[down])
        journeys.append(journey)
        send((journey, payload), size, at)
    if journeys:
        take(journeys[-1].sent_s + PATIENCE_S)
    return journeys


def stretches(journeys: Sequence[Journey], every_s: float) -> list[Stretch]:
    """What each stretch of `every_s` was like, from the first message to the last one that was sent."""
    begin = journeys[0].sent_s
    count = max(1, ceil((journeys[-1].sent_s - begin) / every_s))
    table = _table(journeys)
    return [_stretch(table, begin, k * every_s, every_s) for k in range(count)]


def whole(journeys: Sequence[Journey]) -> Stretch:
    """What all the time was like, until the last message arrived."""
    table = _table(journeys)
    times = np.concatenate([table[:, 0], table[:, 3][np.isfinite(table[:, 3])]])
    begin = journeys[0].sent_s
    # A moment longer, so that the end belongs to it.
    return _stretch(table, begin, 0.0, max(float(times.max()) - begin, 1e-3) * (1 + 1e-9))


def _table(journeys: Sequence[Journey]) -> NDArray[np.float64]:
    """(J, 4) float64: sent, s; bytes; bytes in the queue; arrived, s or NaN."""
    return np.array([(j.sent_s, j.size_bytes, j.queue_bytes, j.arrived_s) for j in journeys], float)


def _stretch(table: NDArray[np.float64], origin: float, begin_s: float, every_s: float) -> Stretch:
    sent_at, sizes, queue, arrived_at = table.T
    low, high = origin + begin_s, origin + begin_s + every_s
    sent = (sent_at >= low) & (sent_at < high)
    came = (arrived_at >= low) & (arrived_at < high)
    lost = np.isnan(arrived_at[sent])
    delays = (arrived_at - sent_at)[sent][~lost] * 1000
    p50, p95 = np.percentile(delays, (50, 95)) if len(delays) else (nan, nan)
    return Stretch(
        begin_s=begin_s,
        sent=int(sent.sum()),
        offered_kbps=float(sizes[sent].sum()) * 8 / 1000 / every_s,
        delivered_kbps=float(sizes[came].sum()) * 8 / 1000 / every_s,
        loss=float(lost.mean()) if len(lost) else nan,
        delay_p50_ms=float(p50),
        delay_p95_ms=float(p95),
        queue_kb=float(queue[sent].mean()) / 1000 if sent.any() else nan,
    )
