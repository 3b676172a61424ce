"""One face's estimates smoothed over time.

Probabilities are averaged as they are, not as log-odds: adding up log-odds would take frames that
are 33 ms apart for independent witnesses, and be sure after a few of the same mistake. The weighted
mean of calibrated probabilities stays calibrated for the share of time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, isnan, nan

from fer_ros.conversation.params import ConversationParams

# An estimate speaks for at most this long before and after its image (a little more than a frame
# at 5 frames per second); the rest of a gap is time in which nothing is known.
VOUCH_S = 0.25
MIN_WEIGHT = 0.05  # a mean that rests on less is none


@dataclass(frozen=True)
class Observation:
    """What the conversation needs of one estimate.

    Attributes:
        stamp: s, acquisition of the image.
        face_id: empty: the image held no face.
        labels: L names.
        probabilities: L numbers in 0..1; empty when nothing could be estimated.
        prediction_set: the labels that hold the true one; empty when the model gives no sets.
        abstained: whether the estimate says not to act on its most likely label.
        valence: -1..1; NaN: not measured.
        arousal: -1..1; NaN: not measured.
        face_size_px: px, longer side of the face; NaN: no face.

    Raises:
        ValueError: there are not as many probabilities as labels.
    """

    stamp: float
    face_id: str
    labels: Sequence[str] = ()
    probabilities: Sequence[float] = ()
    prediction_set: Sequence[str] = ()
    abstained: bool = False
    valence: float = nan
    arousal: float = nan
    face_size_px: float = nan

    def __post_init__(self) -> None:
        """Check that labels and probabilities belong together."""
        if len(self.probabilities) > 0 and len(self.labels) != len(self.probabilities):
            raise ValueError(f"{len(self.probabilities)} probabilities for {len(self.labels)} labels")

    @property
    def informative(self) -> bool:
        """Whether its probabilities may be used."""
        return not self.abstained and len(self.probabilities) > 0 and all(map(isfinite, self.probabilities))


class ForgettingMean:
    """A mean whose weights fall to 1/e in `memory_s`."""

    def __init__(self, memory_s: float) -> None:
        self._memory_s = memory_s
        self._sum = 0.0
        self._weight = 0.0

    @property
    def value(self) -> float:
        """The mean; NaN when too little is known."""
        return self._sum / self._weight if self._weight >= MIN_WEIGHT else nan

    def add(self, value: float, dt_s: float) -> None:
        """Let `dt_s` pass, then take in a value; NaN only lets the time pass."""
        kept, gain = weights(dt_s, self._memory_s)
        self._sum *= kept
        self._weight *= kept
        if not isnan(value):
            self._sum += gain * value
            self._weight += gain


class SmoothedFace:
    """The present apparent expression of one face, with hysteresis.

    The smoothed probabilities of all labels sum to 1 at most: what is missing is what is not known.
    It grows while estimates abstain or the face is away, until no expression is the present one.
    """

    def __init__(self, params: ConversationParams, stamp: float) -> None:
        self._params = params
        self._shares: dict[str, float] = {}
        self._slow_valence = ForgettingMean(params.trend_s)
        self._valence = ForgettingMean(params.smoothing_s)
        self._arousal = ForgettingMean(params.smoothing_s)
        self.stamp = stamp
        self.since_s = stamp
        self.emotion = ""
        self.size_px = 0.0
        self.prediction_set: tuple[str, ...] = ()

    @property
    def valence(self) -> float:
        """Smoothed valence, -1..1; NaN: not known."""
        return self._valence.value

    @property
    def arousal(self) -> float:
        """Smoothed arousal, -1..1; NaN: not known."""
        return self._arousal.value

    @property
    def trend(self) -> str:
        """Where valence is going: rising, steady or falling; empty: not known."""
        change = self._valence.value - self._slow_valence.value
        if isnan(change):
            return ""
        if abs(change) < self._params.trend_step:
            return "steady"
        return "rising" if change > 0 else "falling"

    def confidence(self, now: float) -> float:
        """Smoothed probability of the present expression at `now`; NaN: there is none."""
        return self._share(self.emotion, now) if self.emotion else nan

    def update(self, observation: Observation) -> None:
        """Take in an estimate that is newer than the last."""
        dt_s = observation.stamp - self.stamp
        self._mix(observation, *weights(dt_s, self._params.smoothing_s))
        for mean, value in (
            (self._valence, observation.valence),
            (self._slow_valence, observation.valence),
            (self._arousal, observation.arousal),
        ):
            mean.add(value if observation.informative else nan, dt_s)
        self.stamp = observation.stamp
        self.size_px = 0.0 if isnan(observation.face_size_px) else observation.face_size_px
        self.prediction_set = tuple(observation.prediction_set) if observation.informative else ()
        self.judge(observation.stamp)

    def judge(self, now: float) -> None:
        """Choose the present expression at `now`."""
        if self.emotion and now - self.since_s < self._params.min_hold_s:
            return
        best = max(self._shares, key=lambda label: self._shares[label], default="")
        if best != self.emotion and self._share(best, now) >= self._params.enter:
            self.emotion, self.since_s = best, now
        elif self.emotion and self._share(self.emotion, now) < self._params.leave:
            self.emotion, self.since_s = "", now

    def _mix(self, observation: Observation, kept: float, gain: float) -> None:
        self._shares = {label: share * kept for label, share in self._shares.items()}
        if observation.informative:
            for label, probability in zip(observation.labels, observation.probabilities, strict=True):
                self._shares[label] = self._shares.get(label, 0.0) + gain * probability

    def _share(self, label: str, now: float) -> float:
        unseen_s = max(0.0, now - self.stamp - VOUCH_S)
        return self._shares.get(label, 0.0) * exp(-unseen_s / self._params.smoothing_s)


def weights(dt_s: float, memory_s: float) -> tuple[float, float]:
    """(what is kept of the past after `dt_s`, what an estimate at its end adds), each 0..1."""
    return exp(-dt_s / memory_s), 1.0 - exp(-min(dt_s, VOUCH_S) / memory_s)
