"""Policy files: what is refused, with its line, and what is read."""

import pytest
from conversing import POLICIES, SHIPPED, shipped

from fer_ros.conversation.policy import PolicyError, load_policy, policy_path
from fer_ros.conversation.situation import Situation
from fer_ros.errors import ParameterError


@pytest.fixture
def policy_file(tmp_path):
    """Write a policy file and give its path."""

    def write(text):
        path = tmp_path / "policy.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


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
        pytest.param(
            "0.5\n", "1.5\n", r":7: .*min_confidence is 1\.5; it takes 0 to 0\.99", id="out of bounds"
        ),
        pytest.param("max_age_s: 0.5", "max_age_s: .nan", r":1: max_age_s is nan", id="not a number"),
        pytest.param(
            "min_confidence", "confidence", r":7: .*when\.confidence is unknown; it takes emotion", id="key"
        ),
        pytest.param(
            "max_age_s",
            "age",
            r":1: age is unknown; it takes max_age_s, reaction_max_age_s",
            id="unknown top key",
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
        pytest.param(VALID, "rules: [", r":1: this is not YAML: expected the node", id="broken"),
        pytest.param("    cue", "\tcue", r":4: this is not YAML: found character '.t'", id="a tab"),
        pytest.param(
            VALID, "rules: &a [*a]", r":1: rules\.0 is \[.*it takes a mapping", id="rules inside themselves"
        ),
        pytest.param("wait", "2026-01-01", r":4: .*cue is datetime", id="a date"),
        pytest.param(
            "[sad]", "[sad]\n      topic: [yes]", r":7: .*topic is True .bool.; it takes a str", id="yes"
        ),
        pytest.param(
            "[sad]",
            "[sad]\n      min_valence: 0.9",
            r":7: .*min_valence is 0\.9; it takes -0\.64 to 0\.81",
            id="happier than happy",
        ),
        pytest.param("[sad]", "[sad]\n      turn: [talking]", r":7: .*turn is 'talking'; choose", id="turn"),
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
    chosen = [
        policy.choose(Situation(present=True, emotion=emotion)) for emotion in ("sad", "happy", "angry")
    ]
    assert [rule.cue for rule in chosen] == ["check_in", "slow_down", "wait"]


def test_everything_that_is_wrong_is_told_at_once(policy_file):
    text = VALID.replace("wait", "dance").replace("[sad]", "[gloomy]").replace("0.5\n", "7\n", 1)
    with pytest.raises(PolicyError) as error:
        load_policy(policy_file(text))
    assert [problem.split(":")[1] for problem in error.value.problems] == ["1", "4", "6"]


def test_a_name_is_a_policy_of_the_package_and_a_path_is_a_file(tmp_path):
    assert load_policy(policy_path("care_home")) == shipped("care_home")
    assert policy_path(str(tmp_path / "mine.yml")) == tmp_path / "mine.yml"


def test_every_policy_that_ships_is_in_these_tests():
    assert {path.stem for path in POLICIES.iterdir()} == set(SHIPPED) >= {"care_home", "museum_guide"}
