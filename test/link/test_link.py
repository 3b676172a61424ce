from dataclasses import replace
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.link.link import Link
from fer_ros.link.profiles import DIRECT, Direction, LinkProfile

WIFI = LinkProfile(
    "wifi",
    Direction(rate_kbps=30_000.0, delay_ms=40.0, queue_bytes=500_000),
    Direction(rate_kbps=30_000.0, delay_ms=40.0, queue_bytes=500_000),
)
ROUGH = LinkProfile(
    "rough",
    Direction(rate_kbps=750.0, delay_ms=250.0, jitter_ms=25.0, loss=0.015, queue_bytes=100_000),
    Direction(rate_kbps=750.0, delay_ms=250.0, jitter_ms=25.0, loss=0.015, queue_bytes=100_000),
)


def test_direct_passes_at_once_in_order():
    link = Link(DIRECT, seed=1)
    for frame in ("a", "b"):
        link.send_up(frame, 90_000, 5.0)
    assert link.deliver_up(5.0) == ["a", "b"]
    assert link.next_due() is None


def test_messages_come_out_when_they_are_due_and_not_before():
    link = Link(WIFI, seed=1)
    due = link.send_up("frame", 25_000, 1.0).at_s
    assert due == pytest.approx(1.0 + 25_000 * 8 / 30e6 + 0.040)
    assert link.next_due() == due
    assert link.deliver_up(due - 1e-6) == []
    assert link.deliver_up(due) == ["frame"]
    assert link.deliver_up(due) == []


def test_results_come_back_over_the_other_direction():
    link = Link(WIFI, seed=1)
    link.send_up("frame", 500_000, 0.0)  # fills the way up, not the way down
    due = link.send_down("result", 600, 0.0).at_s
    assert due == pytest.approx(0.04016)
    assert link.deliver_down(due) == ["result"]
    assert link.deliver_up(due) == []


def test_a_cut_loses_what_is_in_flight_and_what_is_sent():
    link = Link(WIFI, seed=1)
    link.send_up("arrived", 1000, 0.0)
    link.send_up("in flight", 1000, 0.5)
    link.send_down("result in flight", 600, 0.5)
    link.set_cut(True, 0.51)
    assert link.send_up("sent into the cut", 1000, 0.6).reason == "cut"
    link.set_cut(False, 1.0)
    link.send_up("after", 1000, 1.0)
    assert link.deliver_up(9.0) == ["arrived", "after"]
    assert link.deliver_down(9.0) == []
    report = link.status(9.0)
    assert (report.sent, report.delivered, report.lost, report.results) == (4, 2, 2, 0)


def test_cutting_twice_is_cutting_once():
    link = Link(DIRECT, seed=1)
    link.set_cut(True, 0.0)
    link.set_cut(True, 0.1)
    assert link.cut
    link.set_cut(False, 0.2)
    assert not link.cut


def test_a_profile_changes_live():
    link = Link(ROUGH, seed=1)
    link.send_up("slow", 50_000, 0.0)
    link.set_profile(DIRECT)
    assert link.status(0.0).profile == "direct"
    assert link.send_down("fast", 600, 0.0).at_s == 0.0
    assert link.deliver_up(0.5) == []
    assert link.deliver_up(2.0) == ["slow"]


def test_the_report_counts_the_last_second():
    link = Link(replace(WIFI, up=replace(WIFI.up, delay_ms=0.0), down=Direction()), seed=1)
    for frame in range(30):
        now = frame / 10
        link.send_up(frame, 10_000, now)
        link.send_down(frame, 500, now)
        link.deliver_up(now + 0.05)
        link.deliver_down(now + 0.05)
    report = link.status(2.95)
    assert report.offered_bps == pytest.approx(10 * 80_000)
    assert report.delivered_bps == pytest.approx(10 * 80_000)
    assert report.returned_bps == pytest.approx(10 * 4_000)
    assert report.delivered_hz == 10
    assert (report.loss, report.queue_delay_s) == (0.0, 0.0)
    assert (report.sent, report.delivered, report.lost, report.results) == (30, 30, 0, 30)


def test_what_was_not_measured_is_nan():
    link = Link(WIFI, seed=1)
    report = link.status(0.0)
    assert isnan(report.loss)
    assert isnan(report.queue_delay_s)
    assert (report.offered_bps, report.delivered_hz) == (0.0, 0.0)
    link.set_cut(True, 0.0)
    link.send_up("frame", 1000, 0.1)
    report = link.status(0.2)
    assert (report.cut, report.loss) == (True, 1.0)
    assert isnan(report.queue_delay_s)


def test_the_share_lost_to_a_cut_is_of_the_messages_sent_in_that_second():
    link = Link(ROUGH, seed=1)
    link.send_up("old", 100_000, 0.0)
    link.send_up("new", 20_000, 1.05)
    link.set_cut(True, 1.1)
    report = link.status(1.2)
    assert (report.lost, report.delivered) == (2, 0)
    assert report.loss == 1.0


def test_a_clock_that_begins_anew_empties_the_link():
    link = Link(ROUGH, seed=1)
    link.send_up("before", 50_000, 100.0)
    link.send_up("after", 1000, 3.0)
    assert link.deliver_up(10.0) == ["after"]
    assert link.status(10.0).lost == 1


def test_callbacks_out_of_step_by_milliseconds_do_no_harm():
    link = Link(WIFI, seed=1)
    link.send_up("a", 1000, 1.0)
    link.send_up("b", 1000, 0.995)
    assert link.deliver_up(2.0) == ["a", "b"]


sends = st.tuples(
    st.sampled_from(["up", "down", "cut", "mend", "deliver"]), st.floats(0, 0.3), st.integers(0, 40_000)
)


def play(events, seed):
    """Run events through a rough link; gives what arrived above and below, and the last report."""
    link, now, above, below = Link(ROUGH, seed), 0.0, [], []
    for index, (kind, gap, size) in enumerate(events):
        now += gap
        if kind == "up":
            link.send_up(index, size, now)
        elif kind == "down":
            link.send_down(index, size, now)
        elif kind == "deliver":
            above += link.deliver_up(now)
            below += link.deliver_down(now)
        else:
            link.set_cut(kind == "cut", now)
    above += link.deliver_up(now + 60)
    below += link.deliver_down(now + 60)
    return above, below, link.status(now + 60)


@given(st.lists(sends, max_size=60), st.integers(0, 1000))
def test_every_message_is_delivered_once_in_order_or_counted_lost(events, seed):
    above, below, report = play(events, seed)
    assert above == sorted(set(above))
    assert below == sorted(set(below))
    assert report.sent == sum(kind == "up" for kind, _, _ in events)
    assert report.sent == report.delivered + report.lost
    assert (report.delivered, report.results) == (len(above), len(below))
    assert play(events, seed)[:2] == (above, below)
