"""Fits a model's calibration on validation examples, for each size that faces are seen at."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import floor, sqrt

import numpy as np

from fer_ros.datasets.small_faces import FACE_SIZES_PX
from fer_ros.estimators.calibration import conformal_threshold, fit_temperature, softmax
from fer_ros.estimators.card import ModelCard
from fer_ros.estimators.head import Band, Head
from fer_ros.estimators.model import Model
from fer_ros.evaluate.samples import ReadShapes, Samples, seen_at, with_shapes


def calibrated(model: Model, validation: Mapping[str, Mapping[int, Samples]]) -> ModelCard:
    """The model's card with fitted bands.

    Args:
        model: as it was exported.
        validation: head → face size, px → examples with labels of that head, that the model has not
            learned from. A single size makes one band for all.

    Returns:
        The card, not yet saved.
    """
    heads = {name: _fitted(model, name, sizes) for name, sizes in validation.items()}
    return replace(model.card, heads={**model.card.heads, **heads})


def at_every_size(samples: Samples, read: ReadShapes) -> dict[int, Samples]:
    """The samples at every size faces are seen at; at their own alone where they are not still faces.

    Args:
        samples: as recorded.
        read: gives the blendshapes of smaller faces, where the samples have some.

    Returns:
        Face size, px → samples.
    """
    if "face" not in samples.inputs:
        return {FACE_SIZES_PX[0]: samples}
    smaller = {px: seen_at(samples, px) for px in FACE_SIZES_PX[1:]}
    if "blendshapes" in samples.inputs:
        smaller = {px: with_shapes(found, read) for px, found in smaller.items()}
    return {FACE_SIZES_PX[0]: samples, **smaller}


def starts(sizes_px: Sequence[int]) -> dict[int, float]:
    """Where the band of each size begins: half-way, as a ratio, from the next smaller one; the first at 0."""
    rising = sorted(sizes_px)
    between = [round(sqrt(low * high), 1) for low, high in pairwise(rising)]
    return dict(zip(rising, [0.0, *between], strict=True))


def _fitted(model: Model, name: str, sizes: Mapping[int, Samples]) -> Head:
    head = model.card.heads[name]
    bands = tuple(
        _band(model, name, head.coverage, from_px, sizes[size_px])
        for size_px, from_px in starts(list(sizes)).items()
    )
    return replace(head, bands=bands)


def _band(model: Model, name: str, coverage: float, from_px: float, samples: Samples) -> Band:
    inputs = {
        read.name: np.nan_to_num(samples.inputs[read.name])
        for read in model.card.inputs
        if read.name in samples.inputs
    }
    logits = model.logits(inputs, name)
    temperature = fit_temperature(logits, samples.truth)
    threshold = conformal_threshold(softmax(logits, temperature), samples.truth, coverage)
    # Rounded down: a higher threshold would lose coverage.
    return Band(from_px, round(temperature, 4), floor(threshold * 1e4) / 1e4)
