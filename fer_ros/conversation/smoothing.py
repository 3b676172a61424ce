"""One face's estimates over time: its present expression with hysteresis, valence and arousal."""

from math import isnan, nan

from fer_ros.conversation.belief import VOUCH_S, Belief
from fer_ros.conversation.moments import AROUSAL, VALENCE, ForgettingMean, mean_square
from fer_ros.conversation.observation import Observation
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.timeline import Timeline

SURPRISE = "surprise"


class SmoothedFace:
    """The present apparent expression of one face.

    An expression becomes the present one when its accumulated probability reaches `enter`, stays it
    for `min_hold_s`, and leaves when its probability falls below `leave`. Estimates that abstain,
    and time without any, let probabilities fade until no expression is the present one.

    Attributes:
        stamp: s, of the newest estimate.
        emotion: the present expression; empty: none is likely enough.
        confidence: 0..1, its accumulated probability when last looked at; NaN: there is none.
        since_s: s, when `emotion` (or its absence) began.
        size_px: px, longer side of the face; 0: not known.
        prediction_set: of the newest estimate; empty: it had none, or abstained.
        timeline: what reactions are read from.
    """

    def __init__(self, params: ConversationParams, stamp: float) -> None:
        self._params = params
        self._belief = Belief(params.smoothing_s, params.looks)
        self._valence = ForgettingMean(params.smoothing_s)
        self._slow_valence = ForgettingMean(params.trend_s)
        self._arousal = ForgettingMean(params.smoothing_s)
        self.timeline = Timeline(params.before_s + params.turn_limit_s + params.after_s)
        self.stamp = stamp
        self.since_s = stamp
        self.emotion = ""
        self.confidence = nan
        self.size_px = 0.0
        self.prediction_set: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the newest estimate did not abstain and leaves the present expression alone."""
        return bool(self.emotion) and self.prediction_set == (self.emotion,)

    def valence(self, now: float) -> tuple[float, float]:
        """(-1..1, its standard deviation) at `now`; NaN: not known."""
        return self._valence.after(self._unseen_s(now))

    def arousal(self, now: float) -> tuple[float, float]:
        """(-1..1, its standard deviation) at `now`; NaN: not known."""
        return self._arousal.after(self._unseen_s(now))

    def trend(self, now: float) -> str:
        """Where valence is going: rising, steady or falling; empty: not known."""
        unseen_s = self._unseen_s(now)
        change = self._valence.after(unseen_s)[0] - self._slow_valence.after(unseen_s)[0]
        if isnan(change):
            return ""
        if abs(change) < self._params.trend_step:
            return "steady"
        return "rising" if change > 0 else "falling"

    def update(self, observation: Observation) -> None:
        """Take in an estimate that is newer than the last."""
        dt_s = observation.stamp - self.stamp
        self.stamp = observation.stamp
        size_px = observation.face_size_px
        self.size_px = size_px if size_px > 0.0 else 0.0  # NaN is not
        valence, square = self._learn(observation, dt_s) if observation.informative else self._wait(dt_s)
        self._valence.add(valence, square, dt_s)
        self._slow_valence.add(valence, square, dt_s)
        self._judge(observation.stamp, 0.0)
        surprise = self.confidence if self.prediction_set == (SURPRISE,) == (self.emotion,) else 0.0
        self.timeline.add(observation.stamp, min(dt_s, VOUCH_S), valence, square, surprise)

    def look(self, now: float) -> None:
        """Let what has not been seen for a while fade."""
        unseen_s = self._unseen_s(now)
        if unseen_s > 0.0:
            self._judge(now, unseen_s)

    def _learn(self, observation: Observation, dt_s: float) -> tuple[float, float]:
        """Take in what an estimate claims; its valence and the mean square of that."""
        labels, probabilities = tuple(observation.labels), observation.probabilities
        self._belief.add(labels, probabilities, dt_s)
        self.prediction_set = tuple(observation.prediction_set)
        self._arousal.add(observation.arousal, mean_square(labels, probabilities, AROUSAL), dt_s)
        return observation.valence, mean_square(labels, probabilities, VALENCE)

    def _wait(self, dt_s: float) -> tuple[float, float]:
        self._belief.fade(dt_s)
        self.prediction_set = ()
        self._arousal.add(nan, nan, dt_s)
        return nan, nan

    def _judge(self, now: float, unseen_s: float) -> None:
        """Choose the present expression at `now`."""
        best, probability, held = self._belief.likeliest(self.emotion, unseen_s)
        if not self.emotion or now - self.since_s >= self._params.min_hold_s:
            if probability >= self._params.enter and best != self.emotion:
                self.emotion, self.since_s, held = best, now, probability
            elif self.emotion and held < self._params.leave:
                self.emotion, self.since_s = "", now
        self.confidence = held if self.emotion else nan

    def _unseen_s(self, now: float) -> float:
        return max(0.0, now - self.stamp - VOUCH_S)
