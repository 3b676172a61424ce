"""What the images of one face say together: a mean over time."""

from math import exp

import numpy as np

from fer_ros.estimators.estimate import Floats

FLOOR = 1e-6  # probabilities below it are as good as zero, and their logarithm stays finite


class Evidence:
    """A geometric mean of probabilities with exponential forgetting.

    The mean is taken over log-probabilities, so that one image that rules a label out counts, and its
    weights come from the real time between images: 5 and 30 frames per second are smoothed alike.
    """

    def __init__(self, smoothing_s: float) -> None:
        """`smoothing_s`: time constant of the mean, s; 0: the newest image alone."""
        self._smoothing_s = smoothing_s
        self._logs: Floats | None = None

    def add(self, read: Floats, since_last_s: float) -> Floats:
        """Take in (L,) probabilities, `since_last_s` after the ones before; the mean, (L,) with sum 1."""
        logs: Floats = np.log(np.maximum(read, np.float32(FLOOR)))
        if self._logs is not None and self._smoothing_s > 0:
            keep = np.float32(exp(-since_last_s / self._smoothing_s))
            logs = keep * self._logs + (np.float32(1) - keep) * logs
        self._logs = logs
        weights: Floats = np.exp(logs - logs.max())
        return np.asarray(weights / weights.sum(), np.float32)
