"""The graph, described once: `fer_ros run` and the launch files start the same nodes with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fer_ros.consent.params import ConsentParams, DeploymentParams
from fer_ros.conversation.params import ConversationParams
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.params import FacesParams, ImagesParams
from fer_ros.health import HealthParams
from fer_ros.hri.params import HriFacesParams, HriParams
from fer_ros.lifecycle import ManagedParams
from fer_ros.link.params import LinkParams, UplinkParams
from fer_ros.mode import ModeParams
from fer_ros.sources.params import CameraParams
from fer_ros.viewer.params import OverlayParams, ViewerParams
from fer_ros.web.params import WebParams

# Executable → the parameter dataclasses its node declares.
PARAMETERS: dict[str, tuple[type[Any], ...]] = {
    "consent": (ConsentParams, DeploymentParams, HealthParams),
    "camera": (CameraParams, ManagedParams, HealthParams),
    "faces": (FacesParams, ImagesParams, DeploymentParams, ManagedParams, HealthParams),
    "estimator": (EstimatorParams, DeploymentParams, ManagedParams, HealthParams),
    "uplink": (UplinkParams, LinkParams, HealthParams),
    "receiver": (FacesParams, DeploymentParams, ManagedParams, HealthParams),
    "mode": (ModeParams, HealthParams),
    "conversation": (ConversationParams, HealthParams),
    "hri": (HriParams, HealthParams),
    "hri_faces": (HriFacesParams, DeploymentParams, ManagedParams, HealthParams),
    "viewer": (OverlayParams, ViewerParams, HealthParams),
    "web": (WebParams, HealthParams),
}

# Nodes for people to look at: always in processes of their own, so that they delay nobody.
LOOKED_AT = ("viewer", "web")

FACES = ("own", "hri")  # whose faces: ours, or those of another detector of ROS 4 HRI

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


def robot_graph(
    image_topic: str = "",
    faces: str = "own",
    *,
    hri: bool = False,
    viewer: bool = False,
    web: bool = False,
) -> list[NodeSpec]:
    """What runs on the robot.

    Args:
        image_topic: an image topic that somebody else publishes, instead of the camera node.
        faces: one of FACES.
        hri: tell what is seen as ROS 4 HRI does, too.
        viewer: draw what is seen over the images.
        web: show that, and the rest of the graph, on a page; it needs the viewer, too.
    """
    images = (("image_raw", image_topic),) if image_topic else ()
    camera = [] if image_topic else [NodeSpec("camera")]
    return [
        NodeSpec("consent"),
        *camera,
        _faces(faces, images, hri=hri),
        NodeSpec("estimator"),
        NodeSpec("uplink", remappings=images),
        NodeSpec("mode"),
        NodeSpec("conversation"),
        *([NodeSpec("hri", parameters={"detector": faces == "own"})] if hri else []),
        *([NodeSpec("viewer", remappings=images)] if viewer or web else []),
        *([NodeSpec("web")] if web else []),
    ]


def _faces(whose: str, images: tuple[tuple[str, str], ...], *, hri: bool) -> NodeSpec:
    if whose == "hri":
        return NodeSpec("hri_faces", remappings=images)
    return NodeSpec("faces", parameters={"landmarks": True} if hri else {}, remappings=images)


def cloud_graph() -> list[NodeSpec]:
    """What runs in the cloud: it takes what the uplink sends and answers in its own namespace."""
    # What comes across a link is older than what a camera gives; the mode judges its age.
    models = {"model": "cloud", "shapes_model": "blendshape"}
    return [
        NodeSpec("receiver", CLOUD),
        NodeSpec("estimator", CLOUD, {**models, "machine": "cloud", "max_age_s": 0.0}),
    ]
