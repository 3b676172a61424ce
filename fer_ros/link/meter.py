"""What a link carried over the last second and since it began."""

from collections import deque
from dataclasses import dataclass
from math import isnan, nan
from statistics import fmean

from fer_ros.link.model import Delivery

WINDOW_S = 1.0


@dataclass(frozen=True)
class LinkReport:
    """The numbers of a LinkStatus message; rates and shares are over the last second.

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


@dataclass(slots=True)
class Passage:
    """One message on its way; it becomes lost when the link is cut under it."""

    sent_at_s: float
    bits: int
    queue_delay_s: float
    lost: bool


class LinkMeter:
    """Counts messages; what is older than the window is forgotten, totals stay."""

    def __init__(self) -> None:
        self._sent: deque[Passage] = deque()
        self._delivered: deque[tuple[float, int]] = deque()  # s, bits
        self._returned: deque[tuple[float, int]] = deque()
        self._totals = {"sent": 0, "delivered": 0, "lost": 0, "results": 0}

    def sent(self, size_bytes: int, delivery: Delivery, now: float) -> Passage:
        """Count a message handed to the link towards the cloud."""
        passage = Passage(now, 8 * size_bytes, delivery.queue_delay_s, delivery.lost)
        self._sent.append(passage)
        self._totals["sent"] += 1
        self._totals["lost"] += passage.lost
        self._forget(now)
        return passage

    def lost(self, passage: Passage) -> None:
        """Count a message that was on its way and will not arrive."""
        passage.lost = True
        self._totals["lost"] += 1

    def delivered(self, passage: Passage, at_s: float) -> None:
        """Count a message that reached the cloud at `at_s`."""
        self._delivered.append((at_s, passage.bits))
        self._totals["delivered"] += 1
        self._forget(at_s)

    def returned(self, size_bytes: int, at_s: float) -> None:
        """Count a result that reached the robot at `at_s`."""
        self._returned.append((at_s, 8 * size_bytes))
        self._totals["results"] += 1
        self._forget(at_s)

    def forget(self) -> None:
        """Empty the window: time has begun anew; totals stay."""
        self._sent.clear()
        self._delivered.clear()
        self._returned.clear()

    def report(self, profile: str, cut: bool, now: float) -> LinkReport:
        """The numbers over (now - 1 s, now] and the totals."""
        self._forget(now)
        waits = [p.queue_delay_s for p in self._sent if not isnan(p.queue_delay_s)]
        return LinkReport(
            profile=profile,
            cut=cut,
            offered_bps=sum(p.bits for p in self._sent) / WINDOW_S,
            delivered_bps=sum(bits for _, bits in self._delivered) / WINDOW_S,
            returned_bps=sum(bits for _, bits in self._returned) / WINDOW_S,
            loss=fmean(p.lost for p in self._sent) if self._sent else nan,
            queue_delay_s=fmean(waits) if waits else nan,
            delivered_hz=len(self._delivered) / WINDOW_S,
            **self._totals,
        )

    def _forget(self, now: float) -> None:
        since = now - WINDOW_S
        while self._sent and self._sent[0].sent_at_s <= since:
            self._sent.popleft()
        for arrivals in (self._delivered, self._returned):
            while arrivals and arrivals[0][0] <= since:
                arrivals.popleft()
