"""What acknowledgements tell of a link: loss, delay, goodput, silence, and the other machine's clock.

Nothing else is asked, so that a real network and an emulated one are judged alike.
"""

from collections import deque
from itertools import pairwise
from math import inf, isfinite, nan
from statistics import median

from fer_ros.link.answers import Ack, Answered, Sent

WINDOW_S = 1.0  # of rates and shares
LOSS_WINDOW_S = 2.0  # at five payloads a second, too, a share needs some to be one
BASE_S = 10.0  # how long the lowest delay is remembered: longer than a queue lasts, shorter than a walk
PRESENT_S = 0.4  # of round trips that are the present one
LATEST = 5  # acknowledgements behind the present delay: one late packet is not a queue
JITTER_OF = 20  # round trips that jitter is taken from
USUAL = 0.2  # quantile of round trips that is taken for a link without a queue
AGREEING = 3  # answers that are enough to tell another link
QUICKER, QUICKER_S = 0.5, 0.15  # of the usual round trip, and s below it: no jitter explains that
TIMEOUT_S = 0.3  # least time after which an unanswered payload counts as lost
SILENCE_S = 0.4  # least time without an answer after which the link counts as dead
FORGOTTEN_S = 60.0  # what is not answered by then never will be
LOSS_FLOOR_S = 10  # windows of which the best one is what the link loses by itself


class Feedback:
    """Keeps what was sent until it is answered or lost. `now` and `sent_s` are the robot's clock, s."""

    def __init__(self) -> None:
        self._waiting: dict[int, Sent] = {}  # by sequence, oldest first
        self._answers: deque[Answered] = deque()  # of the last BASE_S
        self._fates: deque[tuple[float, float, bool]] = deque()  # (s, s sent, lost) of the last two seconds
        self._floors: deque[tuple[float, float]] = deque(maxlen=LOSS_FLOOR_S)  # (s, loss) a window
        self._asked_s: float | None = None  # when the first payload after the newest answer left
        self._strange = 0
        self.totals = {"sent": 0, "delivered": 0, "lost": 0, "refused": 0}

    def sent(self, sequence: int, size_bytes: int, now: float, *, counts: bool = True) -> None:
        """Note a payload that leaves; `counts` as in Sent."""
        self._waiting[sequence] = Sent(sequence, size_bytes, now, counts)
        self._asked_s = now if self._asked_s is None else self._asked_s
        self.totals["sent"] += 1

    def answered(self, ack: Ack, now: float) -> Answered | None:
        """Note an acknowledgement; None where it is of nothing that waits, or tells nonsense."""
        sent = self._waiting.get(ack.sequence)
        held_s = ack.sent_s - ack.received_s
        if sent is None or not (isfinite(held_s) and 0.0 <= held_s < FORGOTTEN_S):
            self._strange += 1
            return None
        del self._waiting[ack.sequence]
        # A cloud that says it held a payload longer than the whole trip took is wrong about that.
        round_trip_s = max(now - sent.sent_s - held_s, 0.0)
        answer = Answered(sent, now, ack.received_s, ack.received_s - sent.sent_s, round_trip_s)
        self._answers.append(answer)
        self._asked_s = None
        if not sent.late:  # a late one has its fate; it still tells how long the way takes
            self.totals["refused" if ack.refused else "delivered"] += 1
            self._decide(sent, now, lost=False)
        return answer

    def advance(self, now: float) -> None:
        """Count what will not be answered any more, and forget what is old."""
        patience_s = self._patience_s()
        for sent in self._waiting.values():
            if not sent.late and now - sent.sent_s > patience_s:
                sent.late = True
                self.totals["lost"] += 1
                self._decide(sent, now, lost=True)
        self._forget(now)

    def rebase(self, now: float) -> None:
        """Forget the delays of more than a second ago: next to nothing was sent since, this is no queue."""
        while self._answers and self._answers[0].at_s < now - WINDOW_S:
            self._answers.popleft()

    def renew(self) -> None:
        """Forget all but the last few answers: those before them were another link's."""
        self._answers = deque(list(self._answers)[-AGREEING:])

    def restart(self) -> None:
        """Time began anew: forget everything but the totals."""
        for queue in (self._answers, self._fates, self._floors):
            queue.clear()
        self._waiting.clear()
        self._asked_s = None

    @property
    def strange(self) -> int:
        """Acknowledgements so far that were of nothing that waited, or told nonsense."""
        return self._strange

    def goodput_bps(self, now: float, window_s: float = WINDOW_S) -> float:
        """bit/s that were acknowledged over the last `window_s`."""
        recent = (a.sent.size_bytes for a in self._answers if a.at_s > now - window_s)
        return 8 * sum(recent) / window_s

    def answered_hz(self, now: float) -> float:
        """1/s, payloads acknowledged over the last second."""
        return sum(a.at_s > now - WINDOW_S for a in self._answers) / WINDOW_S

    def loss(self, since_s: float = -inf, least: int = 1) -> float:
        """0..1, share of payloads that were lost, of those whose fate the last two seconds brought.

        Args:
            since_s: s, only of payloads sent after this.
            least: payloads that make a share; NaN where there are fewer.
        """
        fates = [lost for _, sent_s, lost in self._fates if sent_s >= since_s]
        return sum(fates) / len(fates) if len(fates) >= least else nan

    def loss_floor(self) -> float:
        """0..1, the best second's loss of the last ten: what the link loses however little is sent."""
        return min((loss for _, loss in self._floors), default=0.0)

    def queue_delay_s(self) -> float:
        """s, present round trip above the usual one of the last ten seconds; NaN: nothing was answered.

        The way back counts: results wait there. Only the robot's clock is used. A packet that was sent
        again holds up those behind it, too, but that is over as soon as the newest one came in time.
        """
        if not self._answers:
            return nan
        present_s = min(self._present_trip_s(), self._answers[-1].round_trip_s)
        return max(present_s - self._usual_trip_s(), 0.0)

    def quickened(self) -> bool:
        """Whether the last few answers took much less time than any usual one: this is another link."""
        latest = [a.round_trip_s for a in list(self._answers)[-AGREEING:]]
        if len(latest) < AGREEING:
            return False
        usual_s, slowest_s = self._usual_trip_s(), max(latest)
        return slowest_s < QUICKER * usual_s and slowest_s < usual_s - QUICKER_S

    def newest_delay_s(self) -> float:
        """s, the same of the newest answer alone; NaN: nothing was answered."""
        return self._answers[-1].round_trip_s - self._usual_trip_s() if self._answers else nan

    def overdue_s(self, now: float) -> float:
        """s, for which answers have stayed away that are usually there by now.

        Single losses do not count: behind them other answers come.
        """
        waiting = next((sent for sent in self._waiting.values() if not sent.late), None)
        if waiting is None or not self._answers:
            return 0.0
        late_s = now - waiting.sent_s - self._usual_trip_s()
        return max(min(late_s, now - self._answers[-1].at_s), 0.0)

    def jitter_s(self) -> float:
        """s, median difference between round trips that follow each other; a queue's slow growth is none."""
        trips = [a.round_trip_s for a in list(self._answers)[-JITTER_OF:]]
        steps = [abs(after - before) for before, after in pairwise(trips)]
        return median(steps) if steps else 0.0

    def round_trip_s(self) -> float:
        """s, median of the last acknowledgements; NaN: none came."""
        latest = [a.round_trip_s for a in list(self._answers)[-LATEST:]]
        return median(latest) if latest else nan

    def clock_offset_s(self) -> float:
        """s, the cloud's clock minus the robot's, from the shortest round trip lately; NaN: not known.

        NTP's estimate (RFC 5905, section 8): both ways are taken to last half of the round trip, so it
        is wrong by at most half of the shortest one.
        """
        best = min(self._answers, key=lambda a: a.round_trip_s, default=None)
        return nan if best is None else best.way_s - best.round_trip_s / 2

    def silent_s(self, now: float) -> float:
        """Time, s, since the first payload after the newest answer; 0 where none was sent."""
        return 0.0 if self._asked_s is None else max(now - self._asked_s, 0.0)

    def is_silent(self, now: float) -> bool:
        """Whether answers have been missing for longer than they ever took lately."""
        return self.silent_s(now) > max(SILENCE_S, self._patience_s())

    def _decide(self, sent: Sent, now: float, *, lost: bool) -> None:
        if sent.counts:
            self._fates.append((now, sent.sent_s, lost))

    def _present_trip_s(self) -> float:
        """The median of the last half second, or of the last few answers: a packet sent twice is no queue."""
        since = self._answers[-1].at_s - PRESENT_S
        latest = [a.round_trip_s for a in self._answers if a.at_s >= since]
        return median(latest) if len(latest) >= LATEST else self.round_trip_s()

    def _usual_trip_s(self) -> float:
        """Jitter makes the shortest trip an exception: the fifth part that is shortest is the usual one."""
        trips = sorted(a.round_trip_s for a in self._answers)
        return trips[int(USUAL * (len(trips) - 1))]

    def _patience_s(self) -> float:
        """How long an answer may take: a good while longer than the slowest one lately."""
        slowest = max((a.round_trip_s for a in list(self._answers)[-30:]), default=4 * TIMEOUT_S)
        return max(TIMEOUT_S, 1.5 * slowest + 0.1)

    def _forget(self, now: float) -> None:
        gone = [n for n, sent in self._waiting.items() if now - sent.sent_s > FORGOTTEN_S]
        for sequence in gone:
            del self._waiting[sequence]
        while self._answers and self._answers[0].at_s < now - BASE_S:
            self._answers.popleft()
        while self._fates and self._fates[0][0] <= now - LOSS_WINDOW_S:
            self._fates.popleft()
        # Where everything was lost nobody listened: that says nothing of packets, and with nothing sent from
        # then on no better second would ever replace it.
        due = not self._floors or now - self._floors[-1][0] >= WINDOW_S
        if due and self._fates and (loss := self.loss()) < 1.0:
            self._floors.append((now, loss))
