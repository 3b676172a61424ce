"""What the images of one face say together: a mean over time."""

from math import exp

import numpy as np

from fer_ros.estimators.estimate import Floats

FLOOR = 1e-6  # probabilities below it are as good as zero, and their logarithm stays finite
AHEAD = 1e-4  # log-odds by which the label that is kept leads the one that would take its place


class Evidence:
    """A geometric mean of probabilities with exponential forgetting, and a label that is kept.

    The mean is taken over log-probabilities, so that one image that rules a label out counts, and its
    weights come from the real time between images: 5 and 30 frames per second are smoothed alike.

    Between two labels that are nearly as likely, noise would choose anew in every image. So the likeliest
    stays the likeliest until another leads it by `lead`; until then the two share a probability.
    """

    def __init__(self, smoothing_s: float, lead: float = 0.0) -> None:
        """Start without any.

        Args:
            smoothing_s: time constant of the mean, s; 0: the newest image alone, and nothing is kept.
            lead: log-odds, 0 and more; 0: nothing is kept.
        """
        self._smoothing_s = smoothing_s
        self._lead = lead
        self._logs: Floats | None = None
        self._kept = 0

    def add(self, read: Floats, since_last_s: float) -> Floats:
        """Take in (L,) probabilities, `since_last_s` after the ones before; the mean, (L,) with sum 1."""
        logs: Floats = np.log(np.maximum(read, np.float32(FLOOR)))
        if self._logs is None or self._smoothing_s <= 0:
            said = self._logs = logs
        else:
            keep = np.float32(exp(-since_last_s / self._smoothing_s))
            self._logs = keep * self._logs + (np.float32(1) - keep) * logs
            said = self._loyal(self._logs)
        self._kept = int(said.argmax())
        weights: Floats = np.exp(said - said.max())
        return np.asarray(weights / weights.sum(), np.float32)

    def _loyal(self, logs: Floats) -> Floats:
        """The logs, (L,), in which the label kept is first unless another has taken its lead."""
        best = logs.max()
        if not 0 < best - logs[self._kept] < self._lead:
            return logs
        said = logs.copy()
        said[self._kept] = best + np.float32(AHEAD)
        return said
