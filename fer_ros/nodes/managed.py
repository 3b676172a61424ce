"""Nodes with a life cycle: they load on configure, work while active, and free everything on cleanup."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from rclpy.lifecycle import LifecycleState, TransitionCallbackReturn
from rclpy.lifecycle.node import LifecycleNodeMixin

from fer_ros.errors import FerError
from fer_ros.lifecycle import ManagedParams
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.parameters import declare


class ManagedNode(LifecycleNodeMixin, FerNode):
    """Turns the transitions of ROS's life cycle into four methods, and their errors into one clear line.

    A subclass gives `load`, `begin`, `end` and `free`. What cannot be done is a FerError: the transition
    then ends in FAILURE, and the node stays in the state that it was in.

    Attributes:
        active: whether it works; callbacks look at it, as subscriptions hear while a node is inactive.
    """

    def __init__(self, name: str, **options: Any) -> None:
        """Make a node that is not configured; `options` are rclpy's."""
        FerNode.__init__(self, name, **options)
        self._autostart = declare(self, ManagedParams).autostart
        self.active = False
        self._loaded = False
        self._failure = FerError("")
        self._starting = False
        LifecycleNodeMixin.__init__(self)

    @abstractmethod
    def load(self) -> None:
        """Open and warm what the work needs; FerError where that cannot be."""

    def begin(self) -> None:
        """Work; FerError where that may not be."""

    def end(self) -> None:
        """Work no more."""

    @abstractmethod
    def free(self) -> None:
        """Give back what `load` opened."""

    @property
    def idle(self) -> str:
        """Why nothing has to flow; empty while it works."""
        return "" if self.active else str(self._state_machine.current_state[1])

    def start(self) -> None:
        """Configure and activate, where nobody else is to.

        Raises:
            FerError: why it cannot.
        """
        if not self._autostart:
            return
        self._starting = True
        try:
            for trigger in (self.trigger_configure, self.trigger_activate):
                if trigger() is not TransitionCallbackReturn.SUCCESS:
                    raise self._failure
        finally:
            self._starting = False

    def on_configure(self, _: LifecycleState) -> TransitionCallbackReturn:
        """Load."""
        return self._tried(self._loading)

    def on_activate(self, _: LifecycleState) -> TransitionCallbackReturn:
        """Begin to work."""
        return self._tried(self._beginning)

    def on_deactivate(self, _: LifecycleState) -> TransitionCallbackReturn:
        """Work no more."""
        return self._tried(self._ending)

    def on_cleanup(self, _: LifecycleState) -> TransitionCallbackReturn:
        """Free everything."""
        return self._tried(self._freeing)

    def on_shutdown(self, _: LifecycleState) -> TransitionCallbackReturn:
        """Free everything, whatever the state."""
        return self._tried(self._freeing)

    def on_error(self, _: LifecycleState) -> TransitionCallbackReturn:
        """Free what there is; the node can then be configured again."""
        return self._tried(self._freeing)

    def destroy_node(self) -> None:
        """Free everything with the node."""
        self._freeing()
        # rclpy leaves it behind; it would hold the node, and with it the place on /rosout of the next one.
        self._state_machine.destroy_when_not_in_use()
        super().destroy_node()

    def _tried(self, step: Callable[[], None]) -> TransitionCallbackReturn:
        """Say what a transition raises; rclpy would swallow it."""
        try:
            step()
        except FerError as error:
            self._explain(error)
            return TransitionCallbackReturn.FAILURE
        except Exception as error:
            self._explain(FerError(f"{type(error).__name__}: {error}"))
            return TransitionCallbackReturn.ERROR
        return TransitionCallbackReturn.SUCCESS

    def _explain(self, failure: FerError) -> None:
        self._failure = failure
        if not self._starting:  # `start` raises it
            self.get_logger().error(str(failure))

    def _loading(self) -> None:
        self.load()
        self._loaded = True

    def _beginning(self) -> None:
        self.begin()
        self.active = True

    def _ending(self) -> None:
        if self.active:
            self.active = False
            self.end()

    def _freeing(self) -> None:
        self._ending()
        if self._loaded:
            self._loaded = False
            self.free()
