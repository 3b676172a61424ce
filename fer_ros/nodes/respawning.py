"""What ends a launch whose processes are started again: one that cannot start, however often."""

from time import monotonic

from launch import Action, LaunchContext
from launch.actions import ExecuteProcess, RegisterEventHandler
from launch.event_handlers import OnProcessExit, OnProcessStart
from launch.events.process import ProcessExited

from fer_ros.errors import FerError
from fer_ros.nodes.leftovers import free_segments
from fer_ros.supervision import Hopeless, Restarts

STARTED_S = 20.0  # a process that lives so long has come to work, on a busy machine too: launch knows no more


def give_up(process: ExecuteProcess) -> list[Action]:
    """Actions that end the launch, with an error, when a respawned process cannot start."""
    lives = _Lives()
    return [
        RegisterEventHandler(OnProcessStart(target_action=process, on_start=lambda *_: lives.began())),
        RegisterEventHandler(OnProcessExit(target_action=process, on_exit=lives.ended)),
    ]


class _Lives:
    def __init__(self) -> None:
        self._restarts = Restarts()
        self._began = monotonic()

    def began(self) -> None:
        self._began = monotonic()

    def ended(self, event: ProcessExited, context: LaunchContext) -> None:
        """The wait between two lives is launch's own; what is taken from the verdict is the end."""
        if context.is_shutdown:
            return
        if event.returncode < 0:
            free_segments()
        lived_s = monotonic() - self._began
        verdict = self._restarts.ended(event.returncode, lived_s, worked=lived_s >= STARTED_S)
        if isinstance(verdict, Hopeless):
            raise FerError(
                f"{event.process_name} cannot start, after {verdict.tries} tries; it says why above"
            )
