from itertools import product
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fer_ros.conversation.policy import Policy, load_policy
from fer_ros.conversation.reach import unreachable
from fer_ros.conversation.rules import Rule
from fer_ros.conversation.situation import UNCERTAIN, Situation
from fer_ros.conversation.worlds import worlds
from fer_ros.errors import ParameterError

CLASH = "never hold together; relax or remove one"


@pytest.mark.parametrize(
    ("rules", "name", "says"),
    [
        pytest.param(
            ["comfort {certain: false}"],
            "r0",
            f"certain and the strong cue comfort .which needs certain. {CLASH}",
            id="strong on a guess",
        ),
        pytest.param(["celebrate {emotion: [uncertain]}"], "r0", CLASH, id="strong on nothing"),
        pytest.param(
            ["comfort {absent_s: 3}"], "r0", "absent_s and the strong cue comfort", id="comfort nobody"
        ),
        pytest.param(
            ["wait {emotion: [uncertain], mode: [online], min_confidence: 0.5}"],
            "r0",
            f"emotion and min_confidence {CLASH}",
            id="sure of nothing",
        ),
        pytest.param(
            ["wait {emotion: [uncertain], certain: true}"], "r0", f"emotion and certain {CLASH}", id="certain"
        ),
        pytest.param(["wait {absent_s: 3, emotion: [sad]}"], "r0", "absent_s and emotion"),
        pytest.param(["wait {absent_s: 3, trend: [falling]}"], "r0", CLASH, id="nobody's mood falls"),
        pytest.param(
            ["wait {turn: [none], topic: [lunch]}"], "r0", f"turn and topic {CLASH}", id="no turn's topic"
        ),
        pytest.param(
            ["wait {min_valence: 0.2, max_valence: 0.1}"], "r0", f"min_valence and max_valence {CLASH}"
        ),
        pytest.param(["wait {}", "wait {emotion: [sad]}"], "r1", "r0 always comes first", id="shadowed"),
        pytest.param(
            ["wait {min_confidence: 0.5}", "check_in {min_confidence: 0.7}"],
            "r1",
            "r0 always",
            id="threshold",
        ),
        pytest.param(
            ["wait {certain: true}", "comfort {}"], "r1", "r0 always comes first", id="strong is certain"
        ),
        pytest.param(
            [
                "wait {emotion: [sad]}",
                "wait {certain: true}",
                "wait {certain: false}",
                "wait {mode: [online]}",
            ],
            "r3",
            "r1 and r2 always",
            id="by two of three",
        ),
        pytest.param(["wait {absent_s: 2}", "wait {absent_s: 5}"], "r1", "r0 always", id="longer absence"),
        pytest.param(
            ["wait {turn: [speaking, listening]}", "check_in {topic: [lunch]}"], "r1", "r0 always", id="topic"
        ),
        pytest.param(
            ["wait {min_valence: 0.1}", "check_in {min_valence: 0.3, emotion: [happy]}"], "r1", "r0 always"
        ),
        pytest.param(
            ["wait {reaction: [pleased, upset, surprised, lost, none]}", "wait {reaction: [lost]}"],
            "r1",
            "r0",
        ),
    ],
)
def test_a_rule_that_can_never_fire_is_refused(tmp_path, rules, name, says):
    lines = [
        f"- {{name: r{i}, cue: {r.split(' ', 1)[0]}, when: {r.split(' ', 1)[1]}}}"
        for i, r in enumerate(rules)
    ]
    path = tmp_path / "policy.yaml"
    path.write_text("rules:\n" + "\n".join(lines), encoding="utf-8")
    line = 2 + int(name[1])
    with pytest.raises(ParameterError, match=rf":{line}: rules\.\d \({name}\) can never fire: .*({says})"):
        load_policy(path)


@pytest.mark.parametrize(
    "whens",
    [
        pytest.param([{"min_valence": 0.0}, {"max_valence": 0.0}, {}], id="valence may lie on both sides"),
        pytest.param([{"turn": ("speaking",)}, {"topic": ("lunch",)}], id="a topic is also listened to"),
        pytest.param([{"mode": ("online", "offline", "probing")}, {}], id="the mode may not be known yet"),
        pytest.param([{"trend": ("rising", "steady", "falling")}, {}], id="nor the trend"),
        pytest.param([{"absent_s": 1.0}, {}], id="somebody and nobody are two worlds"),
        pytest.param([{"emotion": ("sad",), "certain": True}, {"emotion": ("sad",)}], id="sad, not certain"),
        pytest.param([{"turn": ("none",), "min_turn_s": 20.0}], id="a long silence"),
    ],
)
def test_a_rule_that_can_fire_is_not_refused(whens):
    assert unreachable([Rule(f"r{i}", "wait", when) for i, when in enumerate(whens)]) == {}


whens = st.fixed_dictionaries(
    {},
    optional={
        "emotion": st.lists(st.sampled_from(["sad", "happy", UNCERTAIN]), min_size=1, max_size=2).map(tuple),
        "min_confidence": st.sampled_from([0.4, 0.6]),
        "certain": st.booleans(),
        "min_valence": st.sampled_from([-0.2, 0.2]),
        "max_valence": st.sampled_from([-0.2, 0.2]),
        "mode": st.lists(st.sampled_from(["online", "offline"]), min_size=1, max_size=2).map(tuple),
        "absent_s": st.sampled_from([0.0, 2.0]),
    },
)
cues = st.sampled_from(["wait", "comfort"])
ASKED = {"emotion", "valence_low", "mode", "absent_s"}  # attributes of the dimensions that these rules divide


@settings(max_examples=60)
@given(st.lists(st.tuples(cues, whens), min_size=1, max_size=5))
def test_exactly_the_rules_that_no_situation_chooses_are_found(found):
    rules = [Rule(f"r{i}", cue, when) for i, (cue, when) in enumerate(found)]
    policy, chosen = Policy(tuple(rules)), set()
    for world in worlds(rules):
        told = [parts if set(parts[0]) & ASKED else parts[:1] for parts in world]
        for parts in product(*told):
            situation = Situation(**{"present": True, **{k: v for part in parts for k, v in part.items()}})
            rule = policy.choose(situation)
            chosen.add(rule and rule.name)
    assert set(unreachable(rules)) == {rule.name for rule in rules} - chosen


def test_a_hundred_rules_are_checked_in_seconds():
    emotions, turns = ("sad", "happy", "angry", "fear", "surprise"), ("speaking", "listening", "none")
    rules = [
        Rule(
            f"r{i}",
            "wait",
            {
                "emotion": (emotions[i % 5],),
                "min_confidence": 0.3 + 0.006 * (100 - i),
                "min_duration_s": 10.0 - 0.1 * i,
                "turn": (turns[i % 3],),
                "topic" if i % 3 < 2 else "min_turn_s": ("lunch",) if i % 3 < 2 else 5.0,
            },
        )
        for i in range(100)
    ]
    began = perf_counter()
    assert unreachable(rules) == {}
    assert perf_counter() - began < 10.0
