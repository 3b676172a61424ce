"""What a cloud result is worth to the robot, by its age."""

from math import exp

FRESH_S = 0.25  # a result up to this age is combined with the robot's own
STALE_WORTH, FADE_S = 0.3, 0.5  # of an older one, to a robot that has nothing else; s in which it fades


def worth_of_ages(from_s: float, span_s: float) -> float:
    """0..1, mean worth of a result while its age goes from `from_s` to `from_s + span_s`."""
    fresh_s = min(max(FRESH_S - from_s, 0.0), span_s)
    stale_from = max(from_s - FRESH_S, 0.0)
    stale_s = FADE_S * (exp(-stale_from / FADE_S) - exp(-(stale_from + span_s - fresh_s) / FADE_S))
    return (fresh_s + STALE_WORTH * stale_s) / span_s
