from dataclasses import replace
from math import isnan

import pytest

from fer_ros.link.journeys import PATIENCE_S, Journey, steady, stretches, travel, whole
from fer_ros.link.journeys_text import as_plain, table_text
from fer_ros.link.outages import OutagePlan
from fer_ros.link.profiles import DIRECT, Direction, LinkProfile

PLAIN = Direction(rate_kbps=8000.0, delay_ms=40.0, queue_bytes=100_000)  # 1 byte a microsecond


def profile(**change):
    return LinkProfile("test", replace(PLAIN, **change), DIRECT.down)


def sent(count, size=1000, gap_s=0.1):
    return [(k * gap_s, size, k) for k in range(count)]


def test_nothing_sent_is_no_journey():
    assert travel(DIRECT, 1, []) == []


def test_a_journey_takes_size_over_rate_and_the_delay():
    (journey,) = travel(profile(), 1, [(5.0, 1000, None)])
    assert journey == Journey(5.0, 1000, 0.0, pytest.approx(5.041))


def test_a_journey_knows_the_queue_that_it_found():
    first, second = travel(profile(), 1, [(0.0, 10_000, None), (0.004, 1000, None)])
    assert (first.queue_bytes, second.queue_bytes) == (0.0, pytest.approx(6000))


def test_arrivals_are_told_of_in_their_order_and_at_their_times():
    heard = []
    journeys = travel(profile(loss=0.2), 1, sent(50), lambda at, payload: heard.append((at, payload)))
    assert heard == [(j.arrived_s, k) for k, j in enumerate(journeys) if not isnan(j.arrived_s)]
    assert 30 < len(heard) < 50


def test_a_reliable_link_is_waited_for():
    journeys = travel(profile(loss=0.3, reliable=True), 1, sent(50, gap_s=0.01))
    assert [isnan(j.arrived_s) for j in journeys] == [False] * 50


def test_an_outage_is_not_waited_for_for_ever():
    journeys = travel(profile(outages=OutagePlan(at=((0.05, 2 * PATIENCE_S),))), 1, sent(2))
    assert [isnan(j.arrived_s) for j in journeys] == [False, True]


def test_the_way_down_is_the_other_one():
    (journey,) = travel(profile(), 1, [(0.0, 1000, None)], down=True)
    assert journey.arrived_s == 0.0


def test_steady_messages_are_evenly_spaced_or_a_poisson_process():
    assert [at for at, _ in steady(7, 4.0, 1.0)] == [0.0, 0.25, 0.5, 0.75]
    times = [at for at, _ in steady(7, 100.0, 100.0, poisson_seed=1)]
    assert len(times) == pytest.approx(10_000, rel=0.03)
    assert times == sorted(times)
    assert len(set(times)) == len(times)


def test_stretches_count_what_was_sent_and_what_came_in_them():
    journeys = [Journey(10.0, 1000, 0.0, 10.1), Journey(10.5, 1000, 2000.0), Journey(11.5, 500, 0.0, 11.7)]
    first, second = stretches(journeys, 1.0)
    assert (first.begin_s, first.sent, first.loss, first.queue_kb) == (0.0, 2, 0.5, 1.0)
    assert (first.offered_kbps, first.delivered_kbps) == (16.0, 8.0)
    assert first.delay_p50_ms == pytest.approx(100)
    assert (second.begin_s, second.sent, second.loss, second.delivered_kbps) == (1.0, 1, 0.0, 4.0)


def test_the_whole_is_as_long_as_the_last_arrival():
    total = whole([Journey(10.0, 1000, 0.0, 10.1), Journey(11.0, 1000, 0.0, 12.0)])
    assert (total.sent, total.loss) == (2, 0.0)
    assert total.delivered_kbps == pytest.approx(8.0)


def test_what_was_not_measured_is_said_to_be_so():
    journeys = [Journey(0.0, 1000, 0.0), Journey(2.5, 1000, 0.0)]
    parts = stretches(journeys, 1.0)
    assert [isnan(part.loss) for part in parts] == [False, True, False]
    text = table_text(parts, whole(journeys))
    assert len(text.splitlines()) == 2 + 3 + 1
    assert " - " in text
    assert as_plain(parts[1])["delay_p50_ms"] is None
    assert as_plain(parts[0])["loss"] == 1.0


def test_the_longest_delay_has_the_longest_bar():
    journeys = travel(profile(), 1, [*sent(10, size=100), *[(1.0 + k / 100, 20_000, k) for k in range(50)]])
    bars = [line.count("█") for line in table_text(stretches(journeys, 0.5), whole(journeys)).splitlines()]
    assert max(bars) == bars[-2] == 24
    assert 0 < bars[2] < 24
