"""Both models on clips, as they run, and what comes of the cloud's answers when they come late."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fer_ros.environment import model_folders
from fer_ros.estimators.estimate import Floats
from fer_ros.estimators.model import Model
from fer_ros.estimators.params import EstimatorParams
from fer_ros.estimators.streaming import Estimator
from fer_ros.evaluate.markdown import table
from fer_ros.faces.face import longer_side
from fer_ros.faces.open import open_tracker
from fer_ros.faces.params import FacesParams
from fer_ros.sources.video import VideoSource

AGES_S = (0.06, 0.12, 0.18, 0.25, 0.35)
EVERY = 2  # images a payload: 15 a second of a clip with 30


@dataclass(frozen=True, eq=False)
class Late:
    """A clip's images with the largest face in them.

    Attributes:
        stamps: (T,) float64, s.
        robot, cloud: (T, L) float32, the estimates with memory; NaN without a face.
    """

    stamps: NDArray[np.float64]
    robot: Floats
    cloud: Floats

    def aged(self, age_s: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(N,) images, and for each the one whose answer of the cloud has just come at this age."""
        known = np.isfinite(self.robot + self.cloud).all(axis=1)
        images = np.flatnonzero(known)
        answered = np.searchsorted(self.stamps, self.stamps[images] - age_s, side="right") - 1
        answered -= answered % EVERY
        there = (answered >= 0) & known[answered]
        return images[there], answered[there]


def watch(models: Mapping[str, Model], clip: Path) -> Iterator[Late]:
    """Play a clip to both models; nothing where it shows no face."""
    params = EstimatorParams()
    estimators = {who: Estimator(model, params) for who, model in models.items()}
    rows: dict[str, list[Floats]] = {who: [] for who in models}
    stamps = []
    nothing = np.full(len(next(iter(models.values())).card.heads[params.labels].labels), np.nan, np.float32)
    tracker = open_tracker(FacesParams(reader="none"), model_folders(), print)
    with VideoSource(clip, print) as source:
        for frame in source:
            faces = sorted(
                tracker.update(frame.image, frame.stamp), key=lambda face: -longer_side(face.seen.box_xyxy)
            )
            size = frame.image.shape[1], frame.image.shape[0]
            for who, estimator in estimators.items():
                said = estimator.update(faces, size, frame.stamp)[0].probabilities
                rows[who].append(said if said.size else nothing)
            stamps.append(frame.stamp)
    tracker.close()
    late = Late(np.array(stamps), np.stack(rows["robot"]), np.stack(rows["cloud"]))
    if np.isfinite(late.robot).any():
        yield late


def agreement_tables(
    ways: Mapping[str, Callable[[Floats, Floats, Floats, float], Floats]], clips: Sequence[Late]
) -> Iterator[str]:
    """Share of images with the label that the cloud gives without delay, and changes of label a minute."""
    found = {name: [_seen(way, clips, age_s) for age_s in AGES_S] for name, way in ways.items()}
    images = sum(len(late.aged(AGES_S[0])[0]) for late in clips)
    ages = [f"{1000 * age_s:.0f} ms" for age_s in AGES_S]
    for place, what in enumerate(("share with the cloud's undelayed label", "label changes a minute")):
        yield f"**{len(clips)} clips, {images} images with a face, by the age of the cloud's answer: {what}**"
        yield table(("", *ages), [(name, *(one[place] for one in row)) for name, row in found.items()])


def _seen(
    way: Callable[[Floats, Floats, Floats, float], Floats], clips: Sequence[Late], age_s: float
) -> tuple[float, str]:
    same = images = changes = 0
    shown_s = 0.0
    for late in clips:
        at, then = late.aged(age_s)
        labels = way(late.robot[at], late.robot[then], late.cloud[then], age_s).argmax(axis=1)
        same += int((labels == late.cloud[at].argmax(axis=1)).sum())
        images += len(at)
        changes += int((labels[1:] != labels[:-1]).sum())
        shown_s += float(late.stamps[at[-1]] - late.stamps[at[0]])
    return same / images, f"{60 * changes / shown_s:.1f}"
