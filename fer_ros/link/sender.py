"""The robot's end of the link: what is sent when, and what is learned from the answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from fer_ros.errors import ParameterError
from fer_ros.faces.face import Face
from fer_ros.link.answers import Ack
from fer_ros.link.capacity import PAIRS_NEEDED, Capacity
from fer_ros.link.chooser import Chooser
from fer_ros.link.controller import Controller
from fer_ros.link.feedback import Feedback
from fer_ros.link.ladder import Step, allowed, fixed
from fer_ros.link.params import ALLOW, UplinkParams
from fer_ros.link.probe import probe_bytes
from fer_ros.link.rung import Reach, Rung, parse_rung
from fer_ros.link.throttle import Throttle

AUTO = "auto"
FIRST_PROBES_S = 0.2  # while the link is not known
PROBES_S = 1.0
KEEP_ALIVE_S = 0.25  # of a sender that has nothing to send, to learn when the link is back
BUSY_SHARE = 0.5  # of the delay budget: from here on a probe would tell of the queue, not of the link
PROBE_SHARE = 0.3  # of the delay budget that a probe may take from what comes behind it
SEQUENCES = 2**32
RESTART_S = 1.0  # a clock that goes back further began anew


@dataclass(frozen=True)
class SenderReport:
    """What LinkStatus says of the sender; units there."""

    payload: str
    why: str
    goodput_bps: float
    capacity_bps: float
    loss: float
    queue_delay_s: float
    round_trip_s: float
    clock_offset_s: float
    delivered_hz: float
    sent: int
    delivered: int
    lost: int
    refused: int


class Sender:
    """Decides about every image; keeps the books of what was sent. `now` is the robot's clock, s."""

    def __init__(self, params: UplinkParams, ladder: Sequence[Step]) -> None:
        """Raises ParameterError where the rung is none, or reaches further than is allowed."""
        self._params = params
        self._ladder = tuple(ladder)
        self._feedback = Feedback()
        self._capacity = Capacity()
        self._sequence = 0
        self._sent_s = self._probed_s = self._now = float("-inf")
        self.set_rung(params.rung)

    @property
    def rung(self) -> Rung:
        """What is being sent."""
        return self._controller.step.rung

    @property
    def allow(self) -> Reach:
        """The most that may leave."""
        return ALLOW[self._params.allow]

    def set_rung(self, text: str) -> None:
        """Send this rung, or choose again with "auto"; ParameterError as at the start."""
        self._controller = Controller(self._steps(text), self._params)
        self._text = text
        self._chooser = Chooser(self.rung.rate_hz)
        self._chosen_for = self.rung
        evenly = text != AUTO and self.rung.rate_hz > 0.0
        self._throttle = Throttle(self.rung.rate_hz) if evenly else None

    def wants(self, stamp: float, faces: Sequence[Face]) -> Rung | None:
        """The rung to send the image acquired at `stamp` seconds as; None: not to send it.

        A rung that was asked for by name gets evenly spaced images, as experiments need them.
        """
        if self._throttle is not None:
            return self.rung if self._throttle.accept(stamp) else None
        if self.rung != self._chosen_for:
            self._chosen_for = self.rung
            self._chooser.change(self.rung.rate_hz)
        thin = self._controller.next_up() is not None
        return self.rung if self._chooser.accept(stamp, faces, thin=thin) else None

    def next_sequence(self) -> int:
        """The number of the next payload, 1..2^32 - 1 and again."""
        self._sequence = self._sequence % (SEQUENCES - 1) + 1
        return self._sequence

    def sent(self, sequence: int, size_bytes: int, now: float, rung: Rung | None = None) -> None:
        """Note a payload that left; `rung` where it was one of the ladder's and no probe."""
        now = self._advance(now)
        self._feedback.sent(sequence, size_bytes, now, counts=rung is not None)
        self._sent_s = now
        if rung is not None:
            self._controller.measured(rung, size_bytes)

    def probe(self, now: float) -> int | None:
        """Bytes of padding to send right behind the payload that has just left; None: no probe now."""
        now = self._advance(now)
        wanted = self._controller.next_up()
        known = self._capacity.bps(now)
        every_s = FIRST_PROBES_S if self._capacity.pairs < PAIRS_NEEDED else PROBES_S
        if wanted is None or now - self._probed_s < every_s or self._sent_s < now:
            return None
        if self._feedback.queue_delay_s() > BUSY_SHARE * self._params.delay_budget_s:
            return None
        self._probed_s = now
        return probe_bytes(known, wanted, PROBE_SHARE * self._params.delay_budget_s)

    def keep_alive(self, now: float) -> bool:
        """Whether to send a payload without content, because nothing else is being sent."""
        now = self._advance(now)
        if self.allow is Reach.NOTHING:
            return False
        return now - self._sent_s >= KEEP_ALIVE_S

    def on_ack(self, ack: Ack, now: float) -> None:
        """Learn from the cloud's word about a payload."""
        now = self._advance(now)
        answer = self._feedback.answered(ack, now)
        if answer is not None:
            self._capacity.answered(answer)
            self._controller.judge(self._feedback, self._capacity, now)

    def returned(self, size_bytes: int, age_s: float) -> None:
        """Note a result that came back for an image that was acquired `age_s` ago."""
        self._controller.returned(size_bytes, age_s)

    def tick(self, now: float) -> None:
        """Look for silence and loss; call it some 20 times a second."""
        now = self._advance(now)
        self._feedback.advance(now)
        self._controller.judge(self._feedback, self._capacity, now)

    def report(self, now: float) -> SenderReport:
        """The state of the link as the sender sees it."""
        now = self._advance(now)
        found = self._feedback
        return SenderReport(
            payload=str(self.rung),
            why=self._controller.why,
            goodput_bps=found.goodput_bps(now),
            capacity_bps=self._capacity.bps(now),
            loss=found.loss(),
            queue_delay_s=found.queue_delay_s(),
            round_trip_s=found.round_trip_s(),
            clock_offset_s=found.clock_offset_s(),
            delivered_hz=found.answered_hz(now),
            **found.totals,
        )

    def _steps(self, text: str) -> tuple[Step, ...]:
        if text == AUTO:
            return allowed(self._ladder, self.allow)
        rung = parse_rung(text)
        if rung.reach > self.allow:
            raise ParameterError(
                f"rung {text} sends {rung.reach.name.lower()}; allow is {self._params.allow}: "
                f"set allow to {rung.reach.name.lower()} or choose another rung"
            )
        return fixed(rung)

    def _advance(self, now: float) -> float:
        if now < self._now - RESTART_S:
            self._feedback.restart()
            self._capacity.restart()
            self.set_rung(self._text)  # what it knew of the old time would hold it back in the new one
            self._sent_s = self._probed_s = self._now = float("-inf")
        self._now = max(now, self._now)
        return self._now
