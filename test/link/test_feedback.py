from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.link.answers import Ack
from fer_ros.link.feedback import Feedback


def talk(feedback, sequence, sent_s, up_s=0.05, down_s=0.05, offset_s=0.0, size=1000, held_s=0.0):
    """One payload there and its acknowledgement back; when that came, s."""
    feedback.sent(sequence, size, sent_s)
    received = sent_s + up_s + offset_s
    now = sent_s + up_s + held_s + down_s
    feedback.answered(Ack(sequence, received, received + held_s), now)
    return now


def test_nothing_is_known_before_something_is_answered():
    feedback = Feedback()
    assert isnan(feedback.loss())
    assert isnan(feedback.round_trip_s())
    assert isnan(feedback.clock_offset_s())
    assert isnan(feedback.queue_delay_s())
    assert feedback.goodput_bps(0.0) == 0.0
    assert not feedback.is_silent(100.0)


def test_goodput_is_what_the_last_second_acknowledged():
    feedback = Feedback()
    for i in range(40):
        now = talk(feedback, i + 1, i * 0.07)
    assert feedback.goodput_bps(now) == pytest.approx(15 * 8000)
    assert feedback.answered_hz(now) == 15


@pytest.mark.parametrize("offset_s", [-7200.0, -3.0, 0.0, 0.4, 86_400.0])
def test_the_other_clock_is_estimated_and_changes_nothing_else(offset_s):
    feedback = Feedback()
    for i in range(30):
        talk(feedback, i + 1, 100.0 + i / 30, offset_s=offset_s)
    assert feedback.clock_offset_s() == pytest.approx(offset_s, abs=1e-6)
    assert feedback.round_trip_s() == pytest.approx(0.1)
    assert feedback.queue_delay_s() == pytest.approx(0.0, abs=1e-9)


def test_uneven_ways_are_mistaken_for_an_offset_by_at_most_half_the_trip():
    feedback = Feedback()
    talk(feedback, 1, 0.0, up_s=0.3, down_s=0.1)
    assert abs(feedback.clock_offset_s()) <= 0.4 / 2


def test_a_step_of_the_clouds_clock_is_no_queue():
    feedback = Feedback()
    for i in range(30):
        talk(feedback, i + 1, i / 30, offset_s=0.0 if i < 20 else 5.0)
    assert feedback.queue_delay_s() == pytest.approx(0.0, abs=1e-9)


def test_a_growing_queue_shows_in_the_round_trip():
    feedback = Feedback()
    for i in range(60):
        talk(feedback, i + 1, i / 30, up_s=0.05 + max(0, i - 30) * 0.01)
    assert feedback.queue_delay_s() == pytest.approx(0.27, abs=0.03)


def test_one_packet_that_was_sent_again_is_no_queue_once_the_next_came_in_time():
    feedback = Feedback()
    for i in range(40):
        talk(feedback, i + 1, i / 30)
    for i in range(40, 46):  # they wait for the first of them, and come out together
        talk(feedback, i + 1, i / 30, up_s=0.05 + (46 - i) / 30)
    talk(feedback, 47, 46 / 30)
    assert feedback.queue_delay_s() == pytest.approx(0.0, abs=1e-9)


def test_another_link_is_told_by_three_answers_that_come_much_sooner():
    feedback = Feedback()
    for i in range(20):
        talk(feedback, i + 1, i / 5, up_s=0.3, down_s=0.3)
    for i in range(20, 23):
        assert not feedback.quickened()
        talk(feedback, i + 1, i / 5)
    assert feedback.quickened()
    feedback.renew()
    assert feedback.round_trip_s() == pytest.approx(0.1)
    assert not feedback.quickened()


@pytest.mark.parametrize("jitter_s", [0.02, 0.1])
def test_jitter_is_no_other_link(jitter_s):
    feedback = Feedback()
    for i in range(60):
        talk(feedback, i + 1, i / 15, up_s=0.05 + jitter_s * (i % 3))
        assert not feedback.quickened()


def test_the_time_that_the_cloud_holds_an_answer_is_no_travel():
    feedback = Feedback()
    talk(feedback, 1, 0.0, held_s=0.7)
    assert feedback.round_trip_s() == pytest.approx(0.1)


def test_what_is_not_answered_in_time_is_lost_once():
    feedback = Feedback()
    for i in range(10):
        talk(feedback, i + 1, i * 0.05)
    feedback.sent(11, 1000, 0.5)
    for step in range(20):
        feedback.advance(0.6 + step * 0.05)
    assert feedback.totals == {"sent": 11, "delivered": 10, "lost": 1, "refused": 0}


def test_a_late_answer_is_a_sign_of_life_although_its_payload_stays_lost():
    feedback = Feedback()
    talk(feedback, 1, 0.0)
    feedback.sent(2, 1000, 0.1)
    feedback.advance(2.0)
    assert feedback.is_silent(2.0)
    feedback.answered(Ack(2, 1.9, 1.9), 2.1)
    assert not feedback.is_silent(2.2)
    assert feedback.totals["lost"] == 1
    assert feedback.totals["delivered"] == 1


def test_silence_is_not_what_nobody_asked():
    feedback = Feedback()
    talk(feedback, 1, 0.0)
    assert not feedback.is_silent(50.0)
    feedback.sent(2, 100, 50.0)
    assert not feedback.is_silent(50.2)
    assert feedback.is_silent(50.5)
    assert feedback.silent_s(50.5) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "ack",
    [
        pytest.param(Ack(99, 1.0, 1.0), id="of a payload that never left"),
        pytest.param(Ack(1, 1.0, 0.5), id="sent before it was received"),
        pytest.param(Ack(1, float("nan"), 1.0), id="not a number"),
        pytest.param(Ack(1, 0.0, 1e9), id="held for years"),
    ],
)
def test_nonsense_is_counted_and_not_believed(ack):
    feedback = Feedback()
    feedback.sent(1, 1000, 0.0)
    assert feedback.answered(ack, 0.1) is None
    assert feedback.strange == 1
    assert feedback.totals["delivered"] == 0


def test_the_same_acknowledgement_counts_once():
    feedback = Feedback()
    now = talk(feedback, 1, 0.0)
    assert feedback.answered(Ack(1, 0.05, 0.05), now) is None
    assert feedback.totals["delivered"] == 1


def test_probes_do_not_count_as_losses_of_the_rung():
    feedback = Feedback()
    feedback.sent(1, 40_000, 0.0, counts=False)
    feedback.advance(10.0)
    assert isnan(feedback.loss())


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_every_payload_has_one_fate(answered):
    feedback = Feedback()
    now = 0.0
    for i, comes in enumerate(answered):
        now = i / 30
        feedback.sent(i + 1, 500, now)
        if comes:
            feedback.answered(Ack(i + 1, now, now), now)
        feedback.advance(now)
    feedback.advance(now + 30.0)
    totals = feedback.totals
    assert totals["delivered"] == sum(answered)
    assert totals["lost"] == len(answered) - sum(answered)
    assert totals["sent"] == len(answered)


def test_memory_does_not_grow_while_nobody_answers():
    feedback = Feedback()
    for i in range(30 * 300):
        feedback.sent(i + 1, 500, i / 30)
        feedback.advance(i / 30)
    assert len(feedback._waiting) <= 30 * 61
