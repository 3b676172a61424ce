"""The robot's and the cloud's estimates of one face made into one: the cloud corrects the robot.

The cloud's word about a face is as old as the way to it and back is long; the robot's is not. So what
is used of the cloud is not its word but what it says differently from the robot about the same image:
that difference is added to the robot's newest estimate. While a face keeps its expression this is a
weighted geometric mean of both; when the expression changes, the robot's newest estimate moves the
result at once. Measured against other ways in docs/switch.md.
"""

from dataclasses import replace

import numpy as np

from fer_ros.emotions import valence_arousal
from fer_ros.estimators.estimate import UNSURE, Estimate, Floats

FLOOR = 1e-4  # a calibrated model is not surer than this; without it, one image's zero would last
NOTHING = 1e-9  # nats; two distributions that say nothing weigh alike


def combine(
    now: Estimate, then: Estimate, cloud: Estimate, cloud_weight: float, sure_from: float
) -> Estimate:
    """The robot's newest estimate of a face, corrected by the cloud's.

    The prediction set is the robot's, with the likeliest label put in where it is not: so it holds the
    true label at least as often as the robot's promises, whatever the cloud says and however old it is.

    Args:
        now: the robot's, of its newest image; image, face, box and rate are taken from it.
        then: the robot's, of the image that the cloud saw.
        cloud: the cloud's.
        cloud_weight: 0..1, as in `corrected`.
        sure_from: 0..1, probability of the likeliest label below which the result abstains.

    Returns:
        `now` itself where one of the three has no distribution or other labels.
    """
    if not now.labels == then.labels == cloud.labels or not _all_known(now, then, cloud):
        return now
    probabilities = corrected(now.probabilities, then.probabilities, cloud.probabilities, cloud_weight)
    sure = float(probabilities.max()) >= sure_from
    valence, arousal = valence_arousal(now.labels, probabilities)
    return replace(
        now,
        model=f"{now.model}+{cloud.model}",
        probabilities=probabilities,
        prediction_set=_with_likeliest(now, probabilities),
        abstained=not sure,
        reason="" if sure else UNSURE,
        valence=valence,
        arousal=arousal,
    )


def corrected(now: Floats, then: Floats, cloud: Floats, cloud_weight: float) -> Floats:
    """The robot's newest distribution, moved by what the cloud said differently: log-opinion pooling.

    Each side weighs in proportion to the information in its distribution, so that a cloud that sees
    less (a smaller picture, a thinner payload) and knows it by its calibration also moves less.

    Args:
        now: (..., L) float32, the robot's of its newest image.
        then: (..., L) float32, the robot's of the image that the cloud saw.
        cloud: (..., L) float32, the cloud's.
        cloud_weight: 0..1, the cloud's share where both say as much; 0: the robot alone.

    Returns:
        (..., L) float32, summing to 1 along the last axis.
    """
    said = cloud_weight * information(cloud)
    own = (1.0 - cloud_weight) * information(then)
    share = (said / np.maximum(said + own, NOTHING))[..., None]
    evidence = _log(now) + share * (_log(cloud) - _log(then))
    weights = np.exp(evidence - evidence.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), np.float32)


def information(probabilities: Floats) -> Floats:
    """What distributions say, against knowing nothing: log L minus entropy, nats; (..., L) in, (...) out."""
    said = np.log(probabilities.shape[-1]) + (probabilities * _log(probabilities)).sum(axis=-1)
    return np.asarray(np.maximum(said, 0.0), np.float32)


def _log(probabilities: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(probabilities, np.float32(FLOOR))), np.float32)


def _all_known(*estimates: Estimate) -> bool:
    return all(estimate.probabilities.size for estimate in estimates)


def _with_likeliest(now: Estimate, probabilities: Floats) -> tuple[str, ...]:
    """The robot's prediction set and the likeliest label, likeliest first."""
    order = np.argsort(-probabilities, kind="stable")
    inside = {now.labels[int(order[0])], *now.prediction_set}
    return tuple(now.labels[i] for i in order if now.labels[i] in inside)
