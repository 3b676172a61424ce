"""What each classifier says of a clip, by what its model gave while the clip was played."""

import numpy as np

from fer_ros.evaluate.aggregate import mean_of_scores, mode_of_classes
from fer_ros.evaluate.clip_network import WatchedClip
from fer_ros.evaluate.watch import Floats, Watched, likeliest

MEAN, MODE, STREAMING = "mean of scores", "mode of classes", "streaming estimate"
SINGLE = "frame by frame"
NETWORK = "clip network"


def answers(watched: Watched | WatchedClip) -> dict[str, str | None]:
    """Method → the label it gives a sequence; None where no face was found.

    The streaming estimate is the one after the last image. Of classes that are equally frequent, the one
    with the greater mean score is the mode. A clip network's answer is the mean over its windows.
    """
    scores = {NETWORK: watched.answer} if isinstance(watched, WatchedClip) else _of_images(watched)
    return {method: likeliest(watched.labels, row[None])[0] for method, row in scores.items()}


def streams(watched: Watched | WatchedClip) -> dict[str, list[str | None]]:
    """Method → the label it shows at each of T images; None where it shows none."""
    if isinstance(watched, WatchedClip):
        return {NETWORK: watched.shown}
    return {SINGLE: watched.shown_singly, STREAMING: watched.shown}


def _of_images(watched: Watched) -> dict[str, Floats]:
    """Method → (L,) float32, whose largest is its answer; NaN for none."""
    scores = watched.single[np.isfinite(watched.single).all(axis=1)]
    held = watched.streaming[np.isfinite(watched.streaming).all(axis=1)]
    if len(scores) == 0 or len(held) == 0:
        return dict.fromkeys((MEAN, MODE, STREAMING), np.full(len(watched.labels), np.nan, np.float32))
    mean, votes = mean_of_scores(scores), mode_of_classes(scores)
    mode = np.where(votes == votes.max(), mean, np.float32(-1))
    return {MEAN: mean, MODE: mode, STREAMING: held[-1]}
