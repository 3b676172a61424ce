"""The gate of a node that infers: shut at first, and no restart of anybody undoes an explicit word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_ros.consent.gate import Gate, Onlookers
from fer_ros.consent.params import ConsentParams
from fer_ros.consent.permissions import Permission, Permissions

FACES = ("face_1", "face_2")
RESTART = "restart"

words = st.one_of(
    st.tuples(st.just("enable"), st.booleans()),
    st.tuples(st.just("consent"), st.booleans()),
    st.tuples(st.sampled_from(FACES), st.booleans()),
    st.just((RESTART, True)),
)
settings_of_the_node = st.builds(ConsentParams, consent_required=st.booleans(), enabled=st.booleans())


class Robot:
    """A consent node that may begin anew, and a gate that outlives it."""

    def __init__(self, params):
        self.params = params
        self.gate = Gate()
        self.restart()

    def restart(self):
        self.permissions = Permissions(self.params)
        self.gate.hear(self.permissions.now)

    def say(self, what, yes):
        if what == RESTART:
            self.restart()
            return
        if what in FACES:
            self.permissions.opt_out(what, yes)
        else:
            getattr(self.permissions, what)(yes)
        self.gate.hear(self.permissions.now)


def last(said, what):
    """What was said last about something; None: nothing."""
    return next((yes for about, yes in reversed(said) if about == what), None)


@settings(max_examples=500)
@given(settings_of_the_node, st.lists(words, max_size=30))
def test_after_an_explicit_no_only_an_explicit_yes_opens(params, said):
    robot = Robot(params)
    for number, word in enumerate(said, 1):
        robot.say(*word)
        so_far = said[:number]
        if last(so_far, "enable") is False or last(so_far, "consent") is False:
            assert not robot.gate.open
        for face in FACES:
            assert (face in robot.gate.opted_out) == bool(last(so_far, face))


@given(st.lists(words, max_size=30))
def test_a_consent_node_that_begins_anew_asks_for_required_consent_anew(said):
    robot = Robot(ConsentParams(consent_required=True))
    for word in said:
        robot.say(*word)
    robot.restart()
    assert not robot.gate.open


@given(settings_of_the_node, st.lists(words, max_size=30))
def test_two_explicit_words_always_open(params, said):
    robot = Robot(params)
    for word in [*said, ("enable", True), ("consent", True)]:
        robot.say(*word)
    assert robot.gate.open


def test_nothing_may_be_inferred_before_a_permission_is_heard():
    gate = Gate()
    assert not gate.open
    assert "is the node `consent` running?" in gate.fault


def test_nothing_may_be_inferred_while_nobody_could_switch_off():
    gate = Gate()
    gate.hear(Permission())
    gate.alone = True
    assert "nobody could switch off" in gate.why_shut
    gate.alone = False
    assert gate.open


def test_being_switched_off_is_no_fault():
    gate = Gate()
    gate.hear(Permission(enabled=False, commands=1))
    assert (gate.fault, gate.open) == ("", False)


def test_a_no_that_a_restarted_node_does_not_know_of_is_told_with_its_remedy():
    gate = Gate()
    gate.hear(Permission(enabled=False, commands=1))
    gate.hear(Permission())
    assert "the service `enable` switches on" in gate.fault


OUT = frozenset({"face_1"})


@pytest.mark.parametrize(
    ("seen", "at", "opted_out", "may"),
    [
        pytest.param(None, 1.0, frozenset(), True, id="nobody opted out"),
        pytest.param(None, 1.0, OUT, False, id="nobody knows who is there"),
        pytest.param((1.0, 0, ["face_2"]), 1.1, OUT, True, id="somebody else is there"),
        pytest.param((1.0, 1, ["face_2"]), 1.1, OUT, False, id="one is withheld"),
        pytest.param((1.0, 0, ["face_1"]), 1.1, OUT, False, id="one has just opted out"),
        pytest.param((1.0, 0, []), 1.6, OUT, False, id="what is known is old"),
        pytest.param((1.6, 0, []), 1.0, OUT, False, id="time began anew"),
    ],
)
def test_a_whole_image_is_shown_only_where_nobody_in_it_opted_out(seen, at, opted_out, may):
    onlookers = Onlookers(patience_s=0.5)
    if seen:
        onlookers.saw(*seen)
    assert onlookers.may_show(at, opted_out) is may
