from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.link.model import LinkDirection
from fer_ros.link.outages import OutagePlan
from fer_ros.link.profiles import Direction
from fer_ros.link.traces import Trace

FROM_10_TO_12 = OutagePlan(at=((10.0, 2.0),))
PLAIN = Direction(rate_kbps=8000.0, queue_bytes=50_000)  # 1 byte a microsecond
NEVER = OutagePlan(at=((1e6, 1.0),))


def begun(**change):
    """A direction whose time began at 0."""
    link = LinkDirection(replace(PLAIN, **change), 1)
    link.begin(0.0)
    return link


def test_in_an_outage_nothing_leaves_and_the_queue_fills():
    link = begun(outages=FROM_10_TO_12)
    assert link.send(1000, 9.0).at_s == pytest.approx(9.001)
    sent = [link.send(1500, 10.5) for _ in range(40)]
    assert [d.lost for d in sent] == [False] * 33 + [True] * 7
    assert sent[0].queue_delay_s == pytest.approx(1.5)
    assert sent[1].at_s == pytest.approx(12.003)
    assert link.backlog_bytes(11.9) == pytest.approx(49_500)
    assert link.backlog_bytes(12.02) == pytest.approx(29_500)


def test_a_packet_that_an_outage_interrupts_leaves_after_it():
    link = begun(outages=FROM_10_TO_12)
    assert link.send(1500, 9.999).at_s == pytest.approx(12.0005)


def test_what_is_on_the_air_arrives_in_an_outage():
    assert begun(outages=FROM_10_TO_12, delay_ms=500.0).send(1500, 9.9).at_s == pytest.approx(10.4015)


def test_a_link_without_a_rate_holds_back_what_it_may_in_an_outage():
    link = begun(rate_kbps=float("inf"), outages=FROM_10_TO_12)
    assert link.send(10**6, 9.9).at_s == 9.9
    assert [link.send(21_000, 11.0).lost for _ in range(3)] == [False, False, True]  # 7500 of the third
    assert link.send(500, 11.5).at_s == 12.0
    assert link.backlog_bytes(11.5) == 50_000
    assert link.send(10**6, 12.0).at_s == 12.0
    assert link.backlog_bytes(12.0) == 0


def test_directions_that_share_a_seed_are_down_together():
    plan = OutagePlan(mean_up_s=1.0, mean_down_s=1.0)
    up, down, other = (
        LinkDirection(replace(PLAIN, outages=plan, rate_kbps=float("inf")), seed, shared)
        for seed, shared in ((1, 7), (2, 7), (3, 8))
    )
    times = [k / 10 for k in range(200)]
    late = [[link.send(1, t).at_s - t for t in times] for link in (up, down, other)]
    assert late[0] == late[1] != late[2]


kinds = st.sampled_from(
    [
        PLAIN,
        replace(PLAIN, rate_kbps=float("inf")),
        replace(PLAIN, rate_kbps=float("inf"), trace=Trace("t", (1, 7, 7, 20))),
    ]
)
traffic = st.lists(st.tuples(st.floats(0, 0.3), st.integers(0, 20_000)), max_size=40)


@given(kinds, traffic)
def test_an_outage_that_never_comes_changes_nothing(direction, messages):
    links = [LinkDirection(replace(direction, outages=outages), 1) for outages in (None, NEVER)]
    now = 0.0
    for gap, size in messages:
        now += gap
        without, with_plan = (link.send(size, now) for link in links)
        assert without.reason == with_plan.reason
        assert with_plan.at_s == pytest.approx(without.at_s, abs=1e-9, nan_ok=True)


@given(kinds, traffic, st.floats(0, 5), st.floats(0.01, 2))
def test_nothing_leaves_in_an_outage(direction, messages, start, duration):
    plan = OutagePlan(at=((start, duration),), every_s=8.0)
    link = LinkDirection(replace(direction, outages=plan), 1)
    link.begin(0.0)
    now = 0.0
    for gap, size in messages:
        now += gap
        delivery = link.send(size, now)
        if not delivery.lost:
            assert not start + 1e-9 < delivery.at_s % 8.0 < start + duration - 1e-9
            assert delivery.at_s >= now
