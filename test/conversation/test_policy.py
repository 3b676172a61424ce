from dataclasses import replace
from math import nan

import pytest
from conversing import SHIPPED, always, shipped
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.conversation.conditions import CONDITIONS
from fer_ros.conversation.policy import Policy
from fer_ros.conversation.rules import CUES, STRONG, Rule
from fer_ros.conversation.situation import MODES, REACTIONS, TRENDS, TURNS, UNCERTAIN, Situation
from fer_ros.emotions import FERPLUS

SAD = Situation(
    present=True,
    emotion="sad",
    confidence=0.8,
    duration_s=6.0,
    certain=True,
    trend="falling",
    valence_low=-0.6,
    valence_high=-0.4,
    arousal_low=-0.3,
    arousal_high=0.1,
    mode="offline",
    turn="listening",
    topic="lunch",
    turn_s=3.0,
    reaction="upset",
)
CALMLY_SAD = replace(SAD, trend="", reaction="")
NOBODY = Situation(absent_s=3.0, mode="offline")


def cue(policy, situation=SAD):
    rule = policy.choose(situation)
    return rule and rule.cue


def one(cue_name, **when):
    return Policy((always(cue_name, **when),))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_policies_load_in_the_order_of_their_priorities(name):
    priorities = [rule.priority for rule in shipped(name).rules]
    assert priorities == sorted(priorities, reverse=True)


def test_the_default_policy_gives_every_cue():
    assert {rule.cue for rule in shipped("default").rules} == set(CUES)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        pytest.param(CALMLY_SAD, "comfort", id="sad and certain"),
        pytest.param(replace(CALMLY_SAD, certain=False), "check_in", id="sad but uncertain or stale"),
        pytest.param(replace(CALMLY_SAD, confidence=0.5), "check_in", id="sad but weak"),
        pytest.param(replace(CALMLY_SAD, emotion="angry"), "change_topic", id="angry"),
        pytest.param(replace(CALMLY_SAD, emotion="happy", confidence=0.9), "celebrate", id="happy for long"),
        pytest.param(replace(CALMLY_SAD, emotion="happy", duration_s=0.5), "keep_going", id="just happy"),
        pytest.param(replace(CALMLY_SAD, emotion="surprise"), "slow_down", id="surprised"),
        pytest.param(replace(SAD, emotion="neutral"), "check_in", id="neutral after taking it badly"),
        pytest.param(replace(CALMLY_SAD, emotion=UNCERTAIN, confidence=nan), "wait", id="unclear"),
        pytest.param(replace(CALMLY_SAD, emotion=UNCERTAIN, duration_s=11), "check_in", id="long unclear"),
        pytest.param(replace(CALMLY_SAD, emotion=UNCERTAIN, duration_s=0.1), None, id="unclear just now"),
        pytest.param(NOBODY, "wait", id="nobody"),
        pytest.param(replace(NOBODY, absent_s=1.0), None, id="nobody just now"),
    ],
)
def test_what_the_default_policy_does(situation, expected):
    assert cue(shipped("default"), situation) == expected


@pytest.mark.parametrize(
    ("when", "applies"),
    [
        ({}, True),
        ({"emotion": ("sad", "fear")}, True),
        ({"emotion": ("happy",)}, False),
        ({"emotion": (UNCERTAIN,)}, False),
        ({"min_confidence": 0.8}, True),
        ({"min_confidence": 0.81}, False),
        ({"min_duration_s": 6.0}, True),
        ({"min_duration_s": 6.01}, False),
        ({"trend": ("falling",)}, True),
        ({"trend": ("rising", "steady")}, False),
        ({"certain": True}, True),
        ({"certain": False}, False),
        ({"max_valence": -0.4}, True),
        ({"max_valence": -0.5}, False),
        ({"min_valence": -0.6}, True),
        ({"min_valence": -0.5}, False),
        ({"min_arousal": -0.3}, True),
        ({"min_arousal": 0.0}, False),
        ({"max_arousal": 0.1}, True),
        ({"max_arousal": 0.0}, False),
        ({"mode": ("offline", "probing")}, True),
        ({"mode": ("online",)}, False),
        ({"turn": ("listening",)}, True),
        ({"turn": ("speaking", "none")}, False),
        ({"topic": ("lunch", "weather")}, True),
        ({"topic": ("weather",)}, False),
        ({"min_turn_s": 3.0}, True),
        ({"min_turn_s": 3.1}, False),
        ({"reaction": ("upset",)}, True),
        ({"reaction": ("pleased", "none")}, False),
        ({"absent_s": 0.0}, False),
    ],
)
def test_each_condition(when, applies):
    assert (cue(one("wait", **when)) == "wait") == applies


def test_every_condition_is_tested():
    tested = {key for when, _ in test_each_condition.pytestmark[0].args[1] for key in when}
    assert tested == set(CONDITIONS)


@pytest.mark.parametrize(
    "when",
    [
        {"emotion": tuple(FERPLUS)},
        {"min_confidence": 0.0},
        {"trend": TRENDS},
        {"min_valence": -0.6},
        {"max_arousal": 0.6},
        {"reaction": REACTIONS},
        {"mode": MODES},
        {"topic": ("lunch",)},
        {"min_turn_s": 0.0},
        {"certain": True},
    ],
)
def test_what_is_not_known_is_never_as_wanted(when):
    unknown = Situation(present=True, emotion=UNCERTAIN, certain=False, duration_s=0.0)
    assert cue(one("wait", **when), unknown) is None


def test_nobody_is_for_rules_about_absence_alone():
    assert cue(one("wait", absent_s=3.0), NOBODY) == "wait"
    assert cue(one("wait", absent_s=3.1), NOBODY) is None
    assert cue(one("wait", absent_s=3.0, mode=("offline",), turn=("none",)), NOBODY) == "wait"
    assert cue(one("keep_going"), NOBODY) is None


names = st.lists(st.sampled_from([*FERPLUS, UNCERTAIN]), min_size=1, max_size=3).map(tuple)
whens = st.fixed_dictionaries(
    {},
    optional={
        "emotion": names,
        "min_confidence": st.floats(0, 0.99),
        "min_duration_s": st.floats(0, 5),
        "trend": st.lists(st.sampled_from(TRENDS), min_size=1, max_size=2).map(tuple),
        "mode": st.lists(st.sampled_from(MODES), min_size=1, max_size=2).map(tuple),
        "turn": st.lists(st.sampled_from(TURNS), min_size=1, max_size=2).map(tuple),
        "reaction": st.lists(st.sampled_from(REACTIONS), min_size=1, max_size=2).map(tuple),
        "certain": st.booleans(),
        "absent_s": st.floats(0, 5),
    },
)
situations = st.builds(
    Situation,
    present=st.booleans(),
    emotion=st.sampled_from(["", UNCERTAIN, *FERPLUS]),
    confidence=st.floats(0, 1) | st.just(nan),
    duration_s=st.floats(0, 10),
    trend=st.sampled_from(["", *TRENDS]),
    certain=st.sampled_from([None, True, False]),
    absent_s=st.floats(0, 9) | st.just(nan),
    mode=st.sampled_from(["", *MODES]),
    turn=st.sampled_from(TURNS),
    reaction=st.sampled_from(["", *REACTIONS]),
)


@given(st.sampled_from(STRONG), whens, situations)
def test_no_strong_cue_on_a_guess_whatever_the_rule_says(name, when, situation):
    if cue(Policy((Rule("only", name, when),)), situation) is not None:
        assert situation.certain is True


@given(st.sampled_from(CUES), whens, situations)
def test_the_findings_and_the_obstacle_say_what_the_match_says(name, when, situation):
    rule = Rule("only", name, when)
    findings = rule.findings(situation)
    assert rule.matches(situation) == all(finding.holds for finding in findings)
    first = next((finding.condition for finding in findings if not finding.holds), "")
    assert rule.obstacle(situation) == first
