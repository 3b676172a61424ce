"""Maclean's grid (2021, section 4): video at three resolutions and three frame rates.

For each clip and condition a sequence of 30 images is classified. The paper does not say which images of
a longer clip it took; here they are the middle ones. The rows are those of its Table 2, with 640x360 px;
its section 3.3 says 480x360, which is another aspect than the clips'. Models of single faces are classifiers
by the mean and the mode of their scores, clip networks (the paper's LSTM) by windows of the same images.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import DatasetError, SourceError
from fer_ros.evaluate.agreement import Agreement, agreement
from fer_ros.evaluate.answers import answers, streams
from fer_ros.evaluate.clip_network import WatchedClip
from fer_ros.evaluate.clips import LabelledClip
from fer_ros.evaluate.degrade import degraded, sequence, thinned
from fer_ros.evaluate.watch import Watched, Watcher
from fer_ros.faces.face import Image8
from fer_ros.link.throttle import RATES_HZ, RESOLUTIONS, parse_resolution
from fer_ros.sources.frame import Warn
from fer_ros.sources.video import VideoSource

ANSWERED = "clips with an answer"  # beside the methods of an accuracy grid
SIZES = tuple(parse_resolution(text) for text in RESOLUTIONS)
CONDITIONS = tuple(product(range(len(SIZES)), range(len(RATES_HZ))))

Viewed = Watched | WatchedClip
Cell = tuple[int, int]  # place in SIZES, place in RATES_HZ
Tables = dict[str, dict[str, NDArray[np.float64]]]


@dataclass
class Run:
    """How a grid is run, and what was met on the way.

    Attributes:
        watcher: plays clips to the models.
        quality: of JPEG, 1..100; None for none.
        warn: hears of clips that are damaged.
        progress: called with the share that is done, 0..1.
        shapes: size and rate of the clips as they are → number of them.
        skipped: names of clips that could not be read.
    """

    watcher: Watcher[Viewed]
    quality: int | None
    warn: Warn
    progress: Callable[[float], None]
    shapes: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Grid:
    """Shares in each cell.

    Attributes:
        of: what the shares are.
        n: clips behind each of them.
        images: compared in the cell with the most of them; 0 where clips are counted.
        tables: model → method → (3, 3) float64, a row per resolution, a column per frame rate; NaN where
            nothing could be compared.
        shapes: as in Run.
        skipped: as in Run.
    """

    of: str
    n: int
    images: int
    tables: Tables
    shapes: dict[str, int]
    skipped: tuple[str, ...]


def accuracy_grid(clips: Sequence[LabelledClip], run: Run) -> Grid:
    """Share of clips whose label each method finds, and of those that have an answer at all.

    A clip in which no face was found is an error.

    Raises:
        DatasetError: not a single clip can be read.
    """
    hits: dict[str, dict[str, NDArray[np.float64]]] = {}
    read = _each(clips, run, lambda clip, step: _count_hits(clip, run, hits, step))
    tables = {model: {m: table / read for m, table in methods.items()} for model, methods in hits.items()}
    return Grid("accuracy", read, 0, tables, dict(run.shapes), tuple(run.skipped))


def agreement_grid(clips: Sequence[LabelledClip], run: Run) -> Grid:
    """Share of images whose label is the one that the clip gave as it is, at the same time.

    Raises:
        DatasetError: not a single clip can be read.
    """
    sums: dict[tuple[str, str, Cell], Agreement] = {}
    read = _each(clips, run, lambda clip, step: _compare(clip, run, sums, step))
    tables: Tables = {}
    for (model, method, cell), found in sums.items():
        empty = np.full((len(SIZES), len(RATES_HZ)), np.nan)
        tables.setdefault(model, {}).setdefault(method, empty)[cell] = found.share
    images = max(found.compared for found in sums.values())
    return Grid("agreement", read, images, tables, dict(run.shapes), tuple(run.skipped))


def _each(
    clips: Sequence[LabelledClip], run: Run, work: Callable[[LabelledClip, Callable[[float], None]], None]
) -> int:
    """Work on every clip, past those that cannot be read; returns how many could."""
    for place, clip in enumerate(clips):
        try:
            work(clip, lambda share, place=place: run.progress((place + share) / len(clips)))  # type: ignore[misc]
        except SourceError as error:
            run.warn(f"left out: {error}")
            run.skipped.append(clip.path.name)
    if len(run.skipped) == len(clips):
        raise DatasetError(f"none of the {len(clips)} clips can be read; copy them again")
    return len(clips) - len(run.skipped)


def _count_hits(
    clip: LabelledClip,
    run: Run,
    hits: dict[str, dict[str, NDArray[np.float64]]],
    step: Callable[[float], None],
) -> None:
    stamps = _stamps(clip.path, run)
    plans = {rate: sequence(stamps, rate) for rate in RATES_HZ}
    images = _images(clip.path, {place for plan in plans.values() for place, _ in plan})
    for done, (row, column) in enumerate(CONDITIONS, 1):
        plan = plans[RATES_HZ[column]]
        frames = ((degraded(images[place], SIZES[row], run.quality), stamp) for place, stamp in plan)
        distinct = len({place for place, _ in plan})
        for model, watched in run.watcher.watch(frames, distinct).items():
            given = answers(watched)
            right = {method: answer == clip.label for method, answer in given.items()}
            answered = any(answer is not None for answer in given.values())
            for name, counts in (right | {ANSWERED: answered}).items():
                empty = np.zeros((len(SIZES), len(RATES_HZ)))
                hits.setdefault(model, {}).setdefault(name, empty)[row, column] += counts
        step(done / len(CONDITIONS))


def _compare(
    clip: LabelledClip, run: Run, sums: dict[tuple[str, str, Cell], Agreement], step: Callable[[float], None]
) -> None:
    stamps = _stamps(clip.path, run)
    with VideoSource(clip.path, _unheard) as source:
        whole = run.watcher.watch((frame.image, frame.stamp) for frame in source)
    for done, (row, column) in enumerate(CONDITIONS, 1):
        kept = set(thinned(stamps, RATES_HZ[column]))
        with VideoSource(clip.path, _unheard) as source:
            frames = (
                (degraded(frame.image, SIZES[row], run.quality), frame.stamp)
                for frame in source
                if frame.index in kept
            )
            parts = run.watcher.watch(frames)
        for model, part in parts.items():
            for method, found in _agreements(part, whole[model]).items():
                key = (model, method, (row, column))
                sums[key] = sums.get(key, Agreement(0, 0)) + found
        step(done / len(CONDITIONS))


def _agreements(part: Viewed, whole: Viewed) -> dict[str, Agreement]:
    times, reference = part.stamps.tolist(), whole.stamps.tolist()
    shown = streams(whole)
    return {
        method: agreement(times, labels, reference, shown[method]) for method, labels in streams(part).items()
    }


def _stamps(path: Path, run: Run) -> list[float]:
    """The clip's times, s; its size and rate are noted."""
    stamps: list[float] = []
    with VideoSource(path, run.warn) as source:
        for frame in source:
            stamps.append(frame.stamp)
            height, width = frame.image.shape[:2]
    periods = np.diff(stamps).tolist()
    rate = f"{1 / median(periods):.0f}" if periods else "1"
    run.shapes[f"{width}x{height} at {rate}/s"] += 1
    return stamps


def _images(path: Path, wanted: set[int]) -> dict[int, Image8]:
    """Some images of a clip, no larger than the grid's largest, so that a sequence fits into memory."""
    with VideoSource(path, _unheard) as source:
        return {
            frame.index: degraded(frame.image, SIZES[0], None) for frame in source if frame.index in wanted
        }


def _unheard(_: str) -> None:
    """What is wrong with a clip was said when it was read for the first time."""
