"""What the images of one face say together: a mean over time, and which expression it shows."""

from math import exp

import numpy as np

from fer_ros.estimators.estimate import Floats

FLOOR = 1e-6  # probabilities below it are as good as zero, and their logarithm stays finite
LOOKS_PER_S = 8.0  # a network errs alike in images that are closer in time: they count as parts of one look
AHEAD = 1e-4  # log-odds by which the expression followed leads where the mean has not come round to it yet


class Evidence:
    """A geometric mean of probabilities with exponential forgetting, begun anew where an expression changes.

    The mean is taken over log-probabilities, so that one image that rules a label out counts, and its
    weights come from the real time between images: 5 and 30 frames per second are smoothed alike.

    A mean alone is late with every change and, between two labels that are nearly as likely, chooses anew in
    every image. So the expression is followed by the forward algorithm of a hidden Markov model (Rabiner
    1989, equation 20) that changes seldom: clear evidence turns it sooner than the mean would, faint
    evidence has to last.
    """

    def __init__(self, smoothing_s: float, changes_per_s: float = 0.0) -> None:
        """Start without any.

        Args:
            smoothing_s: time constant of the mean, s; 0: the newest image alone, and nothing is followed.
            changes_per_s: changes of expression a second that are expected of a face; 0: none is followed.
        """
        self._smoothing_s = smoothing_s
        self._changes_per_s = changes_per_s
        self._mean: Floats | None = None
        self._belief: Floats | None = None
        self._followed = -1

    def add(self, read: Floats, since_last_s: float) -> Floats:
        """Take in (L,) probabilities, `since_last_s` after the ones before; the mean, (L,) with sum 1.

        The expression followed is the likeliest in it.
        """
        logs: Floats = np.log(np.maximum(read, np.float32(FLOOR)))
        if self._smoothing_s <= 0:
            return _probabilities(logs)
        before = self._followed
        if self._changes_per_s > 0:
            self._follow(logs, since_last_s)
        if self._mean is None or self._followed != before:
            self._mean = logs
        else:
            keep = np.float32(exp(-since_last_s / self._smoothing_s))
            self._mean = keep * self._mean + (np.float32(1) - keep) * logs
        return _probabilities(_led_by(self._mean, self._followed))

    def _follow(self, logs: Floats, since_last_s: float) -> None:
        """One step of the forward algorithm, with any expression as likely after a change.

        Probabilities stand for likelihoods: what the network learned of rare labels stays in them.
        """
        looks = 1.0
        alike = np.full(len(logs), 1 / len(logs), np.float32)
        if self._belief is None:
            self._belief = alike
        else:
            stays = np.float32(exp(-since_last_s * self._changes_per_s))
            self._belief = stays * self._belief + (np.float32(1) - stays) * alike
            looks = min(since_last_s * LOOKS_PER_S, 1.0)
        # The floor keeps an expression possible where the next image comes too soon for a change to count.
        before = np.log(np.maximum(self._belief, np.float32(FLOOR)))
        self._belief = _probabilities(before + np.float32(looks) * logs)
        self._followed = int(self._belief.argmax())


def _led_by(logs: Floats, label: int) -> Floats:
    """The logs, (L,), in which a label is the likeliest; any if it is negative."""
    if label < 0 or logs.argmax() == label:
        return logs
    said = logs.copy()
    said[label] = logs.max() + np.float32(AHEAD)
    return said


def _probabilities(logs: Floats) -> Floats:
    weights: Floats = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum(), np.float32)
