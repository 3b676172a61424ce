from dataclasses import replace
from math import isnan

import pytest

from fer_ros.link.link import Link
from fer_ros.link.loss import GilbertElliott
from fer_ros.link.outages import OutagePlan
from fer_ros.link.profiles import DIRECT, Direction, LinkProfile
from fer_ros.link.traces import Trace

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


def test_the_two_ways_lose_messages_independently():
    direction = Direction(loss=0.5)
    link = Link(LinkProfile("lossy", direction, direction), seed=1)
    sent = [(link.send_up(k, 1, k), link.send_down(k, 1, k)) for k in range(100)]
    assert [up.lost for up, _ in sent] != [down.lost for _, down in sent]


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


@pytest.mark.parametrize("looked", [True, False])
def test_what_is_due_within_the_exactness_of_a_date_is_not_cut(looked):
    link = Link(WIFI, seed=1)
    link.send_up("frame", 1000, 1.7e9)
    now = link.next_due() - 5e-7
    arrived = link.deliver_up(now) if looked else []
    link.set_cut(True, now)
    assert arrived + link.deliver_up(now + 1.0) == ["frame"]


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


def test_a_clock_that_begins_anew_begins_the_trace_and_the_outages_anew():
    up = Direction(trace=Trace("slow", (400, 1000)), outages=OutagePlan(at=((1.2, 5.0),)))
    link = Link(LinkProfile("slow", up, up), seed=1)
    for begin in (100.0, 3.0):
        assert link.send_up("a", 1500, begin).at_s == pytest.approx(begin + 0.4)
        assert link.send_up("b", 1500, begin + 1.1).at_s == pytest.approx(begin + 6.4)


def test_callbacks_out_of_step_by_milliseconds_do_no_harm():
    link = Link(WIFI, seed=1)
    link.send_up("a", 1000, 1.0)
    link.send_up("b", 1000, 0.995)
    assert link.deliver_up(2.0) == ["a", "b"]


def test_a_profile_changes_the_trace_and_the_outages_too():
    slow = LinkProfile("slow", Direction(trace=Trace("slow", (1000,))), DIRECT.down)
    down = LinkProfile("down", Direction(outages=OutagePlan(at=((1.0, 2.0),))), DIRECT.down)
    link = Link(slow, seed=1)
    assert link.send_up("a", 1500, 10.5).at_s == 11.5
    link.set_profile(down, 12.0)
    assert link.send_up("b", 1500, 12.5).at_s == 12.5
    assert link.send_up("c", 1500, 13.5).at_s == 15.0  # down from 1 s to 3 s after the change
    link.set_profile(slow, 20.0)
    assert link.send_up("d", 1500, 20.1).at_s == 21.0


def test_traces_and_outages_begin_with_the_first_message_however_early_somebody_looked():
    plan = OutagePlan(at=((1.0, 2.0),))
    link = Link(LinkProfile("down", Direction(outages=plan), Direction(outages=plan)), seed=1)
    link.status(0.0)
    assert link.deliver_up(3.0) == []
    assert link.send_down("first", 1, 100.0).at_s == 100.0
    assert link.send_up("second", 1, 101.5).at_s == 103.0


def test_a_reliable_link_says_when_a_message_arrives_as_soon_as_it_knows():
    direction = Direction(rate_kbps=8000.0, delay_ms=40.0, bursts=GilbertElliott(p=1.0, r=1.0), reliable=True)
    link = Link(LinkProfile("sure", direction, direction), seed=1)
    answers = [link.send_up(k, 1000, 0.0) for k in range(3)]
    assert None in answers
    report = link.status(0.5)
    assert (report.sent, report.delivered, report.lost, report.loss) == (3, 0, 0, 0.0)
    got, looks = [], 0
    while (due := link.next_due()) is not None:
        got += [(due, payload) for payload in link.deliver_up(due)]
        looks += 1
    assert [payload for _, payload in got] == [0, 1, 2]
    assert looks <= 6
    assert link.status(9.0).delivered == 3


def test_the_backlog_of_both_ways_can_be_seen():
    link = Link(WIFI, seed=1)
    assert link.backlog_bytes(0.0) == (0.0, 0.0)
    link.send_up("frame", 30_000, 1.0)
    assert link.backlog_bytes(1.004) == (pytest.approx(15_000), 0.0)
