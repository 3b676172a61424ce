"""Risk and coverage: what abstaining on the least confident answers buys.

After El-Yaniv and Wiener 2010, "On the foundations of noise-free selective classification": coverage is
the share of cases that are answered, risk is the share of wrong ones among those.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

COVERAGE = 0.8  # at which accuracy is reported


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """What happens as more and more cases are answered, the surest first.

    Attributes:
        coverage: (N,) float64, share of cases answered, 1/N to 1.
        risk: (N,) float64, share of wrong ones among them, 0..1.
    """

    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]

    @property
    def area(self) -> float:
        """Area under the curve: the mean risk over all coverages, 0..1; smaller is better."""
        return float(self.risk.mean())

    def accuracy_at(self, coverage: float = COVERAGE) -> float:
        """Accuracy of the surest cases, at least this share of all of them.

        Raises:
            ValueError: the coverage is not above 0 and at most 1.
        """
        if not 0 < coverage <= 1:
            raise ValueError(f"coverage is {coverage}; it takes a share above 0 and at most 1")
        # Rounded first: 0.7 * 10 is a little more than 7, and would answer an eighth.
        return float(1 - self.risk[ceil(round(coverage * len(self.risk), 9)) - 1])


def risk_coverage(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> RiskCoverage:
    """Order cases by confidence and count errors.

    Equally sure cases share their errors evenly, so that their order in the data does not matter.

    Args:
        confidence: (N,) float64; what was not answered at all comes last with a confidence below all others.
        right: (N,) bool; what was not answered is not right.

    Raises:
        ValueError: there are no cases.
    """
    if len(right) == 0:
        raise ValueError("no cases: a risk-coverage curve needs at least one")
    _, tie, ties = np.unique(-confidence, return_inverse=True, return_counts=True)
    wrong_share = np.bincount(tie, weights=~right) / ties
    wrong = np.repeat(wrong_share, ties)
    answered = np.arange(1, len(right) + 1)
    return RiskCoverage(answered / len(right), np.cumsum(wrong) / answered)
