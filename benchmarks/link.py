"""How many packets a second the emulated link takes on one core, both ends of one direction together.

python -m benchmarks.link
"""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil, inf
from time import process_time
from typing import Any

from fer_ros.link.link import Link
from fer_ros.link.loss import GilbertElliott
from fer_ros.link.outages import OutagePlan
from fer_ros.link.profiles import DIRECT, Direction, LinkProfile
from fer_ros.link.scenes import scene_trace

TARGET = 200_000
PACKETS = 120_000
ROUNDS = 3  # the best counts: what else the machine does only ever slows it down
LOAD = 0.8  # of what the link carries
MESSAGE_BYTES = {"1 packet": 1500, "20 packets": 30_000}

PLAIN = Direction(rate_kbps=30_000.0, delay_ms=40.0, queue_bytes=500_000)
WALK = scene_trace("walk")
DIRECTIONS = {
    "rate": PLAIN,
    "rate, jitter, loss": replace(PLAIN, jitter_ms=4.0, loss=0.002),
    "rate, bursts": replace(PLAIN, bursts=GilbertElliott(0.01, 0.25)),
    "rate, outages": replace(PLAIN, outages=OutagePlan(mean_up_s=1.0, mean_down_s=0.1)),
    "trace": replace(PLAIN, rate_kbps=inf, trace=WALK),
    "rate, loss, reliable": replace(PLAIN, loss=0.01, reliable=True),
}


def packets_per_s(direction: Direction, size_bytes: int, packets: int = PACKETS) -> float:
    """Packets a second of processor time, with what arrives taken after every message.

    Args:
        direction: with a rate or a trace.
        size_bytes: of each message.
        packets: about how many are sent.
    """
    link: Link[int, None] = Link(LinkProfile("bench", direction, DIRECT.down), 1)
    each = ceil(size_bytes / direction.mtu)
    kbps = direction.trace.mean_kbps if direction.trace is not None else direction.rate_kbps
    gap_s, now = size_bytes * 8 / 1000 / (LOAD * kbps), 0.0
    send, deliver = link.send_up, link.deliver_up
    begin = process_time()
    for message in range(packets // each):
        send(message, size_bytes, now)
        deliver(now)
        now += gap_s
    return packets // each * each / (process_time() - begin)


def loops_per_s(count: int = 3_000_000) -> float:
    """Turns a second of a loop that only adds: how fast Python is on this machine just now."""
    total, begin = 0, process_time()
    for turn in range(count):
        total += turn & 3
    return count / (process_time() - begin)


def link() -> dict[str, Any]:
    """Packets a second by what is emulated and by the size of the messages; the best of some rounds."""
    packets = {
        name: {
            size: round(max(packets_per_s(direction, size_bytes) for _ in range(ROUNDS)))
            for size, size_bytes in MESSAGE_BYTES.items()
        }
        for name, direction in DIRECTIONS.items()
    }
    return {"packets_per_s": packets, "loops_per_s": round(max(loops_per_s() for _ in range(ROUNDS)))}


def text(figures: Mapping[str, Any]) -> str:
    """The figures as a Markdown table."""
    lines = [f"| packets/s of messages of | {' | '.join(MESSAGE_BYTES)} |", "|---|--:|--:|"]
    for name, by_size in figures["packets_per_s"].items():
        lines.append(f"| {name} | {' | '.join(f'{by_size[size]:,}' for size in MESSAGE_BYTES)} |")
    least = min(min(by_size.values()) for by_size in figures["packets_per_s"].values())
    lines.append(f"\nLeast {least:,}, target {TARGET:,}.")
    lines.append(f"A loop that only adds takes {figures['loops_per_s']:,} turns/s.")
    return "\n".join(lines)


if __name__ == "__main__":
    print(text(link()))
