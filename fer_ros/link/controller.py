"""Which rung to send: down at once when the link is full, up slowly when it has room."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, inf, isnan

from fer_ros.link.capacity import Capacity
from fer_ros.link.feedback import Feedback
from fer_ros.link.ladder import Step
from fer_ros.link.params import ControllerParams
from fer_ros.link.rung import Rung
from fer_ros.link.worth import worth_of_ages

LOSS_MARGIN = 0.25  # above what the link always loses: a queue that overflows
JITTERS = 2.0  # that the delay may differ by without being a queue, at most the budget once more
FATES_NEEDED = 10  # payloads before their loss is a share
SETTLE_S = 0.3  # a queue needs time to drain before it can be judged again
DRAINED_S = 3.0  # without content: by then the deepest queues are empty, and a long delay is the link's own
SHORT_S = 0.5  # of goodput while the link is full: what it carries now, not a second ago
MISLED, MISLED_S = 1.3, 120.0  # times the estimate that misled; s in which that is forgotten
ACK_BYTES = 150  # of an acknowledgement and the headers of two packets
RESULT_AGE_S, OLDEST_S = 0.12, 2.0  # until one was seen; and older ones are worth as little
RESUMED = 0.5  # of what a link carried before it fell silent
UNEVEN = 1.25  # intervals between images that are chosen, not just thinned
ANSWER_BYTES = 750.0  # of a result, its acknowledgement and their packets, until one was seen
LOSS_MEMORY_S = 10.0
MOST_LOSS = 0.95  # that a share tells anything about a packet
SIZE_WEIGHT = 0.1  # of the newest payload in a rung's mean size
START_HZ = 15.0  # of the rung to begin with: fewer results grow stale before the next one comes
FALLS_S = 15.0  # in which a fall is forgotten
OUTAGE = 5.0  # times a rung's rate: an estimate is not wrong by so much, the link stood still
BETTER = 1.01  # times the use of the present rung, or it is not worth a change


@dataclass(frozen=True, slots=True)
class Misled:
    """An estimate by which a rung fitted that then was too much: the same again is not enough.

    Attributes:
        carried_bps: the estimate.
        rung_bps: of the rung.
        at_s: s, when it showed.
    """

    carried_bps: float
    rung_bps: float
    at_s: float

    def least(self, rung_bps: float, now: float) -> float:
        """bit/s that an estimate must exceed for a rung that is as large."""
        if rung_bps < self.rung_bps:
            return 0.0
        return MISLED * self.carried_bps * exp(-max(now - self.at_s, 0.0) / MISLED_S)


class Controller:
    """Takes the rung of greatest use that fits the share and the delay budget.

    A rung's use is what the ladder says, times the share of its payloads that this link delivers (a
    payload of n packets survives with (1 - p)^n), times what results of that age are worth: results
    come back `delay` old and grow older until the next one comes.

    Attributes:
        why: the reason for the present rung, one clause.
    """

    def __init__(self, steps: Sequence[Step], params: ControllerParams) -> None:
        """`steps`: from least to greatest rate, the first is where nothing else fits."""
        self._steps = list(steps)
        self._params = params
        self._place = self._start()
        self._changed_s = -inf
        self._misled = Misled(0.0, inf, -inf)
        self._falls, self._fell_s = 0.0, -inf
        self._carried_before = 0.0  # bit/s until the link fell silent; 0: it has not
        self._packet_loss = 0.0
        self._answer_bytes = ANSWER_BYTES
        self._result_age_s = RESULT_AGE_S
        self._judged_s = -inf
        self.why = "start" if len(self._steps) > 1 else "fixed"

    @property
    def step(self) -> Step:
        """The rung in force."""
        return self._steps[self._place]

    def next_up(self) -> Step | None:
        """The thinnest rung that is of greater use; None at the top."""
        now = BETTER * self._use(self._place)
        greater = [step for place, step in enumerate(self._steps) if self._use(place) > now]
        return min(greater, key=lambda step: step.bps, default=None)

    def measured(self, rung: Rung, size_bytes: int) -> None:
        """Note the size of a payload of this rung."""
        for place, step in enumerate(self._steps):
            if step.rung == rung:
                change = 1 + SIZE_WEIGHT * (size_bytes / step.size_bytes - 1)
                self._steps[place] = replace(step, size_bytes=step.size_bytes * change)

    def returned(self, size_bytes: int, age_s: float) -> None:
        """Note a result: its size, and its age on arrival."""
        seen = size_bytes + ACK_BYTES
        self._answer_bytes += SIZE_WEIGHT * (seen - self._answer_bytes)
        self._result_age_s += SIZE_WEIGHT * (min(max(age_s, 0.0), OLDEST_S) - self._result_age_s)

    def judge(self, feedback: Feedback, capacity: Capacity, now: float) -> None:
        """Choose, from what was acknowledged until `now`."""
        if len(self._steps) == 1:
            return
        # Even the best second's loss: what a queue that overflows loses is no property of the link.
        self._learn_loss(feedback.loss_floor(), now)
        if self._place == 0 and now - self._changed_s > DRAINED_S:
            feedback.rebase(now)
        if feedback.is_silent(now):
            self._carried_before = self._carried_before or capacity.bps(now)
            capacity.restart()
            self._go(0, f"no answer for {feedback.silent_s(now):.1f} s", now)
        elif self._carried_before:
            self._resume(feedback, capacity, now)
        elif feedback.quickened():
            self._begin_anew(feedback, capacity, now)
        elif reason := self._full(feedback, now):
            self._fall(feedback, capacity, reason, now)
        else:
            self._climb(capacity.bps(now, feedback.jitter_s()), now)

    def _full(self, feedback: Feedback, now: float) -> str:
        """Why the link is taken to be full; empty where it is not."""
        delay_s, loss = feedback.queue_delay_s(), feedback.loss(self._changed_s, FATES_NEEDED)
        budget_s = self._params.delay_budget_s
        if delay_s > budget_s + min(JITTERS * feedback.jitter_s(), budget_s):
            return f"payloads wait {1000 * delay_s:.0f} ms"
        interval_s = 1.0 / self.step.rung.rate_hz if self._place else 0.0
        if (overdue_s := feedback.overdue_s(now)) > 2 * budget_s + interval_s:
            return f"answers are {1000 * overdue_s:.0f} ms overdue"
        if loss > feedback.loss_floor() + LOSS_MARGIN:
            self._learn_loss(min(loss, MOST_LOSS), now)  # without a queue, so it is the packets' own
            return f"{loss:.0%} of payloads are lost"
        return ""

    def _fall(self, feedback: Feedback, capacity: Capacity, reason: str, now: float) -> None:
        settled_s = SETTLE_S + feedback.round_trip_s()
        if now - self._changed_s < settled_s or self._place <= 1:
            return
        carried = feedback.goodput_bps(now, SHORT_S)
        known = capacity.bps(now)
        carried = carried if isnan(known) else min(carried, known)
        capacity.full(carried)
        thinner = [place for place in self._fitting(carried) if self._steps[place].bps < self.step.bps]
        self._falls, self._fell_s = self._recent_falls(now) + 1.0, now
        if self._fits(self.step, known) and known < OUTAGE * self.step.bps:
            self._misled = Misled(known, self.step.bps, now)
        # To nothing only when answers stay away: the thinnest rung costs as little as signs of life.
        self._go(max([*thinner, 1], key=self._use), reason, now)

    def _resume(self, feedback: Feedback, capacity: Capacity, now: float) -> None:
        """After a silence: with half of what was carried, once answers come as quickly as before.

        Until then what waited in the link is still coming out of it; if that lasts, it is another link.
        """
        quick = feedback.newest_delay_s() < self._params.delay_budget_s
        if not quick and now - self._changed_s < DRAINED_S:
            return
        carried, self._carried_before = self._carried_before, 0.0
        if quick and not isnan(carried):
            capacity.full(carried * RESUMED)
        fitting = self._fitting(capacity.bps(now))
        self._go(max([*fitting, self._start()], key=self._use), "answers are back", now)

    def _begin_anew(self, feedback: Feedback, capacity: Capacity, now: float) -> None:
        """On a link that is another one: what was learnt does not hold, and thin results are too few."""
        feedback.renew()
        capacity.restart()
        self._misled = Misled(0.0, inf, -inf)
        self._falls = 0.0
        self._go(max(self._place, self._start(), key=self._use), "answers come much sooner", now)

    def _start(self) -> int:
        """Something thin, until the link is known, at a rate at which results do not grow stale."""
        quick = (place for place, step in enumerate(self._steps) if step.rung.rate_hz >= START_HZ)
        return next(quick, len(self._steps) - 1)

    def _climb(self, carried: float, now: float) -> None:
        best = max(self._fitting(carried), key=self._use, default=self._place)
        waited = now - self._changed_s >= self._params.up_after_s
        if waited and self._use(best) > BETTER * self._use(self._place):
            self._go(best, f"{_spoken(self._steps[best].bps)} fit in {_spoken(carried)}", now)

    def _fitting(self, carried_bps: float) -> list[int]:
        """Places of the rungs that a link of this rate has room and time for."""
        return [place for place, step in enumerate(self._steps) if self._fits(step, carried_bps)]

    def _fits(self, step: Step, carried_bps: float) -> bool:
        """Both ways: what comes back of thin payloads is more than what leaves.

        The way back is taken to carry what the way there does; it seldom carries less.
        """
        rate_hz = step.rung.rate_hz
        if rate_hz == 0.0:
            return True
        bps = max(step.bps, 8 * self._answer_bytes * rate_hz)
        in_time = step.bps / rate_hz <= carried_bps * self._params.delay_budget_s
        believed = carried_bps >= self._misled.least(step.bps, self._judged_s)
        share = self._params.share / (1.0 + self._recent_falls(self._judged_s))
        return bps <= share * carried_bps and in_time and believed  # false where it is NaN

    def _recent_falls(self, now: float) -> float:
        """Falls, each counting less as time goes by: a link that often gave way may do so again."""
        return self._falls * exp(-max(now - self._fell_s, 0.0) / FALLS_S)

    def _use(self, place: int) -> float:
        step = self._steps[place]
        if step.rung.rate_hz == 0.0:
            return 0.0
        worth = worth_of_ages(self._result_age_s, UNEVEN / step.rung.rate_hz)
        return float(step.use * (1.0 - self._packet_loss) ** step.packets * worth)

    def _learn_loss(self, loss: float, now: float) -> None:
        """What one packet is lost with, from a share of the present rung's payloads; it fades."""
        faded = self._packet_loss * exp(-max(now - self._judged_s, 0.0) / LOSS_MEMORY_S)
        self._packet_loss = max(faded, 1.0 - (1.0 - loss) ** (1.0 / self.step.packets))
        self._judged_s = now

    def _go(self, place: int, why: str, now: float) -> None:
        if place != self._place:
            self._place, self.why, self._changed_s = place, why, now


def _spoken(bps: float) -> str:
    return f"{bps / 1e6:.2f} Mbit/s" if bps < 1e8 else "a free link"
