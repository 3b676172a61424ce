"""The parameters of the conversation manager."""

from dataclasses import dataclass

from fer_ros.errors import ParameterError
from fer_ros.params import param


@dataclass(frozen=True)
class ConversationParams:
    """How estimates become affect over time, and which policy turns affect into cues."""

    policy: str = param("default", "name of a policy in config/policies, or the path of a policy file")
    smoothing_s: float = param(
        0.8, "s, time in which an old estimate's weight falls to 1/e", low=0.05, high=60.0
    )
    enter: float = param(
        0.55, "smoothed probability at which an expression becomes the present one", low=0.0, high=1.0
    )
    leave: float = param(0.4, "smoothed probability below which it no longer is", low=0.0, high=1.0)
    min_hold_s: float = param(
        1.0, "s, shortest time for which an expression is the present one", low=0.0, high=60.0
    )
    trend_s: float = param(4.0, "s, memory with which the present valence is compared", low=0.1, high=600.0)
    trend_step: float = param(0.1, "change of valence that is a trend", low=0.0, high=2.0)
    focus_ratio: float = param(
        1.3, "how many times larger another face must be to be attended", low=1.0, high=10.0
    )
    focus_lost_s: float = param(
        1.0, "s, for which a face that is not seen stays attended", low=0.1, high=60.0
    )
    forget_s: float = param(10.0, "s, after which a face that is not seen is forgotten", low=0.1, high=3600.0)
    tick_hz: float = param(10.0, "1/s, how often the policy is asked", low=1.0, high=100.0)

    def __post_init__(self) -> None:
        """Refuse values that contradict each other."""
        if self.leave >= self.enter:
            raise ParameterError(f"leave is {self.leave}, not below enter {self.enter}; lower it")
        if self.forget_s < self.focus_lost_s:
            raise ParameterError(
                f"forget_s is {self.forget_s}, below focus_lost_s {self.focus_lost_s}; raise it"
            )
