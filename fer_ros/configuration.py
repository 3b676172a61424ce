"""Parameter files in ROS's own format, checked against the dataclasses before a node starts."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from fer_ros.errors import ParameterError
from fer_ros.graph import PARAMETERS, NodeSpec
from fer_ros.params import build

Values = dict[str, Any]

# What rclpy itself declares on every node.
OF_ROS = ("use_sim_time", "qos_overrides", "start_type_description_service")


def read_parameter_file(path: Path) -> dict[str, Values]:
    """Read a ROS parameter file.

    Returns:
        pattern (`camera`, `cloud/faces`, `/**`) → parameter → value.

    Raises:
        ParameterError: the file is missing, is not YAML, or not in ROS's format.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(f"configuration {path} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ParameterError(f"configuration {path} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise ParameterError(f"configuration {path} is not a map of nodes; begin with `camera:`")
    return {str(node): _values(path, node, entry) for node, entry in content.items()}


def _values(path: Path, node: Any, entry: Any) -> Values:
    values = entry.get("ros__parameters") if isinstance(entry, dict) else None
    if not isinstance(values, dict):
        raise ParameterError(f"configuration {path}: {node} has no map ros__parameters below it")
    return values


def resolve(
    specs: Sequence[NodeSpec], files: Sequence[Mapping[str, Values]], options: Mapping[str, Values]
) -> dict[str, Values]:
    """The parameters of every node: its place in the graph, then files, then options; the last wins.

    Args:
        specs: the graph.
        files: what `read_parameter_file` gave.
        options: node path → parameter → value.

    Returns:
        node path → parameter → value.

    Raises:
        ParameterError: a node that is not in the graph, a parameter it does not have (of `/**`: that
            none has), or a value out of bounds.
    """
    files, options = [_flat(file) for file in files], _flat(options)
    known = {spec.path for spec in specs}
    for pattern, some in (entry for file in (*files, options) for entry in file.items()):
        if not any(_matches(pattern, path) for path in known):
            raise ParameterError(f"{pattern} is not a node of this graph; it has {', '.join(sorted(known))}")
        if _is_everybody(pattern):
            _check_for_everybody(some, specs)
    resolved = {}
    for spec in specs:
        values = dict(spec.parameters)
        for file in (*files, options):
            for pattern, some in file.items():
                if _matches(pattern, spec.path):
                    values |= _own(some, spec) if _is_everybody(pattern) else some
        resolved[spec.path] = values
        _check(spec, values)
    return resolved


def _check_for_everybody(values: Values, specs: Sequence[NodeSpec]) -> None:
    """As ROS has it, what is said to all nodes is for those that have such a parameter; but one must."""
    for name in values:
        if not any(_own({name: None}, spec) for spec in specs):
            raise ParameterError(f"/**: {name} is not a parameter of any node of this graph")


def _own(values: Values, spec: NodeSpec) -> Values:
    """Those parameters that a node has."""
    kinds = PARAMETERS[spec.executable]
    return {
        name: value
        for name, value in values.items()
        if name.split(".")[0] in OF_ROS or any(name in kind.__dataclass_fields__ for kind in kinds)
    }


def _is_everybody(pattern: str) -> bool:
    return pattern.strip("/") == "**"


def _flat(file: Mapping[str, Values]) -> dict[str, Values]:
    """Names with dots, as ROS has them, where a file nests them: `qos_overrides` is written so."""
    return {pattern: dict(_named(some)) for pattern, some in file.items()}


def _named(values: Values) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{below}", inner) for below, inner in _named(value))
        else:
            yield name, value


def _check(spec: NodeSpec, values: Values) -> None:
    own = {name: value for name, value in values.items() if name.split(".")[0] not in OF_ROS}
    kinds = PARAMETERS[spec.executable]
    for kind in kinds:
        mine = {n: v for n, v in own.items() if n in kind.__dataclass_fields__}
        build(kind, mine, spec.path)
        own = {n: v for n, v in own.items() if n not in mine}
    if own:
        takes = sorted(n for kind in kinds for n in kind.__dataclass_fields__)
        raise ParameterError(f"{spec.path}.{next(iter(own))} is not a parameter; it takes {', '.join(takes)}")


def _matches(pattern: str, path: str) -> bool:
    """ROS's node patterns: an exact path, or `/**` in front of the end of one."""
    pattern = pattern.strip("/")
    if _is_everybody(pattern):
        return True
    if pattern.startswith("**/"):
        return path == pattern[3:] or path.endswith(pattern[2:])
    return path == pattern
