from dataclasses import replace
from math import isnan

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fer_ros.link.loss import GilbertElliott
from fer_ros.link.model import LinkDirection
from fer_ros.link.outages import OutagePlan
from fer_ros.link.profiles import Direction
from fer_ros.link.stream import LEAST_ROUND_TRIP_S
from fer_ros.link.traces import Trace

SURE = Direction(rate_kbps=8000.0, delay_ms=40.0, queue_bytes=10_000, reliable=True)  # 1 byte a microsecond
EVERY_SECOND = GilbertElliott(p=1.0, r=1.0)  # one packet is lost, one arrives, one is lost
LOSSES_FIRST, ARRIVALS_FIRST = 1, 2  # seeds with which EVERY_SECOND begins so


def arrivals(link, sizes, now=0.0, until=1e4):
    """Send at once; gives when each arrives, s."""
    sent = [link.send(size, now) for size in sizes]
    link.advance(until)
    return [delivery.at_s for delivery in sent]


def test_without_loss_it_is_as_fast_as_without_repeats():
    plain = replace(SURE, reliable=False)
    assert arrivals(LinkDirection(SURE, 1), [5000, 700, 0]) == [
        pytest.approx(LinkDirection(plain, 1).send(5000, 0.0).at_s),
        pytest.approx(0.0057 + 0.040),
        pytest.approx(0.0057 + 0.040),
    ]


def test_a_lost_packet_costs_a_round_trip_after_it_would_have_arrived():
    lossy = replace(SURE, bursts=EVERY_SECOND)
    assert arrivals(LinkDirection(lossy, ARRIVALS_FIRST), [1000]) == [pytest.approx(0.041)]
    link = LinkDirection(lossy, LOSSES_FIRST)
    delivery = link.send(1000, 0.0)
    assert isnan(delivery.at_s)
    assert not delivery.lost
    assert delivery.queue_delay_s == 0.0
    assert link.next_event() == pytest.approx(0.041 + 0.080)
    link.advance(0.120)
    assert isnan(delivery.at_s)
    link.advance(0.122)
    assert delivery.at_s == pytest.approx(0.041 + 0.080 + 0.041)
    assert link.next_event() is None


def test_a_short_way_has_a_shortest_round_trip():
    link = LinkDirection(Direction(reliable=True, bursts=EVERY_SECOND), LOSSES_FIRST)
    assert arrivals(link, [1000]) == [pytest.approx(LEAST_ROUND_TRIP_S)]


def test_a_message_that_waits_holds_up_those_behind_it():
    link = LinkDirection(replace(SURE, bursts=EVERY_SECOND), LOSSES_FIRST)
    first, second = arrivals(link, [1000, 1000])
    assert (
        first == second == pytest.approx(0.041 + 0.121 + 0.121)
    )  # sent a third time; the second came at once


def test_what_the_queue_has_no_room_for_is_held_back():
    assert arrivals(LinkDirection(SURE, 1), [30_000, 500]) == [
        pytest.approx(0.030 + 0.040),
        pytest.approx(0.0305 + 0.040),
    ]


def test_what_is_sent_again_goes_before_what_was_held_back():
    link = LinkDirection(replace(SURE, delay_ms=1.0, bursts=EVERY_SECOND), LOSSES_FIRST)
    first, last = arrivals(link, [1500, 600_000])
    assert first < 0.1 < last


def test_it_waits_for_the_end_of_an_outage():
    direction = replace(SURE, delay_ms=0.0, outages=OutagePlan(at=((0.005, 1.0),)))
    assert arrivals(LinkDirection(direction, 1), [20_000]) == [pytest.approx(1.020)]


def test_what_was_held_back_meets_the_new_figures_after_a_change():
    link = LinkDirection(SURE, 1)
    sent = link.send(110_000, 0.0)
    link.change(replace(SURE, rate_kbps=80_000.0), 0.05)
    link.advance(9.0)  # 50 kB had left and 10 kB were queued; the last 50 kB go ten times as fast
    assert sent.at_s == pytest.approx(0.060 + 0.005 + 0.040, abs=0.0003)


def test_messages_under_way_stay_reliable_when_later_ones_are_not():
    link = LinkDirection(replace(SURE, bursts=EVERY_SECOND), LOSSES_FIRST)
    sent = link.send(1000, 0.0)
    link.change(replace(SURE, reliable=False), 0.05)
    assert link.send(1000, 0.1).at_s == pytest.approx(0.141)
    link.send(1000, 0.5)
    assert sent.at_s == pytest.approx(0.162)


def test_a_cut_loses_what_it_still_had_to_send():
    link = LinkDirection(SURE, 1)
    sent = link.send(100_000, 0.0)
    link.set_cut(True)
    assert link.next_event() is None
    assert link.send(1, 0.1).reason == "cut"
    link.set_cut(False)
    assert arrivals(link, [1000], now=0.2) == [pytest.approx(0.241)]
    assert isnan(sent.at_s)


reliable = st.builds(
    Direction,
    rate_kbps=st.sampled_from([500.0, 8000.0, float("inf")]),
    delay_ms=st.floats(0, 100),
    jitter_ms=st.floats(0, 30),
    reorder=st.booleans(),
    loss=st.floats(0, 0.6),
    queue_bytes=st.integers(1500, 20_000),
    outages=st.sampled_from([None, OutagePlan(mean_up_s=1.0, mean_down_s=0.2)]),
    reliable=st.just(True),
) | st.builds(
    Direction,
    trace=st.sampled_from([Trace("slow", (4, 30)), Trace("fast", (0, 0, 1, 2, 2, 5))]),
    loss=st.floats(0, 0.6),
    queue_bytes=st.integers(1500, 20_000),
    reliable=st.just(True),
)
traffic = st.lists(st.tuples(st.floats(0, 0.2), st.integers(0, 30_000)), min_size=1, max_size=25)


def play(direction, messages, looks):
    """Send messages and look at other times too; gives when each arrives, s."""
    link, now, sent = LinkDirection(direction, 5), 0.0, []
    events = []
    for gap, size in messages:
        now += gap
        events.append((now, size))
    for at, size in sorted(events + [(at, None) for at in looks], key=lambda event: event[0]):
        if size is None:
            link.advance(at)
            link.backlog_bytes(at)
        else:
            sent.append((at, link.send(size, at)))
    link.advance(1e5)
    assert link.next_event() is None
    return [(at, delivery.at_s) for at, delivery in sent]


@given(reliable, traffic, st.lists(st.floats(0, 8), max_size=30))
@example(
    Direction(trace=Trace("fast", (0, 0, 1, 2, 2, 5)), reliable=True),
    [(0.11296482949220346, 0), (0.2, 0), (0.2, 0)],
    [],
)  # times that are not exact
def test_everything_arrives_in_order_and_looking_changes_nothing(direction, messages, looks):
    found = play(direction, messages, looks)
    assert [at for _, at in found] == sorted(at for _, at in found)
    assert all(arrived >= sent for sent, arrived in found)
    assert found == play(direction, messages, [])


@pytest.mark.parametrize("start", [0.0, 1.7e9 + 0.3])
@given(reliable, traffic)
def test_waiting_for_the_next_event_finds_every_arrival_in_time(start, direction, messages):
    link = LinkDirection(direction, 5)
    sent = [link.send(size, start) for _, size in messages]
    now, looks = start, 0
    while (event := link.next_event()) is not None:
        known = [delivery.at_s for delivery in sent]
        link.advance(event)
        news = [d.at_s for d, before in zip(sent, known, strict=True) if isnan(before) and not isnan(d.at_s)]
        assert all(at >= event for at in news)
        assert event >= now
        now, looks = event, looks + 1
        assert looks < 20_000
    assert not any(isnan(delivery.at_s) for delivery in sent)
