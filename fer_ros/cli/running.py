"""Two ways to run the nodes of a graph: in this process, or each in one of its own."""

import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from fer_ros.cli.children import Children
from fer_ros.configuration import Values
from fer_ros.errors import FerError
from fer_ros.graph import LOOKED_AT, NodeSpec
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

    def begin(self) -> None:
        """Start what runs in processes of its own, once all who listen are here.

        What was said before they came would be lost.
        """

    def tend(self) -> None:
        """Look after the nodes; called often.

        Raises:
            FerError: one cannot work.
        """

    def close(self) -> None:
        """End them all."""


class Composed:
    """Every node in this process, but those for people to look at, which must delay nobody."""

    def __init__(
        self, specs: Sequence[NodeSpec], values: Mapping[str, Values], namespace: str, log_level: str
    ) -> None:
        """Make the nodes and let them work.

        Raises:
            FerError: one cannot.
        """
        here = [spec for spec in specs if spec.executable not in LOOKED_AT]
        beside = [spec for spec in specs if spec.executable in LOOKED_AT]
        self._beside: Separate | None = None
        self.nodes = make_nodes(here, values, namespace)
        try:
            start(self.nodes)
        except FerError:
            self.close()
            raise
        self._camera = next((node for node in self.nodes if isinstance(node, Camera)), None)
        if beside:
            self._beside = Separate(beside, values, namespace, log_level)

    @property
    def published(self) -> int | None:
        """Images that the camera gave; None without a camera."""
        return self._camera.published if self._camera is not None else None

    @property
    def ended(self) -> bool:
        """Whether there is a camera that gives no more."""
        return self._camera is not None and self._camera.ended

    @property
    def restarts(self) -> Mapping[str, int] | None:
        """Node path → how often it was started again, of those in processes of their own; None: no such."""
        return self._beside.restarts if self._beside is not None else None

    def begin(self) -> None:
        """Start the nodes in processes of their own."""
        if self._beside is not None:
            self._beside.begin()

    def tend(self) -> None:
        """Start again what has ended of the nodes in processes of their own.

        Raises:
            FerError: one cannot start.
        """
        if self._beside is not None:
            self._beside.tend()

    def close(self) -> None:
        """Destroy the nodes, and end the processes."""
        for node in self.nodes:
            node.destroy_node()
        self.nodes = []
        if self._beside is not None:
            self._beside.close()


class Separate:
    """One process a node, and each is started again when it ends."""

    published = None
    ended = False

    def __init__(
        self, specs: Sequence[NodeSpec], values: Mapping[str, Values], namespace: str, log_level: str
    ) -> None:
        """Make what `begin` starts.

        Raises:
            ParameterError: a namespace or a topic that ROS does not take.
        """
        check_names(specs, namespace)
        self.nodes: list[FerNode] = []
        self._jobs = [Job(spec, values[spec.path], namespace, log_level) for spec in specs]
        self._children = Children([])
        self._looked = 0.0

    def begin(self) -> None:
        """Start the processes."""
        self._children = Children(self._jobs)

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
