"""Two ways to run the nodes of a graph: in this process, or each in one of its own."""

import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from fer_ros.cli.children import Children
from fer_ros.configuration import Values
from fer_ros.errors import FerError
from fer_ros.graph import NodeSpec
from fer_ros.nodes.camera import Camera
from fer_ros.nodes.child import Job
from fer_ros.nodes.main import check_names, make_nodes, start
from fer_ros.nodes.node import FerNode

LOOK_EVERY_S = 0.05  # whether a process has ended


class Running(Protocol):
    """The nodes of a graph, at work.

    Attributes:
        nodes: those that this process has to spin.
    """

    nodes: list[FerNode]

    @property
    def published(self) -> int | None:
        """Images that the camera gave; None: it is not known here."""

    @property
    def ended(self) -> bool:
        """Whether the camera is known here to give no more."""

    @property
    def restarts(self) -> Mapping[str, int] | None:
        """Node path → how often it was started again; None: no node can be."""

    def tend(self) -> None:
        """Look after the nodes; called often.

        Raises:
            FerError: one cannot work.
        """

    def close(self) -> None:
        """End them all."""


class Composed:
    """Every node in this process."""

    restarts = None

    def __init__(self, specs: Sequence[NodeSpec], values: Mapping[str, Values], namespace: str) -> None:
        """Make the nodes and let them work.

        Raises:
            FerError: one cannot.
        """
        self.nodes = make_nodes(specs, values, namespace)
        try:
            start(self.nodes)
        except FerError:
            self.close()
            raise
        self._camera = next((node for node in self.nodes if isinstance(node, Camera)), None)

    @property
    def published(self) -> int | None:
        """Images that the camera gave; None without a camera."""
        return self._camera.published if self._camera is not None else None

    @property
    def ended(self) -> bool:
        """Whether there is a camera that gives no more."""
        return self._camera is not None and self._camera.ended

    def tend(self) -> None:
        """Nothing is to be done."""

    def close(self) -> None:
        """Destroy the nodes."""
        for node in self.nodes:
            node.destroy_node()
        self.nodes = []


class Separate:
    """One process a node, and each is started again when it ends."""

    published = None
    ended = False

    def __init__(
        self, specs: Sequence[NodeSpec], values: Mapping[str, Values], namespace: str, log_level: str
    ) -> None:
        """Start the processes.

        Raises:
            ParameterError: a namespace or a topic that ROS does not take.
        """
        check_names(specs, namespace)
        self.nodes: list[FerNode] = []
        self._children = Children([Job(spec, values[spec.path], namespace, log_level) for spec in specs])
        self._looked = 0.0

    @property
    def restarts(self) -> Mapping[str, int]:
        """Node path → how often it was started again."""
        return self._children.restarts

    def tend(self) -> None:
        """Start again what has ended.

        Raises:
            FerError: a node cannot start.
        """
        now = time.monotonic()
        if now >= self._looked + LOOK_EVERY_S:
            self._looked = now
            self._children.tend(now)

    def close(self) -> None:
        """End the processes."""
        self._children.close()
