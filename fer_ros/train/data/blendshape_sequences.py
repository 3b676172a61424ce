"""Sequences of blendshapes made of stills: from one to another and back, with talk, gaps, any frame rate.

Labelled sequences of many people are not to be had, so these are synthesised from the stills of
FER2013: a face goes from one still, often a neutral one, to another and back, through blends of the two,
while talk moves jaw and lips and MediaPipe's jitter is laid over. The labels are blended alike.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from fer_ros.datasets import ferplus, small_faces
from fer_ros.emotions import FER2013
from fer_ros.faces.blendshapes import COUNT, MIRRORED, NAMES
from fer_ros.train.data import ferplus as of_ferplus
from fer_ros.train.data.ferplus import targets
from fer_ros.train.data.ferplus_shapes import WEAK_SEED
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Recipe
from fer_ros.train.shapes import read_shapes

Floats = NDArray[np.float32]
Numbers = NDArray[np.float32] | NDArray[np.float64]

STEPS = 24  # images a sequence: 0.8 s at 30 and 4.8 s at 5 a second
RATES_HZ = (5.0, 30.0)
DROPPED = 0.15  # share of images that never come
UNREAD = 0.05  # share in which no blendshapes are read
STILL = 0.4  # share of sequences of one still throughout: the first image must do, too
FROM_NEUTRAL = 0.5  # share that lead from and to a neutral face; the others from and to any other
APEX_FIRST = 0.5  # share that begin with the expression, so that the first image is not taken for neutral
TALKING = 0.4  # share of sequences with talk
JITTER = 0.15  # of a score, relative: MediaPipe's jitter follows it, and small scores say something, too
SPEECH = {"jawOpen": 0.35, "mouthFunnel": 0.2, "mouthPucker": 0.25, "mouthLowerDownLeft": 0.2}
SPEECH |= {"mouthLowerDownRight": 0.2, "mouthUpperUpLeft": 0.1, "mouthUpperUpRight": 0.1, "mouthClose": 0.1}
SYLLABLES_HZ = (3.0, 6.0)
SHIFT_S = (0.2, 0.8)  # how long a face takes to change
SEED = 7

LICENCE = of_ferplus.LICENCE
NOTE = (
    "Synthesised: sequences are blends of the blendshapes of stills of "
    "different people, with invented talk, jitter, gaps and frame rates. No recorded sequence "
    "was learned from."
)


@dataclass(frozen=True)
class Stills:
    """Blendshapes that were read, with what they show.

    Attributes:
        shapes: (N, 52) float32.
        targets: head → (N, L) float32.
        neutral: indices of neutral faces.
    """

    shapes: Floats
    targets: dict[str, Floats]
    neutral: NDArray[np.int64]


def load(recipe: Recipe, path: Path, split: str, kept: Path) -> Examples:
    """Sequences to learn from; the stills themselves to validate with.

    Returns:
        Inputs `blendshapes` (N, 1, T, 52) and `interval_s` (N, 1, T, 1), targets (N, T, L); for
        validation without T.
    """
    faces = ferplus.load(path, split)
    weak = small_faces.seen_anyhow(faces.images, WEAK_SEED[split])
    shapes = [read_shapes(images, kept, split) for images in (faces.images, weak)]
    if split == "train":
        # Of its mirror image MediaPipe says something else: how far apart two readings of a face are.
        turned = np.ascontiguousarray(faces.images[:, :, ::-1])
        shapes.append(read_shapes(turned, kept, f"{split}, mirrored")[:, MIRRORED])
    wanted = {name: target.numpy() for name, target in targets(faces, recipe, split).items()}
    if split != "train":
        inputs = {"blendshapes": torch.from_numpy(np.nan_to_num(shapes[0]))[:, None]}
        return Examples(inputs, {name: torch.from_numpy(t) for name, t in wanted.items()})
    random = np.random.default_rng(SEED)
    return _sequences(_stills(faces, shapes, wanted, random), random)


def _stills(
    faces: ferplus.FaceSet, shapes: list[Floats], wanted: dict[str, Floats], random: np.random.Generator
) -> Stills:
    """Every version in which blendshapes were read, half of them mirrored."""
    found = [np.isfinite(version).all(axis=1) for version in shapes]
    read = np.concatenate([version[rows] for version, rows in zip(shapes, found, strict=True)])
    labels = np.concatenate([faces.fer2013[rows] for rows in found])
    said = {name: np.concatenate([t[rows] for rows in found]) for name, t in wanted.items()}
    either = np.where(random.random((len(read), 1)) < 0.5, read, read[:, MIRRORED])
    neutral = np.flatnonzero(labels == FER2013.index("neutral"))
    return Stills(either, said, neutral)


def _sequences(stills: Stills, random: np.random.Generator) -> Examples:
    """A sequence to every still."""
    count = len(stills.shapes)
    apex = np.arange(count)
    from_neutral = random.random(count) < FROM_NEUTRAL
    rest = np.where(from_neutral, random.choice(stills.neutral, count), random.permutation(count))
    times, intervals = _times(count, random)
    share = _shares(times, random)[..., None]
    shapes = (1 - share) * stills.shapes[rest, None] + share * stills.shapes[apex, None]
    jitter = np.exp(JITTER * random.standard_normal(shapes.shape, np.float32))
    shapes = np.asarray(np.clip((shapes + _talk(times, random)) * jitter, 0, 1), np.float32)
    shapes[random.random(times.shape) < UNREAD] = 0
    inputs = {
        "blendshapes": torch.from_numpy(shapes)[:, None],
        "interval_s": torch.from_numpy(intervals)[:, None],
    }
    said = {
        name: torch.from_numpy((1 - share) * target[rest, None] + share * target[apex, None])
        for name, target in stills.targets.items()
    }
    return Examples(inputs, said)


def _times(count: int, random: np.random.Generator) -> tuple[Floats, Floats]:
    """(N, T) s from the first image, and (N, T, 1) s since the one before, at many rates, with gaps."""
    low, high = (float(np.log(rate)) for rate in RATES_HZ)
    rates = np.exp(random.uniform(low, high, (count, 1)))
    ticks = 1 + random.negative_binomial(1, 1 - DROPPED, (count, STEPS))
    ticks[:, 0] = 0
    intervals = (ticks / rates).astype(np.float32)
    return intervals.cumsum(axis=1), intervals[..., None]


def _shares(times: Floats, random: np.random.Generator) -> Floats:
    """(N, T) share of the apex: up and down again, or down and up, smoothly; or 1 throughout."""
    count = len(times)
    end = times[:, -1:]
    up, down = end * random.uniform(0, 0.5, (count, 1)), end * random.uniform(0.5, 1.3, (count, 1))
    takes = random.uniform(*SHIFT_S, (count, 1))
    share = np.clip(_ramp((times - up) / takes) - _ramp((times - down) / takes), 0, 1)
    share = np.where(random.random((count, 1)) < APEX_FIRST, 1 - share, share)
    still = random.random((count, 1)) < STILL
    return np.where(still, 1.0, share).astype(np.float32)


def _ramp(x: Numbers) -> Floats:
    """A smooth step from 0 at 0 to 1 at 1."""
    inside = np.asarray(np.clip(x, 0, 1), np.float32)
    return inside * inside * (3 - 2 * inside)


def _talk(times: Floats, random: np.random.Generator) -> Floats:
    """(N, T, 52) that speech adds: jaw and lips at the rate of syllables, each shape out of step."""
    count = len(times)
    added = np.zeros((*times.shape, COUNT), np.float32)
    rate = random.uniform(*SYLLABLES_HZ, (count, 1))
    loud = random.uniform(0.3, 1.0, (count, 1)) * (random.random((count, 1)) < TALKING)
    for name, strength in SPEECH.items():
        phase = random.uniform(0, 2 * np.pi, (count, 1))
        added[..., NAMES.index(name)] = (
            strength * loud * np.maximum(np.sin(2 * np.pi * rate * times + phase), 0)
        )
    return added
