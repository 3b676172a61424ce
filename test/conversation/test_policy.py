from dataclasses import replace
from math import nan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.conversation.affect import Affect
from fer_ros.conversation.policy import Policy, load_policy
from fer_ros.conversation.rules import CUES, MODES, STRONG, TRENDS, Conditions, Rule, Situation
from fer_ros.emotions import FERPLUS
from fer_ros.errors import ParameterError

POLICIES = Path(__file__).parents[2] / "config" / "policies"
SAD = Affect(
    "face_1", "sad", 0.8, -0.5, -0.2, since_s=4.0, trend="falling", certain=True, age_s=0.1, stamp=9.9
)


@pytest.fixture
def policy_file(tmp_path):
    """Write a policy file and give its path."""

    def write(text: str) -> Path:
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def cue(policy, affect=SAD, absent_s=0.0, mode="offline"):
    rule = policy.choose(Situation(affect, absent_s, mode, now=10.0))
    return rule and rule.cue


def one(cue_name, **when):
    return Policy((Rule("only", cue_name, Conditions(**when), 0, 10.0),))


@pytest.mark.parametrize("name", ["default", "care_home"])
def test_the_shipped_policies_load(name):
    policy = load_policy(POLICIES / f"{name}.yaml")
    assert [rule.priority for rule in policy.rules] == sorted(
        (r.priority for r in policy.rules), reverse=True
    )


def test_the_shipped_policy_gives_every_cue():
    assert {rule.cue for rule in load_policy(POLICIES / "default.yaml").rules} == set(CUES)


@pytest.mark.parametrize(
    ("affect", "expected"),
    [
        pytest.param(SAD, "comfort", id="sad and certain"),
        pytest.param(replace(SAD, certain=False), "check_in", id="sad but uncertain"),
        pytest.param(replace(SAD, age_s=0.6), "check_in", id="sad but stale"),
        pytest.param(replace(SAD, confidence=0.5), "check_in", id="sad but weak"),
        pytest.param(replace(SAD, emotion="angry"), "change_topic", id="angry"),
        pytest.param(replace(SAD, emotion="happy", confidence=0.9), "celebrate", id="happy for long"),
        pytest.param(replace(SAD, emotion="happy", since_s=9.5), "keep_going", id="happy since just now"),
        pytest.param(replace(SAD, emotion="surprise"), "slow_down", id="surprised"),
        pytest.param(replace(SAD, emotion="", confidence=nan, trend=""), "wait", id="unclear"),
        pytest.param(
            replace(SAD, emotion="", confidence=nan, trend="", since_s=-5.0), "check_in", id="long unclear"
        ),
        pytest.param(
            replace(SAD, emotion="", confidence=nan, trend="", since_s=9.9), None, id="unclear just now"
        ),
        pytest.param(None, "wait", id="nobody"),
    ],
)
def test_what_the_default_policy_does(affect, expected):
    assert cue(load_policy(POLICIES / "default.yaml"), affect, absent_s=0.0 if affect else 3.0) == expected


@pytest.mark.parametrize(
    ("when", "applies"),
    [
        ({}, True),
        ({"emotion": ("sad", "fear")}, True),
        ({"emotion": ("happy",)}, False),
        ({"emotion": ("uncertain",)}, False),
        ({"min_confidence": 0.8}, True),
        ({"min_confidence": 0.81}, False),
        ({"min_duration_s": 6.0}, True),
        ({"min_duration_s": 6.01}, False),
        ({"trend": ("falling",)}, True),
        ({"trend": ("rising", "steady")}, False),
        ({"mode": ("offline", "probing")}, True),
        ({"mode": ("online",)}, False),
        ({"certain": True}, True),
        ({"certain": False}, False),
        ({"absent_s": 0.0}, False),
    ],
)
def test_each_condition(when, applies):
    assert (cue(one("wait", **when)) == "wait") == applies


def test_nobody_is_for_rules_about_absence_alone():
    assert cue(one("wait", absent_s=2.0), None, 2.0) == "wait"
    assert cue(one("wait", absent_s=2.0), None, 1.9) is None
    assert cue(one("keep_going"), None, 9.0) is None


VALID = """\
max_age_s: 0.5
rules:
  - name: first
    cue: wait
    when:
      emotion: [sad]
      min_confidence: 0.5
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param(
            "wait", "dance", r":4: rules\.0\.cue is 'dance'; choose one of 'comfort'", id="unknown cue"
        ),
        pytest.param(
            "[sad]", "[gloomy]", r":6: rules\.0\.when\.emotion is 'gloomy'; choose", id="unknown emotion"
        ),
        pytest.param("[sad]", "sad", r":6: .*emotion is 'sad'; it takes a list", id="no list"),
        pytest.param("[sad]", "[]", r":6: .*emotion is empty, so the rule can never fire", id="empty list"),
        pytest.param("0.5\n", "1.5\n", r":7: .*min_confidence is 1\.5; it takes 0 to 1", id="out of bounds"),
        pytest.param("max_age_s: 0.5", "max_age_s: .nan", r":1: max_age_s is nan", id="not a number"),
        pytest.param(
            "min_confidence", "confidence", r":7: .*when\.confidence is unknown; it takes emotion", id="key"
        ),
        pytest.param(
            "max_age_s", "age", r":1: age is unknown; it takes max_age_s, rules", id="unknown top key"
        ),
        pytest.param("name: first", "name: ''", r":3: rules\.0 has no name", id="empty name"),
        pytest.param("    cue: wait\n", "", r":3: rules\.0 has no cue; add it", id="no cue"),
        pytest.param(
            "cue: wait", "cue: wait\n    priority: high", r":5: .*priority is 'high'", id="priority"
        ),
        pytest.param(
            "cue: wait", "cue: wait\n    refractory_s: 0", r":5: .*refractory_s is 0", id="no pause"
        ),
        pytest.param(
            "cue: wait", "cue: wait\n    cue: wait", r":5: cue stands here a second time", id="twice"
        ),
        pytest.param(
            "- name: first", "- 7\n  - name: first", r":3: rules\.0 is 7; it takes a mapping", id="number"
        ),
        pytest.param(VALID, "", r":1: the file is None; it takes a mapping", id="empty file"),
        pytest.param(VALID, "rules: []", r":1: rules has no rules", id="no rules"),
        pytest.param(VALID, "max_age_s: 0.5", r":1: the file has no rules", id="rules left out"),
        pytest.param(VALID, "rules: 3", r":1: rules is 3", id="rules is a number"),
        pytest.param(VALID, "rules: [", "is not YAML", id="broken"),
        pytest.param(VALID, "? [a, b]\n: 1\n", "unknown|not YAML", id="a list as key"),
    ],
)
def test_a_bad_policy_is_refused_with_its_line(policy_file, old, new, says):
    assert old in VALID
    path = policy_file(VALID.replace(old, new))
    with pytest.raises(ParameterError, match=says) as error:
        load_policy(path)
    assert str(path) in str(error.value)


def test_an_absent_policy_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="cannot be read"):
        load_policy(tmp_path / "nowhere.yaml")


def test_names_are_unique(policy_file):
    with pytest.raises(ParameterError, match=r":4: rules\.1\.name is 'a' again"):
        load_policy(
            policy_file("rules:\n- {name: a, cue: wait, when: {absent_s: 9}}\n-\n  name: a\n  cue: wait\n")
        )


def test_priority_goes_before_order(policy_file):
    text = """
rules:
- {name: low, cue: wait}
- {name: high, cue: check_in, priority: 5, when: {emotion: [sad]}}
- {name: high_too, cue: slow_down, priority: 5, when: {emotion: [sad, happy]}}
"""
    policy = load_policy(policy_file(text))
    assert [rule.name for rule in policy.rules] == ["high", "high_too", "low"]
    assert cue(policy) == "check_in"
    assert cue(policy, replace(SAD, emotion="happy")) == "slow_down"


names = st.lists(st.sampled_from([*FERPLUS, "uncertain"]), max_size=3).map(tuple)
conditions = st.builds(
    Conditions,
    emotion=names,
    min_confidence=st.floats(0, 1),
    min_duration_s=st.floats(0, 5),
    trend=st.lists(st.sampled_from(TRENDS), max_size=2).map(tuple),
    mode=st.lists(st.sampled_from(MODES), max_size=2).map(tuple),
    certain=st.sampled_from([None, True, False]),
    absent_s=st.one_of(st.none(), st.floats(0, 5)),
)
affects = st.builds(
    Affect,
    face_id=st.just("face_1"),
    emotion=st.sampled_from(["", *FERPLUS]),
    confidence=st.floats(0, 1) | st.just(nan),
    valence=st.just(nan),
    arousal=st.just(nan),
    since_s=st.floats(0, 10),
    trend=st.sampled_from(["", *TRENDS]),
    certain=st.booleans(),
    age_s=st.floats(0, 3),
    stamp=st.just(9.0),
)


@given(
    st.sampled_from(STRONG), conditions, st.none() | affects, st.floats(0, 9), st.sampled_from(["", *MODES])
)
def test_no_strong_cue_on_a_guess_whatever_the_rule_says(name, when, affect, absent_s, mode):
    policy = Policy((Rule("only", name, when, 0, 10.0),), max_age_s=0.5)
    if cue(policy, affect, absent_s, mode) is not None:
        assert affect.certain
        assert affect.age_s <= 0.5
