"""What holds of every link, whatever is sent through it and however it is changed meanwhile."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.link.link import Link
from fer_ros.link.loss import GilbertElliott
from fer_ros.link.outages import OutagePlan
from fer_ros.link.profiles import DIRECT, Direction, LinkProfile
from fer_ros.link.traces import Trace

ROUGH = LinkProfile(
    "rough",
    Direction(rate_kbps=750.0, delay_ms=250.0, jitter_ms=25.0, loss=0.015, queue_bytes=100_000),
    Direction(rate_kbps=750.0, delay_ms=250.0, jitter_ms=25.0, loss=0.015, queue_bytes=100_000),
)
HARSH = LinkProfile(
    "harsh",
    Direction(
        trace=Trace("t", (1, 3, 4, 40, 41, 90)),
        delay_ms=50.0,
        jitter_ms=20.0,
        jitter_shape="pareto",
        bursts=GilbertElliott(0.02, 0.3),
        queue_bytes=60_000,
        outages=OutagePlan(at=((2.0, 0.5),), every_s=10.0, mean_up_s=5.0, mean_down_s=0.3),
    ),
    Direction(rate_kbps=200.0, delay_ms=50.0, loss=0.1, reliable=True, queue_bytes=3000),
)
PROFILES = {
    "rough": ROUGH,
    "harsh": HARSH,
    "turned": LinkProfile("turned", HARSH.down, HARSH.up),
    "shuffled": LinkProfile("shuffled", replace(ROUGH.up, jitter_ms=200.0, reorder=True), DIRECT.down),
    "direct": DIRECT,
}
KINDS = ["up", "down", "cut", "mend", "rough", "harsh", "turned", "direct"]


@pytest.mark.parametrize("profile", ["harsh", "turned"])
def test_simulated_time_gives_what_real_time_gives(profile):
    """Dates are known to a quarter of a microsecond, and many things coincide to the millisecond here."""
    found = []
    for start in (0.0, 5.3, 1.7e9 + 0.1):
        link, arrived, at = Link(PROFILES[profile], seed=4), [], []
        for k in range(3000):
            now = start + k / 100
            delivery = link.send_up(k, 40 * (k % 500), now)
            at.append(delivery.at_s - start if delivery else None)
            arrived += [(k, payload) for payload in link.deliver_up(now)]
        arrived += [(-1, payload) for payload in link.deliver_up(start + 1e5)]
        found.append((arrived, at, link.status(start + 1e5).lost))
    for arrived, at, lost in found[1:]:
        assert (arrived, lost) == (found[0][0], found[0][2])
        assert at == pytest.approx(found[0][1], abs=1e-6, nan_ok=True)


def test_another_seed_is_another_link():
    lost = []
    for seed in (1, 1, 2):
        link = Link(HARSH, seed)
        lost.append([link.send_up(k, 3000, k / 10).lost for k in range(200)])
    assert lost[0] == lost[1] != lost[2]


sends = st.tuples(st.sampled_from(KINDS), st.floats(0, 0.3), st.integers(0, 40_000))


class Played:
    """A link that events were run through: what arrived above and below, and the last report."""

    def __init__(self, events, seed, looks=(), start="rough"):
        self.above, self.below = [], []
        self._link, self._looks = Link(PROFILES[start], seed), sorted(looks)
        now = 0.0
        for index, (kind, gap, size) in enumerate(events):
            now += gap
            self._look(now)
            self._do(kind, index, size, now)
        self._look(float("inf"))
        self._take(1e5)
        self.undelivered = self._link.next_due()
        self.report = self._link.status(1e5)

    def _do(self, kind, index, size, now):
        if kind == "up":
            self._link.send_up(index, size, now)
        elif kind == "down":
            self._link.send_down(index, size, now)
        elif kind in PROFILES:
            self._link.set_profile(PROFILES[kind], now)
        else:
            self._link.set_cut(kind == "cut", now)

    def _look(self, now):
        while self._looks and self._looks[0] < now:
            self._take(self._looks.pop(0))

    def _take(self, now):
        self.above += self._link.deliver_up(now)
        self.below += self._link.deliver_down(now)
        self._link.next_due()
        self._link.status(now)


events_of_all_kinds = st.lists(sends, max_size=60)


@given(events_of_all_kinds, st.integers(0, 1000), st.sampled_from(sorted(PROFILES)))
def test_every_message_is_delivered_once_or_counted_lost(events, seed, start):
    played = Played(events, seed, start=start)
    report = played.report
    assert played.undelivered is None
    assert len(set(played.above)) == len(played.above)
    assert len(set(played.below)) == len(played.below)
    assert report.sent == sum(kind == "up" for kind, _, _ in events)
    assert report.sent == report.delivered + report.lost
    assert (report.delivered, report.results) == (len(played.above), len(played.below))


@given(events_of_all_kinds, st.integers(0, 1000), st.lists(st.floats(0, 20), max_size=40))
def test_how_often_somebody_looks_changes_nothing(events, seed, looks):
    once, often = Played(events, seed), Played(events, seed, looks)
    assert (once.above, once.below) == (often.above, often.below)
    assert once.report == often.report


@given(st.lists(sends.filter(lambda event: event[0] in ("up", "down", "cut", "mend")), max_size=60))
@pytest.mark.parametrize("start", ["rough", "harsh", "turned"])
def test_messages_arrive_in_the_order_of_sending(start, events):
    played = Played(events, 1, start=start)
    assert played.above == sorted(played.above)
    assert played.below == sorted(played.below)


def test_messages_may_overtake_each_other_where_a_profile_says_so():
    link = Link(PROFILES["shuffled"], seed=1)
    for k in range(100):
        link.send_up(k, 100, k / 100)
    arrived = link.deliver_up(60.0)
    assert arrived != sorted(arrived)
