"""Which use of the cloud's estimates is best: the table behind fer_ros/fusion.py, in Markdown.

Stills: FER+'s validation split, seen by both models at several face sizes, with the student's
blendshapes. Clips: both models as they run, with the cloud's answers as late as links make them.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from benchmarks.combine_clips import agreement_tables, watch
from fer_ros.estimators.estimate import Floats
from fer_ros.estimators.model import Model, load_model
from fer_ros.evaluate.figures import Outcome, figures
from fer_ros.evaluate.markdown import table
from fer_ros.evaluate.run import ask
from fer_ros.evaluate.samples import Samples, from_ferplus, seen_at, with_shapes
from fer_ros.faces.student import Student
from fer_ros.fusion import FLOOR, corrected
from fer_ros.resources import own_model

MACHINES = ("robot", "cloud")
WHOLE_PX = 48  # of FER2013's images
THIN = 0  # the cloud gets blendshapes and no picture
SIZES_PX = ((48, 48), (24, 48), (48, 24), (48, THIN))  # of the face as the robot and as the cloud see it
SPACES = ("ferplus", "fer2013")
USUAL_AGE_S = 0.15  # of a cloud answer behind wifi
FADE_S = 0.15  # of the pool whose cloud part fades with its age
LABEL_S = 2.0  # of one expression, for the last two columns
COLUMNS = ("accuracy", "NLL", "ECE", "coverage", "labels in a set", "accuracy, changing", "NLL, changing")

Sets = NDArray[np.bool_]
# The robot's newest, the robot's of the image that the cloud saw, the cloud's; (N, L) each; age in s.
Way = Callable[[Floats, Floats, Floats, float], Floats]


def _pool(share: float) -> Way:
    return lambda now, _then, cloud, _age: _geometric(now, cloud, share)


def _fading(now: Floats, _then: Floats, cloud: Floats, age_s: float) -> Floats:
    return _geometric(now, cloud, 0.5 * exp(-age_s / FADE_S))


def _geometric(now: Floats, cloud: Floats, share: float) -> Floats:
    evidence = (1.0 - share) * np.log(np.maximum(now, FLOOR)) + share * np.log(np.maximum(cloud, FLOOR))
    weights = np.exp(evidence - evidence.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), np.float32)


def _surer(now: Floats, _then: Floats, cloud: Floats, _age: float) -> Floats:
    return np.where((cloud.max(axis=-1) > now.max(axis=-1))[..., None], cloud, now)


def _corrected(weight: float) -> Way:
    return lambda now, then, cloud, _age: corrected(now, then, cloud, weight)


ROBOT, HELD = "choose the robot's", "choose the cloud's newest"
WAYS: dict[str, Way] = {
    ROBOT: lambda now, _then, _cloud, _age: now,
    HELD: lambda _now, _then, cloud, _age: cloud,
    "choose the surer one": _surer,
    "arithmetic mean": lambda now, _then, cloud, _age: np.asarray(0.5 * now + 0.5 * cloud, np.float32),
    "geometric mean, 0.3": _pool(0.3),
    "geometric mean, 0.5": _pool(0.5),
    "geometric mean, 0.7": _pool(0.7),
    "geometric mean, fading": _fading,
    "corrected, 0.3": _corrected(0.3),
    "corrected, 0.5": _corrected(0.5),
    "corrected, 0.7": _corrected(0.7),
}


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model says of N faces: (N, L) probabilities and prediction sets."""

    probabilities: Floats
    sets: Sets


def stills(models: dict[str, Model], data: Path, report: Callable[[str], None]) -> Iterator[str]:
    """A table for each label space and pair of face sizes."""
    for space in SPACES:
        samples = from_ferplus(data, space, "validation")
        wanted = sorted({(who, px) for pair in SIZES_PX for who, px in zip(MACHINES, pair, strict=True)})
        said = {}
        for who, px in wanted:
            report(f"{space}: {who}, {px} px")
            said[who, px] = _ask(models["thin" if px == THIN else who], samples, px or WHOLE_PX)
        for own_px, cloud_px in SIZES_PX:
            rows = _rows(samples.truth, said["robot", own_px], said["cloud", cloud_px])
            cloud = "gets its blendshapes alone" if cloud_px == THIN else f"{cloud_px} px"
            seen = f"the robot sees the face {own_px} px wide, the cloud {cloud}"
            yield f"**{space}, validation split, n = {len(samples)}; {seen}**"
            yield table(("", *COLUMNS), rows)


def _ask(model: Model, samples: Samples, px: int) -> Answers:
    seen = samples if px == WHOLE_PX else seen_at(samples, px)
    outcome = ask(model, with_shapes(seen, Student(own_model("student")).read_grey), px)
    return Answers(outcome.probabilities, outcome.sets)


def _rows(truth: NDArray[np.int64], robot: Answers, cloud: Answers) -> Iterator[tuple[object, ...]]:
    """A row a way; where the expression changes, the cloud's answer is about another face at times."""
    other = np.random.default_rng(0).permutation(len(truth))
    stale = USUAL_AGE_S / LABEL_S
    now, cloud_then = robot.probabilities, cloud.probabilities
    everything = np.ones(len(truth), np.bool_)
    for name, way in WAYS.items():
        found = way(now, now, cloud_then, USUAL_AGE_S)
        after = way(now, now[other], cloud_then[other], USUAL_AGE_S)
        fresh = figures(Outcome(truth, found, _sets(name, found, robot, cloud), everything))
        accuracy = [float((said.argmax(axis=1) == truth).mean()) for said in (found, after)]
        surprise = [_surprise(said, truth) for said in (found, after)]
        mixed = [(1 - stale) * same + stale * changed for same, changed in (accuracy, surprise)]
        yield (name, accuracy[0], surprise[0], fresh.ece, fresh.coverage, fresh.mean_set_size, *mixed)


def _sets(name: str, found: Floats, robot: Answers, cloud: Answers) -> Sets:
    """The set that goes with each way: of whom was chosen, or the robot's (pools: both) and the likeliest."""
    likeliest = found >= found.max(axis=1, keepdims=True)
    if name in (ROBOT, HELD):
        return robot.sets if name == ROBOT else cloud.sets
    own = robot.sets if name.startswith("corrected") else robot.sets | cloud.sets
    return np.asarray(own | likeliest, np.bool_)


def _surprise(found: Floats, truth: NDArray[np.int64]) -> float:
    """Mean negative log-likelihood, nats."""
    return float(-np.log(np.maximum(found[np.arange(len(truth)), truth], FLOOR)).mean())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.combine", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="FERPlus.zip")
    parser.add_argument("--clips", type=Path, nargs="*", default=[], help="video files")
    parser.add_argument("--robot", default="robot", help="a model's name or folder")
    parser.add_argument("--cloud", default="cloud", help="a model's name or folder")
    parser.add_argument("--thin", default="blendshape", help="the cloud's model where it gets no picture")
    args = parser.parse_args(arguments)
    models = {who: load_model(own_model(getattr(args, who))) for who in (*MACHINES, "thin")}
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        for text in stills(models, args.data, lambda what: bar.update(task, description=what)):
            print(text, end="\n\n", flush=True)
        bar.update(task, description="clips")
        if args.clips:
            both = {who: models[who] for who in MACHINES}
            seen = [late for clip in args.clips for late in watch(both, clip)]
            for text in agreement_tables(WAYS, seen):
                print(text, end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
