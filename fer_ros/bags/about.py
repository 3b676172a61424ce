"""What stands in a recording about the run itself: the parameters and the policy that it was made with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

import yaml

from fer_ros.configuration import Values
from fer_ros.conversation.params import ConversationParams
from fer_ros.errors import SourceError
from fer_ros.estimators.params import EstimatorParams
from fer_ros.mode import ModeParams
from fer_ros.params import build

About = Mapping[str, str]

EXACT = "replay"  # stands in recordings whose times are those of the decisions, with the version of how
VERSION = "1"
POLICY = "conversation.policy_text"  # the whole file: a path says nothing elsewhere, or later
NODES: Mapping[str, type[Any]] = {
    "mode": ModeParams,
    "conversation": ConversationParams,
    "estimator": EstimatorParams,
}


def about_run(values: Mapping[str, Values], policy: str) -> dict[str, str]:
    """The parameters of the nodes that decide, for a bag's metadata.

    Args:
        values: node path → parameter → value; what is not in it has its default.
        policy: text of the policy file.
    """
    told = {POLICY: policy}
    for node, kind in NODES.items():
        own = {name: value for name, value in values.get(node, {}).items() if name in get_type_hints(kind)}
        told |= {f"{node}.{name}": str(value) for name, value in vars(build(kind, own, node)).items()}
    return told


def read_about(path: Path) -> dict[str, str]:
    """What a recording tells of its run; nothing where its metadata is missing or somebody else's.

    Args:
        path: a rosbag2 folder, or a file in one.
    """
    file = (path if path.is_dir() else path.parent) / "metadata.yaml"
    try:
        told = yaml.safe_load(file.read_text("utf-8"))["rosbag2_bagfile_information"]["custom_data"]
        return {str(key): str(value) for key, value in told.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError):
        return {}


def recorded_values(about: About) -> dict[str, Values]:
    """Node → parameter → value, of those that a recording tells.

    Raises:
        SourceError: a value is none of its parameter's type.
    """
    return {node: _values(about, node, get_type_hints(kind)) for node, kind in NODES.items()}


def _values(about: About, node: str, types: Mapping[str, Any]) -> Values:
    found = {name: about[f"{node}.{name}"] for name in types if f"{node}.{name}" in about}
    try:
        return {name: _value(text, types[name]) for name, text in found.items()}
    except ValueError as error:
        raise SourceError(f"the recording's parameters of {node} cannot be read ({error})") from error


def _value(text: str, kind: Any) -> Any:
    return text == str(True) if kind is bool else kind(text)
