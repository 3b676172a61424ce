"""Images that wait for their estimates."""

import pytest
from sighted import nobody_at, seen_at

from fer_ros.viewer.sightings import SILENT_S, Sightings
from fer_ros.viewer.waiting import HOLD_S, Waiting

CLOCK = 50.0  # has nothing to do with the stamps


@pytest.fixture
def known():
    return Sightings()


@pytest.fixture
def waiting(known):
    known.add(seen_at(1.0))
    return Waiting(known)


def due(waiting, now=CLOCK, **options):
    return [image for _, image in waiting.due(now, **options)]


def test_an_image_waits_for_its_estimate(waiting, known):
    waiting.put(1.1, "image", CLOCK)
    assert due(waiting) == []
    known.add(seen_at(1.1))
    assert waiting.due(CLOCK) == [(1.1, "image")]
    assert due(waiting) == []


def test_it_waits_no_longer_than_it_may(waiting):
    waiting.put(1.1, "image", CLOCK)
    assert due(waiting, CLOCK + 0.9 * HOLD_S) == []
    assert due(waiting, CLOCK + 1.1 * HOLD_S) == ["image"]


def test_images_come_in_order_as_many_as_are_due(waiting, known):
    for i in range(1, 4):
        waiting.put(1.0 + i / 10, i, CLOCK)
    known.add(nobody_at(1.2))
    known.add(seen_at(1.25))
    assert due(waiting) == [1, 2]


def test_nothing_waits_where_nothing_can_be_expected(known):
    waiting = Waiting(known)
    waiting.put(1.1, "before the first estimate", CLOCK)
    known.add(seen_at(1.1))
    waiting.put(1.2 + SILENT_S, "long after the last", CLOCK)
    assert due(waiting) == ["before the first estimate", "long after the last"]


def test_nothing_waits_while_no_estimates_are_wanted(waiting):
    waiting.put(1.1, "image", CLOCK)
    assert due(waiting, wait=False) == ["image"]


def test_a_clock_that_steps_back_ends_the_waiting(waiting):
    waiting.put(1.1, "image", CLOCK)
    assert due(waiting, CLOCK - 10.0) == ["image"]


def test_stamps_that_step_back_begin_anew(waiting):
    waiting.put(1.1, "old", CLOCK)
    waiting.put(0.5, "new", CLOCK)
    assert due(waiting, CLOCK + 1.1 * HOLD_S) == ["new"]
