from dataclasses import replace
from math import isnan, sqrt
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_ros.errors import ParameterError
from fer_ros.link.delays import SHAPES
from fer_ros.link.loss import GilbertElliott
from fer_ros.link.model import LinkDirection
from fer_ros.link.outages import OutagePlan
from fer_ros.link.profiles import Direction
from fer_ros.link.traces import Trace

PLAIN = Direction(rate_kbps=8000.0, queue_bytes=1_000_000)  # 1 byte a microsecond

directions = st.builds(
    Direction,
    rate_kbps=st.sampled_from([50.0, 8000.0, float("inf")]),
    jitter_shape=st.sampled_from(SHAPES),
    bursts=st.none() | st.builds(GilbertElliott, p=st.floats(0, 1), r=st.floats(0.01, 1)),
    outages=st.sampled_from([None, OutagePlan(at=((0.2, 0.3),)), OutagePlan(mean_up_s=1.0, mean_down_s=0.2)]),
    delay_ms=st.floats(0, 500),
    jitter_ms=st.floats(0, 200),
    loss=st.floats(0, 1),
    queue_bytes=st.integers(1, 100_000),
    reorder=st.booleans(),
)
traffic = st.lists(st.tuples(st.integers(0, 60_000), st.floats(0, 0.5)), max_size=60)


def offer(direction, messages, seed=3, start=0.0):
    """Send (size, gap) messages; gives [(sent at, size, delivery)]."""
    link, now, sent = LinkDirection(direction, seed), start, []
    for size, gap in messages:
        now += gap
        sent.append((now, size, link.send(size, now)))
    return sent


def test_the_defaults_let_everything_pass_at_once():
    delivery = LinkDirection(Direction(), 0).send(10**9, 4.0)
    assert (delivery.at_s, delivery.queue_delay_s, delivery.lost) == (4.0, 0.0, False)


def test_a_message_takes_its_size_over_the_rate_plus_the_delay():
    link = LinkDirection(replace(PLAIN, delay_ms=40.0), 0)
    assert link.send(5000, 1.0).at_s == pytest.approx(1.0 + 0.005 + 0.040)


def test_the_second_message_waits_for_the_first():
    link = LinkDirection(PLAIN, 0)
    link.send(5000, 1.0)
    second = link.send(5000, 1.001)
    assert second.queue_delay_s == pytest.approx(0.004)
    assert second.at_s == pytest.approx(1.010)


@pytest.mark.parametrize("size", [200, 1500])
def test_saturation_carries_the_rate_within_one_percent(size):
    direction = replace(PLAIN, queue_bytes=20_000)
    sent = offer(direction, [(size, size / 2e6)] * 20_000)  # twice what the rate carries
    arrived = [(d.at_s, s) for _, s, d in sent if not d.lost]
    span = arrived[-1][0] - arrived[0][0]
    assert sum(s for _, s in arrived[1:]) / span == pytest.approx(1e6, rel=0.01)
    assert any(d.reason == "queue full" for _, _, d in sent)


@pytest.mark.parametrize(
    ("size", "packets"), [(0, 1), (1, 1), (1500, 1), (1501, 2), (25_000, 17), (120_000, 80)]
)
def test_a_message_is_lost_if_one_of_its_packets_is(size, packets):
    direction, count = Direction(loss=0.01), 40_000
    lost = sum(d.reason == "loss" for _, _, d in offer(direction, [(size, 0.0)] * count))
    assert lost / count == pytest.approx(1 - (1 - 0.01) ** packets, abs=0.02)


def test_a_lost_message_takes_its_share_of_the_rate():
    link = LinkDirection(replace(PLAIN, loss=1.0), 0)
    link.send(5000, 0.0)
    link.change(PLAIN)
    assert link.send(1000, 0.0).queue_delay_s == pytest.approx(0.005)


@pytest.mark.parametrize("jitter_ms", [0.0, 10.0])
def test_packets_are_lost_alike_whatever_the_jitter(jitter_ms):
    lost = [d.lost for _, _, d in offer(Direction(loss=0.3, jitter_ms=jitter_ms), [(1, 0.1)] * 200)]
    assert lost == [d.lost for _, _, d in offer(Direction(loss=0.3), [(1, 0.1)] * 200)]


def test_a_message_arrives_with_the_last_of_its_packets():
    direction = Direction(delay_ms=100.0, jitter_ms=10.0, jitter_shape="uniform", reorder=True)
    late = fmean(d.at_s - at for at, _, d in offer(direction, [(9 * 1500, 1.0)] * 5000))
    half = sqrt(3) * 0.010
    assert late == pytest.approx(0.100 - half + 2 * half * 9 / 10, abs=0.0005)  # the largest of nine


def test_a_message_of_which_the_queue_drops_a_packet_is_lost_and_the_rest_of_it_sent():
    link = LinkDirection(replace(PLAIN, queue_bytes=10_000), 0)
    assert not link.send(6000, 0.0).lost
    refused = link.send(6000, 0.0)  # two packets of 1500 bytes fit, and of the others none
    assert refused.reason == "queue full"
    assert isnan(refused.at_s)
    assert refused.queue_delay_s == pytest.approx(0.006)
    assert link.backlog_bytes(0.0) == pytest.approx(9000)
    assert link.send(1500, 0.0).reason == "queue full"
    assert not link.send(1000, 0.0).lost


def test_a_short_last_packet_fits_where_a_whole_one_does_not():
    link = LinkDirection(replace(PLAIN, queue_bytes=4000), 0)
    assert link.send(5000, 0.0).reason == "queue full"  # 1500 and 1500 go, 1500 does not, 500 does
    assert link.backlog_bytes(0.0) == pytest.approx(3500)
    assert isnan(LinkDirection(replace(PLAIN, queue_bytes=100), 0).send(1000, 0.0).queue_delay_s)


def test_the_queue_has_room_again_when_bytes_have_left():
    link = LinkDirection(replace(PLAIN, queue_bytes=10_000), 0)
    link.send(10_000, 0.0)
    assert link.backlog_bytes(0.004) == pytest.approx(6000)
    assert not link.send(4000, 0.004).lost
    assert link.send(1, 0.004).reason == "queue full"


def test_what_just_fits_fits_however_long_the_link_has_been_up():
    link = LinkDirection(replace(PLAIN, queue_bytes=10_000), 0)
    for k in range(100):
        now = 1.7e9 + k / 7
        assert not any(link.send(1000, now).lost for _ in range(10))


def test_times_are_as_fine_on_the_wall_clock_as_in_simulated_time():
    direction = Direction(rate_kbps=1e7, queue_bytes=10**9)  # a byte takes 0.8 ns, a date is known to 240 ns
    early, late = (offer(direction, [(64, 0.0)] * 20_000, start=at) for at in (0.0, 1.7e9 + 0.25))
    assert early[-1][2].at_s == pytest.approx(20_000 * 64 * 8 / 1e10)
    assert late[-1][2].at_s - (1.7e9 + 0.25) == pytest.approx(early[-1][2].at_s, abs=3e-7)


def test_a_message_without_delay_is_there_at_once_at_any_time():
    for now in (0.1, 1e6 + 0.3, 1.7e9 + 0.7):
        link = LinkDirection(Direction(), 0)
        link.send(1, 0.1)
        assert link.send(1, now).at_s == now


def test_a_change_keeps_the_times_of_what_is_queued():
    link = LinkDirection(replace(PLAIN, delay_ms=10.0), 0)
    assert link.send(100_000, 0.0).at_s == pytest.approx(0.11)
    link.change(replace(PLAIN, rate_kbps=80_000.0, delay_ms=20.0))
    after = link.send(10_000, 0.0)
    assert after.queue_delay_s == pytest.approx(0.1)
    assert after.at_s == pytest.approx(0.1 + 0.001 + 0.02)


def test_a_shorter_delay_does_not_overtake():
    link = LinkDirection(Direction(delay_ms=500.0), 0)
    first = link.send(1, 0.0)
    link.change(Direction())
    assert link.send(1, 0.1).at_s == first.at_s


def test_what_is_sent_after_a_change_has_the_new_queue_to_itself():
    link = LinkDirection(replace(PLAIN, rate_kbps=50.0, queue_bytes=20_000), 0)
    link.send(20_000, 0.0)
    link.change(replace(PLAIN, queue_bytes=3000), 1.2)
    assert [link.send(1500, 1.2).lost for _ in range(3)] == [False, False, True]
    assert link.backlog_bytes(1.3) == pytest.approx(3000)
    assert link.send(1500, 3.2025).at_s == pytest.approx(3.2045)  # the old queue had left at 3.2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"loss": 1.0, "reliable": True}, "loses 1 of its packets"),
        ({"trace": Trace("t", (1,))}, "both a rate_kbps and a trace"),
        ({"queue_bytes": 1499, "reliable": True}, "queue_bytes 1499"),
        ({"outages": OutagePlan()}, "holds no outage"),
    ],
)
def test_an_impossible_direction_is_refused(change, says):
    with pytest.raises(ParameterError, match=says):
        LinkDirection(replace(PLAIN, **change), 0)
    link = LinkDirection(PLAIN, 0)
    with pytest.raises(ParameterError, match=says):
        link.change(replace(PLAIN, **change))
    assert link.direction == PLAIN


def test_a_cut_loses_what_is_sent_and_what_is_queued():
    link = LinkDirection(PLAIN, 0)
    link.send(500_000, 0.0)
    link.set_cut(True)
    assert link.send(1, 0.1).reason == "cut"
    link.set_cut(False)
    assert link.send(1000, 0.2).at_s == pytest.approx(0.201)


def test_a_negative_size_is_refused():
    with pytest.raises(ValueError, match="size_bytes is -1"):
        LinkDirection(PLAIN, 0).send(-1, 0.0)


def test_another_seed_loses_other_messages():
    direction = Direction(loss=0.5)
    reasons = [[d.reason for _, _, d in offer(direction, [(1, 0.1)] * 50, seed)] for seed in (1, 2)]
    assert reasons[0] != reasons[1]


@given(directions, traffic, st.integers(0, 2**31))
def test_the_same_seed_and_calls_give_the_same_deliveries(direction, messages, seed):
    assert repr(offer(direction, messages, seed)) == repr(offer(direction, messages, seed))


@given(directions, traffic)
def test_nothing_arrives_before_it_was_sent_and_carried(direction, messages):
    for at, size, delivery in offer(direction, messages):
        if not delivery.lost:
            assert delivery.queue_delay_s >= 0
            assert (
                delivery.at_s >= at + delivery.queue_delay_s + size * 8 / (direction.rate_kbps * 1000) - 1e-9
            )


@given(directions, traffic)
def test_messages_keep_their_order_unless_told_otherwise(direction, messages):
    sent = offer(replace(direction, reorder=False), messages)
    arrivals = [d.at_s for _, _, d in sent if not d.lost]
    assert arrivals == sorted(arrivals)


@settings(max_examples=50)
@given(directions, traffic)
def test_the_queue_never_holds_more_than_it_may(direction, messages):
    link, now = LinkDirection(direction, 0), 0.0
    for size, gap in messages:
        now += gap
        link.send(size, now)
        assert -1e-6 <= link.backlog_bytes(now) <= direction.queue_bytes + 1e-6
