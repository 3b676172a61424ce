"""What nodes have in common that find faces: a tracker, and a thread to use it in."""

from abc import abstractmethod
from typing import Any, Generic, TypeVar

from fer_ros.consent.params import DeploymentParams
from fer_ros.environment import model_folders
from fer_ros.faces.open import open_tracker
from fer_ros.faces.params import FacesParams
from fer_ros.faces.tracker import FaceTracker
from fer_ros.nodes.aside import Aside
from fer_ros.nodes.managed import ManagedNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import refuse_unlawful

T = TypeVar("T")


class FindingNode(ManagedNode, Generic[T]):
    """Works on items in a thread of its own: what else its executor runs must not wait for that.

    Attributes:
        params: how faces are found.
    """

    def __init__(self, name: str, span_s: float, **options: Any) -> None:
        """Make a node that is not configured.

        Args:
            name: the node's.
            span_s: s by which an item may wait behind the newest one.
            options: rclpy's.
        """
        super().__init__(name, **options)
        self.params = declare(self, FacesParams)
        self._deployment = declare(self, DeploymentParams)
        self._span_s = span_s
        self._tracker: FaceTracker | None = None
        self._work: Aside[T] | None = None
        self._skipped = 0  # in earlier lives of the thread

    @property
    def dropped(self) -> int:
        """Items that came and were not worked on, because newer ones came."""
        return self._skipped + (self._work.dropped if self._work is not None else 0)

    def load(self) -> None:
        """Load the finder and the reader."""
        self._tracker = open_tracker(self.params, model_folders(), self.warn)
        self._tracker.numbers_by_time = True

    def begin(self) -> None:
        """Start the thread, where that is lawful."""
        refuse_unlawful(self, self._deployment)
        self._work = Aside(self.guarded(self._do), self._span_s)

    def end(self) -> None:
        """End the thread."""
        if self._work is not None:
            self._work.close()
            self._skipped += self._work.dropped
            self._work = None

    def free(self) -> None:
        """Let the models go."""
        if self._tracker is not None:
            self._tracker.close()
            self._tracker = None

    @abstractmethod
    def _do(self, item: T) -> None:
        """Work on an item, in the thread."""


def found_by(tracker: FaceTracker) -> tuple[str, str]:
    """Names of the finder and the reader, as FaceArray has them."""
    return tracker.finder.name, tracker.reader.name if tracker.reader is not None else "none"
