"""Figures of an emulated direction, taken by sending through it, for theory.py to compare.

Each sends packets or messages that it needs to see the figure to well within its tolerance, from a
fixed seed, in emulated time.
"""

from itertools import groupby
from math import isnan
from random import Random
from statistics import fmean

from fer_ros.link.lane import Lane
from fer_ros.link.model import LinkDirection
from fer_ros.link.profiles import Direction

SEED = 7


def saturated_kbps(
    direction: Direction, size_bytes: int, begin_s: float, duration_s: float, tick_s: float = 0.005
) -> float:
    """Kbit/s that arrive while the queue is kept full.

    Args:
        direction: with a rate or a trace.
        size_bytes: of each message.
        begin_s: s, from when on arrivals count.
        duration_s: s, for how long they count.
        tick_s: s, after which the queue is filled again; it has to last for so long.
    """
    link = LinkDirection(direction, SEED)
    end_s, arrived, now = begin_s + duration_s, 0, 0.0
    while now < end_s:
        while True:
            delivery = link.send(size_bytes, now)
            if delivery.reason == "queue full":
                break
            arrived += begin_s < delivery.at_s <= end_s
        now += tick_s
    return arrived * size_bytes * 8 / 1000 / duration_s


def reliable_kbps(
    direction: Direction, size_bytes: int, kbps: float, begin_s: float, duration_s: float
) -> float:
    """The same of a reliable direction, whose sender would take any number: `kbps` are offered."""
    bits = 0
    end_s = begin_s + duration_s

    def arrived(size: int, at_s: float) -> None:
        nonlocal bits
        bits += 8 * size * (begin_s < at_s <= end_s)

    lane: Lane[None] = Lane(LinkDirection(direction, SEED), arrived)
    gap_s, now = size_bytes * 8 / 1000 / kbps, 0.0
    while now < end_s:
        lane.send(None, size_bytes, now)
        lane.due(now)
        now += gap_s
    lane.due(end_s)
    return bits / 1000 / duration_s


def mean_wait_s(load: float, packets: int, service_s: float = 0.001) -> float:
    """Mean wait, in s, of packets of one size that arrive as a Poisson process of `load` times the rate."""
    size = 1000
    direction = Direction(rate_kbps=size * 8 / 1000 / service_s, queue_bytes=10**9)
    link, random, now, waits = LinkDirection(direction, SEED), Random(SEED), 0.0, []  # noqa: S311
    for _ in range(packets):
        now += random.expovariate(load / service_s)
        waits.append(link.send(size, now).queue_delay_s)
    return fmean(waits)


def lost_packets(direction: Direction, packets: int) -> list[bool]:
    """Which packets are lost."""
    link = LinkDirection(direction, SEED)
    return [link.send(1000, k * 0.001).lost for k in range(packets)]


def share_and_run(lost: list[bool]) -> tuple[float, float]:
    """The share of lost packets, and the mean length of their runs."""
    runs = sum(is_lost for is_lost, _ in groupby(lost))
    return sum(lost) / len(lost), sum(lost) / max(runs, 1)


def message_loss(loss: float, packets: int, messages: int) -> float:
    """Share of messages of `packets` packets each that are lost."""
    direction = Direction(loss=loss)
    link, size = LinkDirection(direction, SEED), packets * direction.mtu
    return sum(link.send(size, k * 0.001).lost for k in range(messages)) / messages


def delays_s(direction: Direction, packets: int) -> list[float]:
    """How long packets take, in s, in ascending order."""
    link = LinkDirection(direction, SEED)
    return sorted(link.send(1000, float(k)).at_s - k for k in range(packets))


def reliable_delay_s(direction: Direction, messages: int, gap_s: float) -> float:
    """Mean time, in s, of one-packet messages that come seldom enough not to meet."""
    link = LinkDirection(direction, SEED)
    sent = [(k * gap_s, link.send(1000, k * gap_s)) for k in range(messages)]
    link.advance((messages + 1) * gap_s)
    return fmean(delivery.at_s - at for at, delivery in sent if not isnan(delivery.at_s))
