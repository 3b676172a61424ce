"""What a policy's rule is: conditions over a situation, and the cue they lead to."""

from dataclasses import dataclass

from fer_ros.conversation.affect import Affect

# A strong cue acts on a person's feelings, and is wrong to give on a guess. A cautious one does no
# harm when the estimate behind it was wrong.
STRONG = ("comfort", "celebrate", "change_topic")
CAUTIOUS = ("keep_going", "slow_down", "check_in", "wait")
CUES = (*STRONG, *CAUTIOUS)

UNCERTAIN = "uncertain"  # a policy's name for no present expression
TRENDS = ("rising", "steady", "falling")
MODES = ("online", "offline", "probing")


@dataclass(frozen=True)
class Situation:
    """What a policy looks at.

    Attributes:
        affect: of the person who matters; None: nobody has been seen lately.
        absent_s: s, since a face was seen.
        mode: online, offline or probing; empty: not known yet.
        now: s.
    """

    affect: Affect | None
    absent_s: float
    mode: str
    now: float


@dataclass(frozen=True)
class Conditions:
    """All must hold; one that is left out (empty, 0 or None) always does.

    Attributes:
        emotion: names of which the present expression is one; UNCERTAIN: there is none.
        min_confidence: 0..1, of the present expression.
        min_duration_s: s, for which it has been the present one.
        trend: names of which the trend of valence is one.
        mode: names of which the operating mode is one.
        certain: whether the newest estimate is fresh and leaves no other expression.
        absent_s: s, for which nobody has been seen; without it somebody must be there.
    """

    emotion: tuple[str, ...] = ()
    min_confidence: float = 0.0
    min_duration_s: float = 0.0
    trend: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    certain: bool | None = None
    absent_s: float | None = None


@dataclass(frozen=True)
class Rule:
    """Conditions and the cue they lead to.

    Attributes:
        name: unique in its policy.
        cue: one of CUES.
        when: its conditions.
        priority: higher is asked earlier; equal ones in the order of the file.
        refractory_s: s, after which it may give its cue again.
    """

    name: str
    cue: str
    when: Conditions
    priority: int
    refractory_s: float

    def matches(self, situation: Situation, max_age_s: float) -> bool:
        """Whether it applies; a strong cue never does without a certain estimate of at most `max_age_s`."""
        if self.when.mode and situation.mode not in self.when.mode:
            return False
        if situation.affect is None or self.when.absent_s is not None:
            return self._matches_absence(situation)
        return self._matches_affect(situation.affect, situation.now, max_age_s)

    def _matches_absence(self, situation: Situation) -> bool:
        about_nobody = self.cue not in STRONG and self.when == Conditions(
            mode=self.when.mode, absent_s=self.when.absent_s
        )
        waited = self.when.absent_s is not None and situation.absent_s >= self.when.absent_s
        return situation.affect is None and about_nobody and waited

    def _matches_affect(self, affect: Affect, now: float, max_age_s: float) -> bool:
        certain = affect.certain and affect.age_s <= max_age_s
        when = self.when
        return (
            (certain or self.cue not in STRONG)
            and when.certain in (None, certain)
            and (not when.emotion or (affect.emotion or UNCERTAIN) in when.emotion)
            and (not when.min_confidence or affect.confidence >= when.min_confidence)
            and now - affect.since_s >= when.min_duration_s
            and (not when.trend or affect.trend in when.trend)
        )
