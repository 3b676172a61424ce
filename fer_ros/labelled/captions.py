"""Captions of what faces seem to express, as SubRip (.srt): few enough to be read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count, pairwise
from statistics import median

from fer_ros.estimators.estimate import Estimate
from fer_ros.viewer.words import Words

LEAST_S = 0.6  # what lasts shorter than this, between others, is not shown
FLASH_S = 0.2  # nor is this, where nothing is before it or behind
GAP_S = 0.5  # a face out of sight for no longer than this is taken to have stayed


@dataclass(frozen=True)
class Caption:
    """A text and when it is shown: s, end exclusive."""

    begin_s: float
    end_s: float
    text: str

    @property
    def lasts_s(self) -> float:
        """For how long."""
        return self.end_s - self.begin_s


def captions_of(estimates: Sequence[Estimate], words: Words) -> list[Caption]:
    """What is to be read, one after the other.

    Args:
        estimates: of every image, in order of time, also where they say that there was no face.
        words: names of expressions, and what is said where nobody should act on one.
    """
    if not estimates:
        return []
    steady = {face: _steady(spans) for face, spans in _spans(estimates, words).items()}
    named = len(steady) > 1
    lines = {
        face: [replace(span, text=f"{face}: {span.text}") if named else span for span in spans]
        for face, spans in steady.items()
    }
    return _joined(_together([span for spans in lines.values() for span in spans]))


def srt(captions: Sequence[Caption], delay_s: float = 0.0) -> str:
    """The text of a .srt file, each caption `delay_s` later."""
    times = ((_time(caption.begin_s + delay_s), _time(caption.end_s + delay_s)) for caption in captions)
    numbered = zip(count(1), times, captions, strict=False)
    return "".join(f"{n}\n{begin} --> {end}\n{caption.text}\n\n" for n, (begin, end), caption in numbered)


def _spans(estimates: Sequence[Estimate], words: Words) -> dict[str, list[Caption]]:
    """Face → what is said of it, image by image; each lasts until the next image."""
    times = sorted({estimate.stamp for estimate in estimates})
    steps = [after - before for before, after in pairwise(times)]
    period = median(steps) if steps else LEAST_S
    until = {at: min(at + GAP_S, after) for at, after in pairwise(times)} | {times[-1]: times[-1] + period}
    spans: dict[str, list[Caption]] = defaultdict(list)
    for estimate in estimates:
        if estimate.face_id:
            text = _text(estimate, words)
            spans[estimate.face_id].append(Caption(estimate.stamp, until[estimate.stamp], text))
    return spans


def _text(estimate: Estimate, words: Words) -> str:
    return words.unsure if estimate.abstained or not estimate.label else words.name(estimate.label)


def _steady(spans: Sequence[Caption]) -> list[Caption]:
    """The same without what is too short to be read."""
    shown: list[Caption] = []
    for span in _joined(spans):
        follows = bool(shown) and span.begin_s - shown[-1].end_s <= GAP_S
        if follows and (span.lasts_s < LEAST_S or span.text == shown[-1].text):
            shown[-1] = replace(shown[-1], end_s=span.end_s)
        elif (
            follows and shown[-1].lasts_s < LEAST_S
        ):  # the first after a gap, and short: it goes on as this one
            shown[-1] = replace(span, begin_s=shown[-1].begin_s)
        else:
            shown.append(span)
    return [span for span in _joined(shown) if span.lasts_s >= FLASH_S]


def _together(spans: Sequence[Caption]) -> list[Caption]:
    """What several faces show at once, as several lines."""
    times = sorted({time for span in spans for time in (span.begin_s, span.end_s)})
    shown: list[Caption] = []
    for begin, end in pairwise(times):
        lines = [span.text for span in spans if span.begin_s <= begin and span.end_s >= end]
        follows = bool(shown) and shown[-1].end_s == begin
        if lines and follows and end - begin < FLASH_S:  # two faces seldom change in the same image
            shown[-1] = replace(shown[-1], end_s=end)
        elif lines:
            shown.append(Caption(begin, end, "\n".join(lines)))
    return shown


def _joined(spans: Iterable[Caption]) -> list[Caption]:
    """The same with neighbours of one text made one."""
    joined: list[Caption] = []
    for span in spans:
        if joined and joined[-1].text == span.text and span.begin_s - joined[-1].end_s <= 1e-6:
            joined[-1] = replace(joined[-1], end_s=span.end_s)
        else:
            joined.append(span)
    return joined


def _time(at_s: float) -> str:
    milliseconds = round(at_s * 1000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02},{milliseconds:03}"
