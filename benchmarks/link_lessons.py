"""What each of three links teaches, in sentences that take their figures from a recording of it."""

from collections.abc import Sequence
from math import isfinite, nan

import numpy as np

from fer_ros.bags.run import RecordedRun
from fer_ros.evaluate.run_figures import RunFigures, Span, mode_spans, rung_spans, spans
from fer_ros.link.profiles import LinkProfile, load_profiles, pick_profile
from fer_ros.link.traces import PACKET_BYTES
from fer_ros.resources import share

SHOWN = 6  # names of rungs in a list


def steady(run: RecordedRun, figures: RunFigures) -> str:
    """Of a link that carries everything."""
    profile = _profile(run)
    link_ms = profile.up.delay_ms + profile.down.delay_ms
    return (
        f"Nothing is short here but time: half of the cloud's results are more than "
        f"{ms(figures.arrival_p50_ms)} old when they come, and the link's way there and back takes "
        f"{link_ms:g} ms of that. {_online(run, figures)} What is published is {_shares(figures)}, and half "
        f"of it is at most {ms(figures.emotion_p50_ms)} old: the robot's own estimate of the newest image "
        "sets the pace, and the cloud's of an older one joins in."
    )


def changing(run: RecordedRun, figures: RunFigures) -> str:
    """Of a link whose rate falls and rises."""
    most, least = _rates_mbps(_profile(run), run.span_s)
    sent = list(dict.fromkeys(name for _, _, name in rung_spans(run)))
    return (
        f"The rate goes from {most:.0f} Mbit/s in its best second to {least:.2f} Mbit/s in its worst. What "
        f"is sent has to follow it: {_listed(sent)}. A smaller payload is a worse look at the face, and a "
        f"queue would be worse still, for it makes every later result old. {_online(run, figures)} "
        f"{_gap(figures)}"
    )


def cut(run: RecordedRun, figures: RunFigures) -> str:
    """Of a link that is cut and mended."""
    begin, end = _first(spans(((at.at_s, str(at.cut)) for at in run.link), run.span_s), "True")
    if not isfinite(begin):
        return "The recording ends before the link was cut."
    modes = mode_spans(run)
    lost = _first([span for span in modes if span[0] >= begin], "OFFLINE")[0] - begin
    back = _first([span for span in modes if span[0] >= end], "ONLINE")[0] - end
    was_online = any(name == "ONLINE" and since <= begin < until for since, until, name in modes)
    noticed = f"OFFLINE {lost:.2f} s after the cut" if was_online else "not ONLINE when the link was cut"
    mended = f"ONLINE again {back:.1f} s after the mending" if isfinite(back) else "not ONLINE again"
    return (
        "Nobody tells the robot that the link is cut: the newest result only gets older, and one that is "
        f"{run.offline_after_s:g} s old ends ONLINE. In this run the mode was {noticed}, and {mended}: "
        f"results have to be fresh for a while first. {_gap(figures)} The cut was from {begin:.1f} to "
        f"{end:.1f} s."
    )


def ms(value: float) -> str:
    """Milliseconds for people; a dash for what did not happen."""
    return f"{value:.0f} ms" if isfinite(value) else "-"


def _gap(figures: RunFigures) -> str:
    if not isfinite(figures.longest_gap_ms):
        return "Too few estimates came to speak of a gap."
    return (
        f"Estimates went on: the longest gap was {ms(figures.longest_gap_ms)}, at {figures.gap_at_s:.1f} s."
    )


def _online(run: RecordedRun, figures: RunFigures) -> str:
    share_online = figures.mode_s.get("ONLINE", 0.0) / run.span_s
    return (
        f"The mode was ONLINE for {share_online:.0%} of the time, and changed {figures.mode_changes} times."
    )


def _profile(run: RecordedRun) -> LinkProfile:
    return pick_profile(load_profiles(share("config") / "links"), run.link[-1].profile)


def _rates_mbps(profile: LinkProfile, span_s: float) -> tuple[float, float]:
    """Mbit/s in the best and in the worst second of a trace, as far as the run went."""
    assert profile.up.trace is not None
    seconds = np.array(profile.up.trace.times_ms) // 1000
    packets = np.bincount(seconds, minlength=int(span_s))[: int(span_s)]
    rates = packets * PACKET_BYTES * 8 / 1e6
    return float(rates.max()), float(rates.min())


def _shares(figures: RunFigures) -> str:
    total = max(1, sum(figures.estimates.values()))
    words = {
        "both": "both machines' estimate combined",
        "robot": "the robot's alone",
        "cloud": "the cloud's alone",
    }
    return ", ".join(f"{figures.estimates.get(name, 0) / total:.0%} {said}" for name, said in words.items())


def _first(stretches: Sequence[Span], name: str) -> tuple[float, float]:
    return next(((begin, end) for begin, end, found in stretches if found == name), (nan, nan))


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
