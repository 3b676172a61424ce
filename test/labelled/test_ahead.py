"""Things made ahead by a thread: the same, in order, and only as far ahead as there is room."""

from threading import Event, current_thread

import pytest

from fer_ros.labelled.ahead import ahead

PATIENCE_S = 10.0


def counted(made, closed=None):
    try:
        for k in range(1000):
            made.append(k)
            yield k
    finally:
        if closed is not None:
            closed.set()


def test_everything_comes_in_order():
    assert list(ahead(counted([]), 3)) == list(range(1000))


def test_it_is_made_in_another_thread():
    things = (current_thread() for _ in range(2))
    assert all(thread is not current_thread() for thread in ahead(things, 1))


def test_no_more_is_made_than_there_is_room_for():
    made = []
    things = ahead(counted(made), 3)
    for taken in range(50):
        next(things)
        assert len(made) <= taken + 1 + 3 + 1  # taken, waiting, and the one that waits for room
    things.close()


def test_an_error_comes_behind_what_was_made_before_it():
    def failing():
        yield 1
        yield 2
        raise RuntimeError("broken")

    things = ahead(failing(), 5)
    assert [next(things), next(things)] == [1, 2]
    with pytest.raises(RuntimeError, match="broken"):
        next(things)


def test_who_stops_taking_stops_the_making():
    made, closed = [], Event()
    things = ahead(counted(made, closed), 2)
    next(things)
    things.close()
    assert closed.wait(PATIENCE_S)
    assert len(made) < 10


def test_two_in_a_row_are_both_stopped():
    closed = Event()
    inner = ahead(counted([], closed), 2)
    outer = ahead((2 * k for k in inner), 2)
    assert next(outer) == 0
    outer.close()
    inner.close()
    assert closed.wait(PATIENCE_S)
