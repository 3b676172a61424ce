"""When a program that ended is started again."""

import pytest

from fer_ros.supervision import (
    CANNOT,
    FIRST_S,
    LONGEST_S,
    SETTLED_S,
    TRIES,
    Again,
    Hopeless,
    Restarts,
    spoken,
)

KILLED = -9
BRIEF_S = 0.5


def waits(lives):
    """The waits after lives of (status, s)."""
    restarts = Restarts()
    return [restarts.ended(*life, worked=True).after_s for life in lives]


def test_the_first_wait_is_short():
    assert waits([(KILLED, BRIEF_S)]) == [FIRST_S]


def test_waits_grow_with_short_lives_up_to_a_limit():
    found = waits([(KILLED, BRIEF_S)] * 20)
    assert found[:3] == [FIRST_S, 2 * FIRST_S, 4 * FIRST_S]
    assert found == sorted(found)
    assert found[-1] == LONGEST_S


def test_a_settled_life_makes_the_wait_short_again():
    assert waits([*[(KILLED, BRIEF_S)] * 6, (KILLED, SETTLED_S)])[-1] == FIRST_S


def test_a_program_that_cannot_start_is_given_up():
    restarts = Restarts()
    assert all(isinstance(restarts.ended(CANNOT, BRIEF_S, worked=False), Again) for _ in range(TRIES - 1))
    assert restarts.ended(CANNOT, BRIEF_S, worked=False) == Hopeless(TRIES)
    assert restarts.count == TRIES - 1


@pytest.mark.parametrize("other", [0, 2, KILLED])
def test_only_the_same_failure_in_a_row_is_hopeless(other):
    restarts = Restarts()
    for status in [*[CANNOT] * (TRIES - 1), other, *[CANNOT] * (TRIES - 1)]:
        assert isinstance(restarts.ended(status, BRIEF_S, worked=False), Again)


def test_a_program_that_is_killed_is_never_given_up():
    restarts = Restarts()
    for _ in range(100):
        restarts.ended(KILLED, BRIEF_S, worked=False)
    assert restarts.count == 100


def test_a_program_that_has_worked_is_never_given_up():
    restarts = Restarts()
    for worked in [True, *[False] * 20]:
        assert isinstance(restarts.ended(CANNOT, BRIEF_S, worked=worked), Again)


def test_a_program_that_takes_long_to_find_that_it_cannot_start_is_given_up():
    restarts = Restarts()
    found = [restarts.ended(CANNOT, 2 * SETTLED_S, worked=False) for _ in range(TRIES)]
    assert found[-1] == Hopeless(TRIES)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        pytest.param(1, "ended with status 1", id="status"),
        pytest.param(-9, "was ended by SIGKILL", id="signal"),
        pytest.param(-40, "was ended by signal 40", id="a signal without a name"),
    ],
)
def test_how_a_program_ended_is_said(status, words):
    assert spoken(status) == words
