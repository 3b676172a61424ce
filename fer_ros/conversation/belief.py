"""Calibrated probabilities of one face's expressions, accumulated over time as log-odds.

Neighbouring frames err together: adding up their log-odds, as one may for independent witnesses,
is sure after a few of the same mistake. Here log-odds are averaged with weights that fade with real
time, and the average counts as a stated number of independent looks. With one look, an estimate
that stays the same keeps its calibrated probability however long it lasts, an expression that
comes and goes leaves none likely, and what is no longer seen fades to nothing known.
"""

from collections.abc import Sequence
from math import exp, log

# An estimate speaks for at most this long before and after its image (a little more than a frame
# at 5 frames per second); the rest of a gap is time in which nothing is known.
VOUCH_S = 0.25
FLOOR = 1e-3  # of a probability: a network that gives 0 is wrong more often than never


def weights(dt_s: float, memory_s: float) -> tuple[float, float]:
    """(what is kept of the past after `dt_s`, what an estimate at its end adds), each 0..1."""
    return exp(-dt_s / memory_s), 1.0 - exp(-min(dt_s, VOUCH_S) / memory_s)


LOG_FLOOR = log(FLOOR)


class Belief:
    """Evidence for every label, in log-odds up to a constant that they share."""

    def __init__(self, memory_s: float, looks: float) -> None:
        self._memory_s = memory_s
        self._looks = looks
        self._labels: tuple[str, ...] = ()
        self._evidence: list[float] = []

    def add(self, labels: tuple[str, ...], probabilities: Sequence[float], dt_s: float) -> None:
        """Let `dt_s` pass, then take in probabilities that sum to 1."""
        if self._labels != labels:
            self._go_over_to(labels)
        kept, gain = weights(dt_s, self._memory_s)
        gain *= self._looks
        self._evidence = [
            kept * evidence + gain * (log(p) if p > FLOOR else LOG_FLOOR)
            for evidence, p in zip(self._evidence, probabilities, strict=True)
        ]

    def fade(self, dt_s: float) -> None:
        """Let `dt_s` pass in which nothing was learnt."""
        kept = exp(-dt_s / self._memory_s)
        self._evidence = [kept * evidence for evidence in self._evidence]

    def likeliest(self, label: str, unseen_s: float = 0.0) -> tuple[str, float, float]:
        """The likeliest label when nothing has been seen for `unseen_s`.

        Returns:
            It, its probability, and that of `label`; "" and zeros where nothing has been learnt yet.
        """
        if not self._evidence:
            return "", 0.0, 0.0
        fade = exp(-unseen_s / self._memory_s) if unseen_s > 0.0 else 1.0
        top = max(self._evidence)
        odds = [exp(fade * (evidence - top)) for evidence in self._evidence]
        total = sum(odds)
        best = self._labels[self._evidence.index(top)]
        if label == best:
            return best, 1.0 / total, 1.0 / total
        asked = odds[self._labels.index(label)] / total if label in self._labels else 0.0
        return best, 1.0 / total, asked

    def _go_over_to(self, labels: tuple[str, ...]) -> None:
        """Change the label space: shared labels keep their evidence, new ones start as the least."""
        known = dict(zip(self._labels, self._evidence, strict=True))
        least = min(self._evidence, default=0.0)
        self._labels = labels
        self._evidence = [known.get(label, least) for label in labels]
