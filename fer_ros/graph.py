"""The graph, described once: `fer_ros run` and the launch files start the same nodes with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fer_ros.conversation.params import ConversationParams
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.params import FacesParams, ImagesParams
from fer_ros.health import HealthParams
from fer_ros.lifecycle import ManagedParams
from fer_ros.link.link import LinkParams
from fer_ros.link.sender import UplinkParams
from fer_ros.mode import ModeParams
from fer_ros.sources.params import CameraParams

# Executable → the parameter dataclasses its node declares.
PARAMETERS: dict[str, tuple[type[Any], ...]] = {
    "camera": (CameraParams, ManagedParams, HealthParams),
    "faces": (FacesParams, ImagesParams, ManagedParams, HealthParams),
    "estimator": (EstimatorParams, ManagedParams, HealthParams),
    "uplink": (UplinkParams, LinkParams, HealthParams),
    "receiver": (FacesParams, ManagedParams, HealthParams),
    "mode": (ModeParams, HealthParams),
    "conversation": (ConversationParams, HealthParams),
}

CLOUD = "cloud"  # the namespace of everything that may run on the other machine


@dataclass(frozen=True)
class NodeSpec:
    """One node of the graph.

    Attributes:
        executable: a key of PARAMETERS; also the node's name.
        namespace: relative to that of the graph.
        parameters: where they differ from the dataclass and from the configuration file.
        remappings: (from, to) topic names.
    """

    executable: str
    namespace: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    remappings: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """Namespace and name: how options and configuration files address the node."""
        return f"{self.namespace}/{self.executable}" if self.namespace else self.executable


def robot_graph(image_topic: str = "") -> list[NodeSpec]:
    """What runs on the robot.

    Args:
        image_topic: an image topic that somebody else publishes, instead of the camera node.
    """
    images = (("image_raw", image_topic),) if image_topic else ()
    camera = [] if image_topic else [NodeSpec("camera")]
    return [
        *camera,
        NodeSpec("faces", remappings=images),
        NodeSpec("estimator"),
        NodeSpec("uplink", remappings=images),
        NodeSpec("mode"),
        NodeSpec("conversation"),
    ]


def cloud_graph() -> list[NodeSpec]:
    """What runs in the cloud: it takes what the uplink sends and answers in its own namespace."""
    # What comes across a link is older than what a camera gives; the mode judges its age.
    models = {"model": "cloud", "shapes_model": "blendshape"}
    return [
        NodeSpec("receiver", CLOUD),
        NodeSpec("estimator", CLOUD, {**models, "machine": "cloud", "max_age_s": 0.0}),
    ]
