"""Evaluation on labelled videos: one answer a clip, at several frame rates.

A model of single faces runs as on the robot, with its memory, and a clip's answer is the mean of the
estimates of its images. A clip network's answer is the mean over its windows (clip_network.py). Clips are
thinned out by their stamps, as the robot's uplink does; one that has fewer images a second stays as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets import catalogue
from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import DatasetError, SourceError
from fer_ros.estimators.card import CLIP
from fer_ros.estimators.model import Model
from fer_ros.estimators.params import EstimatorParams
from fer_ros.estimators.streaming import Estimator
from fer_ros.evaluate.aggregate import mean_of_scores
from fer_ros.evaluate.clip_network import ClipNetwork
from fer_ros.evaluate.clips import labelled
from fer_ros.evaluate.figures import Outcome
from fer_ros.evaluate.run import head_for
from fer_ros.evaluate.samples import Samples, check
from fer_ros.evaluate.watch import Estimating, Floats, ImageSize, Viewer, Watcher, distribution, largest
from fer_ros.faces.face import Face, longer_side
from fer_ros.faces.tracker import FaceTracker
from fer_ros.link.throttle import RATES_HZ, Throttle
from fer_ros.sources.frame import Warn
from fer_ros.sources.video import VideoSource

VIDEO = "video"  # input of the samples: paths of files
CLIPS = "clips"  # what is counted
UNDIVIDED = "test"  # the part of a dataset that nobody divided


class Answered(Protocol):
    """What a clip came to."""

    @property
    def answer(self) -> Floats:
        """(L,) float32, a distribution; NaN without a face."""

    @property
    def face_px(self) -> float:
        """Mean size of the faces, px; NaN without one."""


@dataclass(frozen=True, eq=False)
class Averaged:
    """An answer as a mean of estimates; as Answered."""

    answer: Floats
    face_px: float


class Averaging:
    """An estimator as a viewer of clips (watch.Viewer), of the largest face.

    Args:
        estimator: with its memory.
        labels: L names, of its estimates.
    """

    def __init__(self, estimator: Estimating, labels: tuple[str, ...]) -> None:
        self._estimator = estimator
        self._labels = labels

    def see(
        self, faces: Sequence[Face], image_size: ImageSize, stamp: float, _number: int
    ) -> tuple[Floats, float]:
        """The largest face's distribution and size, px; as Viewer."""
        estimates = self._estimator.update(faces, image_size, stamp)
        size = longer_side(faces[largest(faces)].seen.box_xyxy) if faces else float("nan")
        return distribution(faces, estimates, self._labels), size

    def watched(
        self, _stamps: Sequence[float], kept: Sequence[tuple[Floats, float]], _distinct: int
    ) -> Averaged:
        """As Viewer."""
        answered = [(row, size) for row, size in kept if np.isfinite(row).all()]
        if not answered:
            return Averaged(np.full(len(self._labels), np.nan, np.float32), float("nan"))
        rows, sizes = zip(*answered, strict=True)
        return Averaged(mean_of_scores(np.stack(rows)), float(np.mean(sizes)))


def from_videos(dataset: str, path: Path, labels: str, split: str) -> Samples:
    """Labelled videos as samples, whose input is the path of each.

    Args:
        dataset: the name of a video dataset of the catalogue, or a CSV file with columns clip and label.
        path: folder of the clips.
        labels: label space to evaluate in; clips whose label has no place there are left out.
        split: "train", "validation" or "test"; what nobody divided is all test.

    Raises:
        DatasetError: the dataset is absent or incomplete, holds no videos, or no clip of the split has such
            a label.
    """
    every = labelled(path, dataset, labels, leave_out=True)
    clips = [clip for clip in every if (clip.part or UNDIVIDED) == split]
    if not clips:
        parts = ", ".join(sorted({clip.part or UNDIVIDED for clip in every})) or "none"
        raise DatasetError(f"{path}: no clip of the {split} split has a {labels} label; splits with: {parts}")
    names = LABEL_SPACES[labels]
    known = dataset in catalogue.names()
    title = catalogue.adapter(dataset).TITLE if known else f"{path.resolve().name}, {Path(dataset).name}"
    files = np.array([str(clip.path) for clip in clips])
    truth = np.array([names.index(str(clip.label)) for clip in clips], np.int64)
    return Samples(title, split, labels, {VIDEO: files}, truth)


def ask_clips(
    model: Model,
    samples: Samples,
    tracker: FaceTracker,
    params: EstimatorParams,
    warn: Warn,
    progress: Callable[[int, int], None],
    rates_hz: Sequence[float] = RATES_HZ,
) -> dict[float, Outcome]:
    """A model's answers on videos at every frame rate.

    Args:
        model: of single faces, or a clip network; its heads as in `run.ask`.
        samples: of `from_videos`. A file that cannot be read is not answered.
        tracker: finds and follows faces.
        params: how faces are estimated; its labels are not looked at.
        warn: hears of files that are damaged.
        progress: called with clips done and clips in all.
        rates_hz: images a second.

    Returns:
        Frame rate → answers, in the order of the rates.

    Raises:
        ModelError: the model has no such labels.
        DatasetError: there are no clips, or none can be read.
    """
    check(samples)
    head, convert = head_for(model, samples.labels)
    watcher = Watcher(tracker, {model.card.name: _viewer(model, head, params)})
    found: list[list[Answered] | None] = []
    for done, name in enumerate(samples.inputs[VIDEO].tolist(), 1):
        found.append(_played(watcher, Path(name), rates_hz, warn))
        progress(done, len(samples))
    if not any(found):
        raise DatasetError(f"none of the {len(found)} clips can be read; copy them again")

    def outcome(answers: Sequence[Answered | None]) -> Outcome:
        probabilities, sizes, detected = _rows(answers, len(LABEL_SPACES[head]))
        sets = model.card.heads[head].sets(probabilities, sizes)
        return Outcome(samples.truth, *convert(probabilities, sets), detected)

    return {
        rate: outcome([clip[column] if clip else None for clip in found])
        for column, rate in enumerate(rates_hz)
    }


def _viewer(model: Model, head: str, params: EstimatorParams) -> Viewer[Answered]:
    if model.card.input(CLIP) is not None:
        return ClipNetwork(model, head, head)
    return Averaging(Estimator(model, replace(params, labels=head)), LABEL_SPACES[head])


def _played(
    watcher: Watcher[Answered], path: Path, rates_hz: Sequence[float], warn: Warn
) -> list[Answered] | None:
    """The answer at each rate; None where the file cannot be read."""
    answers: list[Answered] = []
    try:
        for rate in rates_hz:
            throttle = Throttle(rate)
            with VideoSource(path, _unheard if answers else warn) as source:
                kept = ((frame.image, frame.stamp) for frame in source if throttle.accept(frame.stamp))
                answers += watcher.watch(kept).values()
    except SourceError as error:
        warn(f"not answered: {error}")
        return None
    return answers


def _rows(answers: Sequence[Answered | None], labels: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """(N, L) probabilities, (N,) sizes in px and (N,) whether there is an answer; 0 and NaN where not."""
    empty = np.full(labels, np.nan, np.float32)
    rows = np.stack([empty if found is None else found.answer for found in answers])
    sizes = np.array([np.nan if found is None else found.face_px for found in answers], np.float32)
    return np.nan_to_num(rows), sizes, np.asarray(np.isfinite(rows).all(axis=1), np.bool_)


def _unheard(_: str) -> None:
    """What is wrong with a clip was said when it was read for the first time."""
