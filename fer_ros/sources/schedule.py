"""The built-in source's ground truth: which expression is worn when, and how strongly."""

from math import cos, pi

CYCLE = ("happy", "surprise", "sad", "angry")

# Onsets of spontaneous expressions take 0.3 to 0.7 s, apexes a second or two; offsets are slower.
REST_S = 1.0
ONSET_S = 0.5
APEX_S = 1.5
OFFSET_S = 0.7
TURN_S = REST_S + ONSET_S + APEX_S + OFFSET_S
PERIOD_S = TURN_S * len(CYCLE)


def expression_at(t: float) -> dict[str, float]:
    """Expression → weight at `t` s, the weights summing to 1; "neutral" is always among them."""
    turn, into = divmod(t % PERIOD_S, TURN_S)
    strength = _strength(into)
    label = CYCLE[min(int(turn), len(CYCLE) - 1)]
    return {"neutral": 1.0 - strength, label: strength} if strength > 0 else {"neutral": 1.0}


def apex_of(label: str) -> float:
    """The first time, in s, at which `label` is in the middle of its apex (of its rest for "neutral")."""
    if label == "neutral":
        return REST_S / 2
    return CYCLE.index(label) * TURN_S + REST_S + ONSET_S + APEX_S / 2


def _strength(into: float) -> float:
    """Rest, onset, apex and offset of one turn, eased: 0..1."""
    if into < REST_S + ONSET_S + APEX_S:
        return _ease((into - REST_S) / ONSET_S)
    return _ease((TURN_S - into) / OFFSET_S)


def _ease(share: float) -> float:
    return 0.5 - 0.5 * cos(pi * min(1.0, max(0.0, share)))
