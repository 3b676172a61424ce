"""How large a probe of a link must be."""

from math import isnan

from fer_ros.link.ladder import MTU, Step

LONGEST_PROBE = 8 * MTU  # long against the jitter of links where it matters, and it survives loss


def probe_bytes(carried_bps: float, wanted: Step, most_s: float) -> int:
    """Padding that tells whether a link carries a rung, and is through in `most_s`.

    Args:
        carried_bps: bit/s that the link is believed to carry; NaN: not known.
        wanted: the next rung up.
        most_s: s of the link's time that a probe may take.
    """
    rate = wanted.bps if isnan(carried_bps) else max(carried_bps, wanted.bps)
    return int(min(max(rate * most_s / 8, MTU / 3), LONGEST_PROBE))
