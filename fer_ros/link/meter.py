"""What a link carried over the last second and since it began."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan, nan
from statistics import fmean
from typing import Any

from fer_ros.link.delivery import Delivery

WINDOW_S = 1.0
TIDY_EVERY = 256  # messages: what is too old does no harm for a while


@dataclass(frozen=True)
class LinkReport:
    """What an emulated link saw of itself; rates and shares are over the last second.

    Attributes:
        profile: name of the profile in force.
        cut: whether the link is cut on purpose.
        offered_bps: bit/s handed to the link towards the cloud.
        delivered_bps: bit/s that reached the cloud.
        returned_bps: bit/s of results that came back.
        loss: 0..1, share of messages towards the cloud that were lost; NaN: none sent.
        queue_delay_s: s, mean wait in the sending queue; NaN: nothing entered it.
        delivered_hz: 1/s, messages that reached the cloud.
        sent: messages handed to the link since start.
        delivered: messages that reached the cloud since start.
        lost: messages lost on the way since start.
        results: results that came back since start.
    """

    profile: str
    cut: bool
    offered_bps: float
    delivered_bps: float
    returned_bps: float
    loss: float
    queue_delay_s: float
    delivered_hz: float
    sent: int
    delivered: int
    lost: int
    results: int


class LinkMeter:
    """Counts messages; what is older than the window is forgotten, totals stay."""

    def __init__(self) -> None:
        self._sent: deque[tuple[float, int, Delivery]] = deque()  # s, bytes, what becomes of it
        self._delivered: deque[tuple[float, int]] = deque()  # s, bytes
        self._returned: deque[tuple[float, int]] = deque()
        self._sent_total = self._delivered_total = self._lost_total = self._returned_total = 0

    def sent(self, size_bytes: int, delivery: Delivery, now: float) -> None:
        """Count a message handed to the link towards the cloud."""
        self._sent.append((now, size_bytes, delivery))
        self._sent_total += 1
        if delivery.reason:
            self._lost_total += 1
        if not self._sent_total % TIDY_EVERY:
            _forget(self._sent, now)

    def lost(self, messages: int) -> None:
        """Count messages that were on their way and will not arrive; their deliveries say so too."""
        self._lost_total += messages

    def delivered(self, size_bytes: int, at_s: float) -> None:
        """Count a message that reached the cloud at `at_s`."""
        self._delivered.append((at_s, size_bytes))
        self._delivered_total += 1
        if not self._delivered_total % TIDY_EVERY:
            _forget(self._delivered, at_s)

    def returned(self, size_bytes: int, at_s: float) -> None:
        """Count a result that reached the robot at `at_s`."""
        self._returned.append((at_s, size_bytes))
        self._returned_total += 1
        if not self._returned_total % TIDY_EVERY:
            _forget(self._returned, at_s)

    def forget(self) -> None:
        """Empty the window: time has begun anew; totals stay."""
        for kept in (self._sent, self._delivered, self._returned):
            kept.clear()

    def report(self, profile: str, cut: bool, now: float) -> LinkReport:
        """The numbers over (now - 1 s, now] and the totals."""
        for kept in (self._sent, self._delivered, self._returned):
            _forget(kept, now)
        waits = [d.queue_delay_s for _, _, d in self._sent if not isnan(d.queue_delay_s)]
        return LinkReport(
            profile=profile,
            cut=cut,
            offered_bps=_bits_per_s(size for _, size, _ in self._sent),
            delivered_bps=_bits_per_s(size for _, size in self._delivered),
            returned_bps=_bits_per_s(size for _, size in self._returned),
            loss=fmean(d.lost for _, _, d in self._sent) if self._sent else nan,
            queue_delay_s=fmean(waits) if waits else nan,
            delivered_hz=len(self._delivered) / WINDOW_S,
            sent=self._sent_total,
            delivered=self._delivered_total,
            lost=self._lost_total,
            results=self._returned_total,
        )


def _bits_per_s(sizes: Iterable[int]) -> float:
    return 8 * sum(sizes) / WINDOW_S


def _forget(kept: deque[Any], now: float) -> None:
    """Drop what is older than the window."""
    since = now - WINDOW_S
    while kept and kept[0][0] <= since:
        kept.popleft()
