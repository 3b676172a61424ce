from collections import deque
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fer_ros.link.model import LinkDirection
from fer_ros.link.outages import OutagePlan
from fer_ros.link.profiles import Direction
from fer_ros.link.traces import Trace

WIDE = Direction(queue_bytes=10**9)


def following(*times_ms, **change):
    return LinkDirection(replace(WIDE, trace=Trace("test", times_ms), **change), 1)


def arrivals(link, *sizes, now=0.0):
    return [round(link.send(size, now).at_s, 9) for size in sizes]


def test_a_packet_leaves_at_the_next_opportunity():
    link = following(10, 20, 50)
    assert arrivals(link, 1500, 1500, 1500) == [0.010, 0.020, 0.050]


def test_after_its_last_line_a_trace_begins_again():
    assert arrivals(following(10, 50), *[1500] * 5) == [0.010, 0.050, 0.060, 0.100, 0.110]
    assert arrivals(following(0, 50), *[1500] * 5) == [0.0, 0.050, 0.050, 0.100, 0.100]


def test_a_trace_begins_with_the_first_message():
    link = following(10, 50)
    assert arrivals(link, 1500, now=100.0) == [100.010]
    assert arrivals(link, 1500, now=100.055) == [100.060]


def test_small_packets_share_an_opportunity_and_large_ones_take_several():
    assert arrivals(following(10, 20, 30), 500, 500, 500, 1) == [0.010, 0.010, 0.010, 0.020]
    assert arrivals(following(10, 20, 30), 1000, 1000, 1000) == [0.010, 0.020, 0.020]
    assert arrivals(following(10, 20, 30, mtu=4000), 4000) == [0.030]


def test_what_an_empty_queue_leaves_of_an_opportunity_is_lost():
    link = following(10, 20, 30)
    assert arrivals(link, 100) == [0.010]
    assert arrivals(link, 1500, now=0.0101) == [0.020]
    assert arrivals(link, 1500, now=0.025) == [0.030]


def test_several_lines_of_one_millisecond_are_several_opportunities():
    assert arrivals(following(10, 10, 10, 20), *[1500] * 4) == [0.010, 0.010, 0.010, 0.020]


def test_a_pause_of_any_length_is_passed_over():
    link = following(3, 1000)
    arrivals(link, 1500)
    assert link.send(1500, 1e9 + 0.5).at_s == pytest.approx(1e9 + 1.0)
    assert link.send(1500, 1e9 + 0.5).at_s == pytest.approx(1e9 + 1.003)


def test_the_queue_is_as_full_as_the_opportunities_leave_it():
    link = following(10, 20, 30, queue_bytes=4000)
    assert [link.send(1500, 0.0).lost for _ in range(3)] == [False, False, True]
    assert not link.send(1000, 0.0).lost
    assert [link.backlog_bytes(t) for t in (0.0, 0.011, 0.021, 0.031)] == [4000, 2500, 1000, 0]


def test_opportunities_in_an_outage_are_lost():
    link = following(10, 20, 30, outages=OutagePlan(at=((0.015, 0.04),)))
    assert arrivals(link, 1500, 1500, 1500) == [0.010, 0.060, 0.070]


def mahimahi(times_ms, packets):
    """Opportunities one by one, as Mahimahi's link shell spends them; gives when each packet leaves, ms.

    Args:
        times_ms: of a trace.
        packets: (ms, bytes), in order, at times between opportunities.
    """
    left, queue, coming = {}, deque(), deque(enumerate(packets))
    opportunities = (lap * times_ms[-1] + time for lap in count() for time in times_ms)
    while len(left) < len(packets):
        now, spare = next(opportunities), 1500
        while coming and coming[0][1][0] <= now:
            index, (_, size) = coming.popleft()
            queue.append([index, size])
        while queue and spare:
            served = min(spare, queue[0][1])
            spare -= served
            queue[0][1] -= served
            if not queue[0][1]:
                left[queue.popleft()[0]] = now
    return [left[k] for k in range(len(packets))]


steps = st.lists(st.integers(0, 30), min_size=1, max_size=12).filter(any)
traffic = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 1500)), min_size=1, max_size=40)


@given(steps, traffic)
@example([0, 9], [(6, 1), (60, 1), (60, 1), (0, 1500)])  # the end of a lap is the beginning of the next
def test_packets_leave_when_mahimahi_lets_them(gaps_ms, messages):
    times, packets, at = [sum(gaps_ms[: k + 1]) for k in range(len(gaps_ms))], [(0.5, 1)], 0.5
    for gap, size in messages:
        at += gap
        packets.append((at, size))
    link = following(*times)
    link.begin(0.0)
    found = [link.send(size, at_ms / 1000).at_s * 1000 for at_ms, size in packets]
    assert found == pytest.approx(mahimahi(times, packets), abs=1e-6)
