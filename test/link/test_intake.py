"""Which payloads are worth the work: by the sender's numbers and stamps alone."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.link.intake import REMEMBERED, RESTART_NS, Arrival, Intake
from fer_ros.link.refusals import EVERY_S, Refusals

NEW, ANEW, REPEATED, LATE = Arrival.NEW, Arrival.ANEW, Arrival.REPEATED, Arrival.LATE
IMAGE_NS = 33_000_000
HOUR_NS = 3600 * 10**9


def after(*payloads):
    """An intake that has seen some (sequence, stamp in images)."""
    intake = Intake()
    for sequence, image in payloads:
        intake.judge(sequence, image * IMAGE_NS)
    return intake


def run(first, count, at=0):
    """`count` payloads in a row, from number `first` and image `at`."""
    return [(first + i, at + i) for i in range(count)]


@pytest.mark.parametrize("start", [0, -500 * HOUR_NS, 500_000 * HOUR_NS], ids=["now", "before 1970", "ahead"])
def test_payloads_in_order_are_new_whatever_the_clock_says(start):
    intake = Intake()
    assert {intake.judge(i, start + i * IMAGE_NS) for i in range(100)} == {NEW}


@pytest.mark.parametrize(
    ("before", "payload", "arrival"),
    [
        pytest.param(run(1, 5), (9, 8), NEW, id="some were lost"),
        pytest.param(run(1, 5), (5, 4), REPEATED, id="the newest again"),
        pytest.param(run(1, 5), (2, 1), REPEATED, id="an older one again"),
        pytest.param(run(1, 5), (6, 4), REPEATED, id="the newest image in another form"),
        pytest.param([(1, 0), (3, 2)], (2, 1), LATE, id="overtaken"),
        pytest.param([(1, 0), (3, 2), (2, 1)], (2, 1), REPEATED, id="overtaken, and again"),
        pytest.param(run(1, 5), (6, 3), LATE, id="an older image in another form"),
        pytest.param(run(1000, 5), (1, 9), ANEW, id="the sender was started again"),
        pytest.param(run(1, 5), (1, 9), ANEW, id="the same numbers again"),
        pytest.param(run(50, 5, at=10_000), (1, 0), ANEW, id="with its clock set back"),
        pytest.param(run(50, 5, at=10_000), (55, 0), ANEW, id="a recording that loops"),
        pytest.param(run(2**32 - 5, 5), (1, 5), ANEW, id="the numbers are used up"),
    ],
)
def test_a_payload_is_judged_by_those_before_it(before, payload, arrival):
    sequence, image = payload
    assert after(*before).judge(sequence, image * IMAGE_NS) is arrival


def test_after_a_new_start_payloads_are_new_again():
    intake = after(*run(1000, 50, at=10_000))
    assert intake.judge(1, 0) is ANEW
    assert [intake.judge(2 + i, (1 + i) * IMAGE_NS) for i in range(5)] == [NEW] * 5


def test_a_straggler_of_the_sender_before_costs_one_payload_at_most():
    intake = after(*run(1000, 50, at=0))
    assert intake.judge(1, 60 * IMAGE_NS) is ANEW
    assert intake.judge(1050, 50 * IMAGE_NS) is LATE
    assert intake.judge(2, 61 * IMAGE_NS) is NEW


def test_a_clock_set_back_a_little_is_late_for_no_longer_than_that():
    intake = after(*run(1, 100, at=0))
    back = 99 * IMAGE_NS - RESTART_NS // 2
    arrivals = [intake.judge(101 + i, back + i * IMAGE_NS) for i in range(30)]
    assert arrivals[0] is LATE
    assert arrivals[RESTART_NS // 2 // IMAGE_NS + 1 :] == [NEW] * (29 - RESTART_NS // 2 // IMAGE_NS)


def test_it_remembers_a_fixed_number():
    intake = after(*run(1, 3 * REMEMBERED))
    assert len(intake._seen) == REMEMBERED


@given(st.integers(0, 2**32), st.integers(1, 8), st.floats(0, 0.5), st.floats(0, 0.5))
def test_whatever_a_link_does_each_image_is_worked_on_once_and_in_order(seed, reach, loss, twice):
    random = Random(seed)
    sent = [(i + 1, i * IMAGE_NS) for i in range(200) if random.random() >= loss]
    arriving = [p for p in sent for _ in range(1 + (random.random() < twice))]
    arriving.sort(key=lambda p: p[0] + random.uniform(0, reach))
    intake = Intake()
    done = [stamp for sequence, stamp in arriving if intake.judge(sequence, stamp) in (NEW, ANEW)]
    assert done == sorted(set(done))


def test_each_kind_of_refusal_is_told_now_and_then():
    refusals = Refusals()
    told = [refusals.count("checksum", f"number {i}", now=i * 0.01) for i in range(1000)]
    assert [line for line in told if line] == [
        "1 payloads refused (checksum), the last: number 0",
        f"{round(EVERY_S * 100) + 1} payloads refused (checksum), the last: number {round(EVERY_S * 100)}",
    ]
    assert refusals.count("version", "old", now=9.99) == "1 payloads refused (version), the last: old"
    assert refusals.total == 1001


def test_a_clock_that_goes_back_does_not_silence_it():
    refusals = Refusals()
    assert refusals.count("kind", "first", now=1e9)
    assert refusals.count("kind", "second", now=5.0)
