import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.backlog import Backlog


def test_a_short_stall_loses_nothing():
    waiting = Backlog(span_s=0.05)
    waiting.put(1.00, "a")
    waiting.put(1.03, "b")
    assert [waiting.take(), waiting.take()] == ["a", "b"]
    assert waiting.dropped == 0


def test_what_is_much_older_than_the_newest_is_dropped():
    waiting = Backlog(span_s=0.05)
    for stamp in (1.00, 1.03, 1.07):
        waiting.put(stamp, stamp)
    assert waiting.take() == 1.03
    assert waiting.dropped == 1


def test_a_recording_that_begins_again_empties_it():
    waiting = Backlog(span_s=0.05)
    waiting.put(100.0, "last")
    waiting.put(0.0, "first")
    assert waiting.take() == "first"
    assert waiting.dropped == 1


def test_nothing_to_take_is_an_error():
    with pytest.raises(IndexError):
        Backlog(span_s=1.0).take()


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.floats(0, 10))
def test_everything_is_taken_or_dropped_and_the_newest_is_always_there(stamps, span_s):
    waiting = Backlog(span_s)
    for stamp in stamps:
        waiting.put(stamp, stamp)
    taken = [waiting.take() for _ in range(len(waiting))]
    assert taken[-1] == stamps[-1]
    assert len(taken) + waiting.dropped == len(stamps)
    assert max(taken) - min(taken) <= span_s
