"""Parameters: bounded, described, read-only unless they can change, and refused with a reason."""

from dataclasses import fields
from math import inf, nan
from typing import get_type_hints

import pytest
from rcl_interfaces.srv import DescribeParameters, SetParameters
from rclpy.parameter import Parameter

from fer_ros.errors import FerError, ParameterError
from fer_ros.graph import PARAMETERS
from fer_ros.params import meta

# What makes a node start at once, and without models of others.
BUILT_IN = {"finder": "haar", "reader": "none"}
QUICK = {"faces": BUILT_IN, "receiver": BUILT_IN}
DYNAMIC = {"rung": "crops64@5"}

# Of no type that any parameter has, so that every one can be given a wrong one.
OF_ANOTHER_TYPE = {bool: "perhaps", int: 1.5, float: "fast", str: 1.5}


@pytest.fixture(autouse=True)
def messages_of_others(request):
    """The nodes for ROS 4 HRI need its messages."""
    given = getattr(request.node, "callspec", None)
    if given and given.params.get("executable", "").startswith("hri"):
        request.getfixturevalue("hri_msgs")


def every(predicate):
    """(executable, field, type) of each parameter of which something is so."""
    return [
        pytest.param(executable, field, get_type_hints(kind)[field.name], id=f"{executable}.{field.name}")
        for executable, kinds in PARAMETERS.items()
        for kind in kinds
        for field in fields(kind)
        if predicate(meta(field))
    ]


def refusal(bench, executable, **parameters):
    with pytest.raises(ParameterError) as caught:
        bench.start(executable, {**QUICK.get(executable, {}), **parameters})
    return str(caught.value)


@pytest.mark.parametrize(("executable", "field", "kind"), every(lambda m: m.high is not None))
def test_a_number_out_of_bounds_is_refused_with_its_bounds(bench, executable, field, kind):
    bounds = meta(field)
    for value in (kind(bounds.high + 1), kind(bounds.low - 1), *((nan, inf) if kind is float else ())):
        said = refusal(bench, executable, **{field.name: value})
        assert said.startswith(f"{executable}.{field.name} is {value}")
        assert f"it takes {bounds.low:g} to {bounds.high:g}" in said


@pytest.mark.parametrize(("executable", "field", "kind"), every(lambda m: m.choices))
def test_a_word_that_is_no_choice_is_refused_with_the_choices(bench, executable, field, kind):
    said = refusal(bench, executable, **{field.name: "banana"})
    assert said.startswith(f"{executable}.{field.name} is 'banana'; choose one of")
    assert all(repr(choice) in said for choice in meta(field).choices)


@pytest.mark.parametrize(
    ("executable", "parameters"),
    [
        ("camera", {"rate_hz": "fast"}),
        ("camera", {"width": 640.5}),
        ("camera", {"loop": 1}),
        ("camera", {"source": True}),
        ("mode", {"dwell_s": [1.0]}),
    ],
    ids=lambda value: str(value),
)
def test_a_value_of_another_type_is_refused_with_the_right_one(bench, executable, parameters):
    ((name, value),) = parameters.items()
    said = refusal(bench, executable, **parameters)
    assert said.startswith(f"{executable}.{name} is {value!r}")
    assert "it takes a" in said


def test_a_whole_number_will_do_for_a_real_one(bench):
    assert bench.start("camera", {"rate_hz": 15, "width": 64, "height": 48}).params.rate_hz == 15.0
    assert bench.start("mode", {"dwell_s": 1}).params.dwell_s == 1.0


def test_a_node_that_cannot_start_leaves_nothing_behind(bench):
    with pytest.raises(FerError):
        bench.start("mode", {"dwell_s": -1.0})
    bench.start("mode")
    bench.until(lambda: bench.probe.count_publishers("mode"))
    assert bench.probe.count_publishers("mode") == 1


@pytest.mark.parametrize("executable", PARAMETERS)
def test_a_value_of_another_type_is_refused_for_every_parameter(bench, executable):
    for field, kind in parameters_of(executable):
        value = OF_ANOTHER_TYPE.get(kind, 1.5)  # the others are lists
        said = refusal(bench, executable, **{field.name: value})
        assert said.startswith(f"{executable}.{field.name} is {value!r}")


@pytest.mark.parametrize("executable", PARAMETERS)
def test_every_parameter_is_described_with_its_bounds_and_choices(bench, executable):
    bench.start(executable, QUICK.get(executable))
    known = [field for field, _ in parameters_of(executable)]
    request = DescribeParameters.Request(names=[field.name for field in known])
    described = bench.call(DescribeParameters, f"{executable}/describe_parameters", request)
    for descriptor, field in zip(described.descriptors, known, strict=True):
        about = meta(field)
        assert (descriptor.name, descriptor.description) == (field.name, about.help)
        assert descriptor.read_only != about.dynamic
        ranges = [*descriptor.integer_range, *descriptor.floating_point_range]
        bounds = [] if about.low is None else [(about.low, about.high)]
        assert [(r.from_value, r.to_value) for r in ranges] == bounds
        assert all(choice in descriptor.additional_constraints for choice in about.choices)


@pytest.mark.parametrize("executable", PARAMETERS)
def test_a_running_node_refuses_every_bad_value_with_the_reason(bench, executable):
    node = bench.start(executable, QUICK.get(executable))
    wanted = [
        (field, value)
        for field, kind in parameters_of(executable)
        for value in bad_values(field, kind, node.get_parameter(field.name).value)
    ]
    before = {field.name: node.get_parameter(field.name).value for field, _ in wanted}
    for (field, value), result in zip(wanted, set_all(bench, executable, wanted), strict=True):
        assert not result.successful
        assert field.name in result.reason
        assert (str(value) if meta(field).dynamic else "read-only") in result.reason
    assert before == {name: node.get_parameter(name).value for name in before}


@pytest.mark.parametrize(("executable", "field", "kind"), every(lambda m: m.dynamic and m.high is not None))
def test_a_dynamic_number_can_be_set_to_its_bounds(bench, executable, field, kind):
    node = bench.start(executable, QUICK.get(executable))
    for value in (kind(meta(field).low), kind(meta(field).high)):
        (result,) = set_all(bench, executable, [(field, value)])
        assert (result.successful, node.get_parameter(field.name).value) == (True, value)


@pytest.mark.parametrize("executable", PARAMETERS)
def test_a_parameter_that_is_none_of_its_own_is_refused_by_a_running_node(bench, executable):
    bench.start(executable, QUICK.get(executable))
    request = SetParameters.Request(parameters=[Parameter("mood", value="good").to_parameter_msg()])
    (result,) = bench.call(SetParameters, f"{executable}/set_parameters", request).results
    assert not result.successful
    assert "undeclared" in result.reason  # rclpy's own words, which leave the name out


def parameters_of(executable):
    return [(f, get_type_hints(kind)[f.name]) for kind in PARAMETERS[executable] for f in fields(kind)]


def bad_values(field, kind, now):
    """For one that may change, everything that it does not take; for one that may not, what it does."""
    about = meta(field)
    if not about.dynamic:
        return [now]
    bounds = [] if about.high is None else [kind(about.high + 1), kind(about.low - 1)]
    odd = [nan, inf] if kind is float else []
    return [*bounds, *odd, OF_ANOTHER_TYPE[kind]]


def set_all(bench, executable, values):
    """The results of setting (field, value) pairs, each by itself."""
    sent = [Parameter(field.name, value=value).to_parameter_msg() for field, value in values]
    request = SetParameters.Request(parameters=sent)
    return bench.call(SetParameters, f"{executable}/set_parameters", request).results


class Settable:
    """An uplink whose parameters are set from outside."""

    def __init__(self, bench):
        self.bench = bench
        self.node = bench.start("uplink")

    def set(self, name, value):
        request = SetParameters.Request(parameters=[Parameter(name, value=value).to_parameter_msg()])
        (result,) = self.bench.call(SetParameters, "uplink/set_parameters", request).results
        return result

    def value(self, name):
        return self.node.get_parameter(name).value


@pytest.fixture
def uplink(bench):
    return Settable(bench)


@pytest.mark.parametrize(("name", "value"), [*DYNAMIC.items(), ("rung", "auto"), ("rung", "nothing")])
def test_a_dynamic_parameter_can_be_set(uplink, name, value):
    assert uplink.set(name, value).successful
    assert uplink.value(name) == value


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("rung", "crops64", "rung is 'crops64'; write one like 640x360@15"),
        ("rung", "1280x720@30", "rung 1280x720@30 sends frames; allow is crops"),
        ("rung", 640, "rung is '640'; write one like 640x360@15"),
        ("allow", "frames", "read-only"),
        ("share", 1.0, "read-only"),
        ("profile", "lan", "read-only"),
        ("seed", 2, "read-only"),
    ],
)
def test_a_bad_value_is_refused_with_the_reason_and_changes_nothing(uplink, name, value, says):
    before = uplink.value(name)
    result = uplink.set(name, value)
    assert not result.successful
    assert says in result.reason
    assert uplink.value(name) == before
