"""Apparent expressions in REP-155's words."""

from collections import defaultdict
from collections.abc import Sequence
from math import nan

from fer_ros.estimators.estimate import Floats

# REP-155 has no word for contempt. Of the expressions that it has words for, disgust is the one that
# emotions.VALENCE_AROUSAL places nearest to it. "calm" is RAVDESS's second neutral. "unknown" has no word.
WORDS = {
    "neutral": "neutral",
    "calm": "neutral",
    "angry": "angry",
    "sad": "sad",
    "happy": "happy",
    "surprise": "surprised",
    "disgust": "disgusted",
    "contempt": "disgusted",
    "fear": "scared",
}
NO_WORD = ""


def to_word(
    labels: Sequence[str], probabilities: Floats | Sequence[float], abstained: bool
) -> tuple[str, float]:
    """The word for an estimate and its probability.

    Labels that share a word have their probabilities added, so that a face between disgust and
    contempt is not called angry.

    Args:
        labels: L names of any label space.
        probabilities: (L,) calibrated, sum 1; empty where nothing could be estimated.
        abstained: the estimate is not to be acted on.

    Returns:
        (word, 0..1); ("", NaN) where there is no estimate, or none to act on, or no word for it.
    """
    if abstained or not len(probabilities):
        return NO_WORD, nan
    sums: dict[str, float] = defaultdict(float)
    for label, probability in zip(labels, probabilities, strict=True):
        sums[WORDS.get(label, NO_WORD)] += float(probability)
    word = max(sums, key=lambda name: sums[name])
    return (word, min(sums[word], 1.0)) if word else (NO_WORD, nan)
