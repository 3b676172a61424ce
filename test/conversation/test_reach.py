import pytest

from fer_ros.conversation.policy import load_policy
from fer_ros.errors import ParameterError


@pytest.mark.parametrize(
    ("rules", "name", "says"),
    [
        pytest.param(
            ["comfort {certain: false}"], "r0", "conditions never hold together", id="strong on a guess"
        ),
        pytest.param(
            ["celebrate {emotion: [uncertain]}"], "r0", "never hold together", id="strong on nothing"
        ),
        pytest.param(["comfort {absent_s: 3}"], "r0", "never hold together", id="comfort nobody"),
        pytest.param(
            ["wait {emotion: [uncertain], min_confidence: 0.5}"], "r0", "never", id="sure of nothing"
        ),
        pytest.param(["wait {emotion: [uncertain], certain: true}"], "r0", "never", id="certain of nothing"),
        pytest.param(["wait {absent_s: 3, emotion: [sad]}"], "r0", "never", id="nobody is sad"),
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
            ["wait {certain: true}", "wait {certain: false}", "wait {mode: [online]}"],
            "r2",
            "r0 and r1",
            id="by two",
        ),
        pytest.param(["wait {absent_s: 2}", "wait {absent_s: 5}"], "r1", "r0 always", id="longer absence"),
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
    with pytest.raises(ParameterError, match=rf":{line}: rules\.\d \({name}\) can never fire: .*{says}"):
        load_policy(path)
