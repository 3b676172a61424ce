"""The parameters of the conversation manager."""

from dataclasses import dataclass

from fer_ros.errors import ParameterError
from fer_ros.params import param


@dataclass(frozen=True)
class ConversationParams:
    """How estimates become affect and reactions, and which policy turns them into cues."""

    policy: str = param("default", "name of a policy in config/policies, or the path of a policy file")
    smoothing_s: float = param(
        0.8, "s, time in which an old estimate's weight falls to 1/e", low=0.05, high=60.0
    )
    looks: float = param(
        1.0, "independent looks at a face that the estimates in memory are worth", low=0.5, high=10.0
    )
    enter: float = param(
        0.55, "accumulated probability at which an expression becomes the present one", low=0.0, high=1.0
    )
    leave: float = param(0.4, "accumulated probability below which it no longer is", low=0.0, high=1.0)
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
    before_s: float = param(
        3.0, "s before an utterance with which what follows is compared", low=0.5, high=60.0
    )
    after_s: float = param(
        3.0, "s after an utterance in which a change counts as a reaction to it", low=0.5, high=60.0
    )
    seen_s: float = param(
        0.5, "s, shortest sight of a person before, during or after that is compared", low=0.1, high=60.0
    )
    look_s: float = param(
        1.0, "s, after which another look at a person is an independent one", low=0.05, high=60.0
    )
    reaction_step: float = param(0.2, "change of mean valence that is a reaction", low=0.01, high=2.0)
    reaction_confidence: float = param(
        0.8, "probability from which a change of valence is one", low=0.5, high=1.0
    )
    lost_s: float = param(
        1.5, "s without the face, at the end, after which an utterance lost the person", low=0.5, high=60.0
    )
    turn_limit_s: float = param(
        120.0, "s, after which an utterance that nobody ended is taken as ended", low=1.0, high=3600.0
    )
    tick_hz: float = param(
        10.0, "1/s, how often the policy is asked where no estimate comes", low=1.0, high=100.0
    )

    def __post_init__(self) -> None:
        """Refuse values that contradict each other."""
        if self.leave >= self.enter:
            raise ParameterError(f"leave is {self.leave}, not below enter {self.enter}; lower it")
        if self.forget_s < self.focus_lost_s:
            raise ParameterError(
                f"forget_s is {self.forget_s}, below focus_lost_s {self.focus_lost_s}; raise it"
            )
        if self.before_s < self.seen_s or self.after_s < self.seen_s:
            raise ParameterError(
                f"seen_s is {self.seen_s}, above before_s {self.before_s} or after_s {self.after_s}; lower it"
            )
