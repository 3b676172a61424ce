from dataclasses import dataclass, fields

import pytest

from fer_ros.errors import ParameterError
from fer_ros.graph import PARAMETERS
from fer_ros.params import build, meta, param

KINDS = list(dict.fromkeys(kind for kinds in PARAMETERS.values() for kind in kinds))

# Text of which no list of choices can be given; what cannot be used is refused by whoever reads it.
FREE = {
    "a path, or empty": ("notice_file", "audit_log", "input", "calibration", "ladder_file", "links_file"),
    "a name that the user's own files may add to": ("model", "shapes_model", "profile", "policy"),
    "a name that others give": ("topic", "frame_id", "root"),
    "a size, a kind and a rate": ("rung",),
    "a person's own words": ("exception",),
    "an address, or several": ("host", "hosts"),
    "a secret": ("token",),
}


@dataclass(frozen=True)
class Example:
    """Of every type."""

    rate_hz: float = param(5.0, "how often, 1/s", low=0.5, high=30.0)
    count: int = param(3, "how many", low=1, high=9)
    on: bool = param(False, "whether")
    colour: str = param("red", "which", choices=("red", "blue"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_parameter_is_explained_and_its_default_is_allowed(kind):
    defaults = {f.name: f.default for f in fields(kind)}
    assert build(kind, defaults, "node") == kind()
    assert all(len(meta(f).help) > 10 for f in fields(kind))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_number_has_bounds(kind):
    for field in fields(kind):
        if isinstance(field.default, (int, float)) and not isinstance(field.default, bool):
            assert meta(field).low is not None, field.name
            assert meta(field).high is not None, field.name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_text_has_choices_or_a_reason_why_not(kind):
    free = {name for names in FREE.values() for name in names}
    texts = {f.name for f in fields(kind) if isinstance(f.default, str) and not meta(f).choices}
    assert texts <= free


def test_a_whole_number_serves_as_a_float():
    assert build(Example, {"rate_hz": 15}, "node").rate_hz == 15.0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        pytest.param({"rate_hz": 0.1}, ("node.rate_hz", "0.1", "0.5 to 30", "how often"), id="too low"),
        pytest.param({"count": 10}, ("node.count", "10", "1 to 9"), id="too high"),
        pytest.param({"rate_hz": float("nan")}, ("node.rate_hz", "nan"), id="not a number"),
        pytest.param({"rate_hz": float("inf")}, ("node.rate_hz", "inf"), id="infinite"),
        pytest.param({"count": 2.5}, ("node.count", "2.5", "int"), id="not whole"),
        pytest.param({"count": True}, ("node.count", "True", "int"), id="a truth value for a number"),
        pytest.param({"on": "yes"}, ("node.on", "'yes'", "bool"), id="text for a truth value"),
        pytest.param({"colour": "green"}, ("node.colour", "'green'", "'red', 'blue'"), id="no such choice"),
        pytest.param({"shape": 1}, ("node.shape", "colour, count, on, rate_hz"), id="unknown"),
    ],
)
def test_a_wrong_value_is_refused_with_what_it_takes(values, words):
    with pytest.raises(ParameterError) as error:
        build(Example, values, "node")
    assert all(word in str(error.value) for word in words)
