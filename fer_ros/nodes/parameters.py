"""Parameter dataclasses as ROS parameters: described, bounded, and checked by the same code."""

from collections.abc import Callable
from dataclasses import Field, asdict, fields, replace
from typing import Any, TypeVar, get_type_hints

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult
from rclpy.exceptions import InvalidParameterValueException
from rclpy.node import Node
from rclpy.parameter import Parameter

from fer_ros.errors import ParameterError
from fer_ros.params import build, check, default_of, meta

P = TypeVar("P")


def declare(node: Node, kind: type[P], on_change: Callable[[P], None] | None = None) -> P:
    """Declare every field of a parameter dataclass on a node and return their values.

    Args:
        node: the node.
        kind: a frozen dataclass whose fields are made with `param`.
        on_change: called with the new values when a dynamic parameter was set; a ParameterError refuses them.

    Raises:
        ParameterError: an override is of the wrong type or out of bounds.
    """
    values = {f.name: _declared(node, f, _descriptor(kind, f)) for f in _fields(kind)}
    current = build(kind, values, node.get_name())
    if on_change is not None:
        _follow(node, kind, current, on_change)
    return current


def _declared(node: Node, field: Field[Any], descriptor: ParameterDescriptor) -> Any:
    """The value of one parameter, in bounds or not: `build` says more about a bad one than rclpy does."""
    try:
        return node.declare_parameter(field.name, default_of(field), descriptor).value
    except InvalidParameterValueException:
        anything = ParameterDescriptor(dynamic_typing=True)
        return node.declare_parameter(field.name, default_of(field), anything).value


def _follow(node: Node, kind: type[P], current: P, on_change: Callable[[P], None]) -> None:
    """Refuse settings that do not fit, with the reason, and pass on those that do."""
    known = {f.name: f for f in _fields(kind)}
    types = get_type_hints(kind)
    held = [current]

    def on_set(parameters: list[Parameter]) -> SetParametersResult:
        wanted = {p.name: p.value for p in parameters if p.name in known}
        try:
            new = {n: check(f"{node.get_name()}.{n}", types[n], meta(known[n]), v) for n, v in wanted.items()}
            changed = replace(held[0], **new)  # type: ignore[type-var]
            if new:
                on_change(changed)
        except ParameterError as error:
            return SetParametersResult(successful=False, reason=str(error))
        held[0] = changed
        return SetParametersResult(successful=True)

    node.add_on_set_parameters_callback(on_set)


def overrides(values: object) -> list[Parameter]:
    """A parameter object as overrides for a node's constructor."""
    return [Parameter(name, value=value) for name, value in asdict(values).items()]  # type: ignore[call-overload]


def _fields(kind: type[Any]) -> tuple[Field[Any], ...]:
    return fields(kind)


def _descriptor(kind: type[Any], field: Field[Any]) -> ParameterDescriptor:
    about = meta(field)
    choices = f"one of {', '.join(about.choices)}" if about.choices else ""
    descriptor = ParameterDescriptor(
        description=about.help,
        additional_constraints=choices,
        read_only=not about.dynamic,
        dynamic_typing=True,  # `check` says what a value should be, and takes 15 for 15.0
    )
    if about.low is not None and about.high is not None:
        if get_type_hints(kind)[field.name] is int:
            descriptor.integer_range = [IntegerRange(from_value=int(about.low), to_value=int(about.high))]
        else:
            descriptor.floating_point_range = [FloatingPointRange(from_value=about.low, to_value=about.high)]
    return descriptor
