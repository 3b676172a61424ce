"""`fer_ros video`, `image` and `bag`: estimates of what was recorded, without ROS, in lock-step."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from fer_ros.cli.options import add_parameters, given, of
from fer_ros.environment import model_folders
from fer_ros.errors import ImageError, SourceError
from fer_ros.estimators.estimate import Estimate
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.face import Face, Image8
from fer_ros.faces.params import FacesParams
from fer_ros.images import image_from_file
from fer_ros.params import build
from fer_ros.pipeline import Perception, Pipeline, open_pipeline
from fer_ros.resources import own_model
from fer_ros.sources.frame import Frame, Source
from fer_ros.sources.open import open_source

EXAMPLES = {
    "video": "examples:\n  fer_ros video clip.mp4\n  fer_ros video clip.mp4 --json --faces.finder haar\n",
    "image": "examples:\n  fer_ros image portrait.jpg\n  fer_ros image *.png --json\n",
    "bag": "examples:\n  fer_ros bag recording/\n  fer_ros bag run.mcap --topic /camera/image_raw --json\n",
}


@dataclass(frozen=True, eq=False)
class Timed:
    """A perception and the time it took, s."""

    seen: Perception
    took_s: float


def add(commands: Any) -> None:
    """Add the three commands."""
    video = _command(commands, "video", "estimate the faces of a video file")
    video.add_argument("input", help="a video file")
    image = _command(commands, "image", "estimate the faces of pictures, each on its own")
    image.add_argument("input", nargs="+", help="JPEG, PNG or other picture files")
    bag = _command(commands, "bag", "estimate the faces of a recorded image topic")
    bag.add_argument("input", help="a rosbag2 folder, .mcap or .db3 file")
    bag.add_argument("--topic", default="", help="image topic; needed where the bag holds several")
    for parser, function in ((video, run_video), (image, run_image), (bag, run_bag)):
        parser.set_defaults(run=function)


def run_video(args: argparse.Namespace) -> int:
    """Every frame of a video."""
    return _run_stream(args, "video")


def run_bag(args: argparse.Namespace) -> int:
    """Every image of a topic."""
    return _run_stream(args, "bag", topic=args.topic)


def run_image(args: argparse.Namespace) -> int:
    """Every picture, with nothing carried from one to the next."""
    failed = 0
    with _pipeline(_params(args)) as pipeline:
        for place, path in enumerate(args.input):
            try:
                image = image_from_file(Path(path))
            except ImageError as error:
                _warn(str(error))
                failed += 1
                continue
            # Stamps further apart than any memory: no face is followed from one picture to the next.
            timed = _timed(pipeline, image, 1000.0 * place)
            for record in _records(timed, machine(args)):
                record.pop("t")
                _print({"image": str(path), **record}, args.json, str(path))
    return 1 if failed == len(args.input) else 0


def machine(args: argparse.Namespace) -> str:
    """Which machine the estimates say they come from."""
    return str(of(given(args), "estimator").get("machine", EstimatorParams().machine))


def _command(commands: Any, name: str, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help,
        description=f"{help.capitalize()}. No ROS is needed, and nothing is sent anywhere.",
        epilog=EXAMPLES[name],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line, per image and face")
    add_parameters(parser, "faces", FacesParams)
    add_parameters(parser, "estimator", EstimatorParams)
    return parser


Params = tuple[FacesParams, EstimatorParams]


def _params(args: argparse.Namespace) -> Params:
    values = given(args)
    faces = build(FacesParams, of(values, "faces"), "faces")
    return faces, build(EstimatorParams, of(values, "estimator"), "estimator")


def _pipeline(params: Params) -> Pipeline:
    return open_pipeline(*params, own_model(params[1].model), model_folders(), _warn)


def _run_stream(args: argparse.Namespace, kind: str, topic: str = "") -> int:
    images = seen = 0
    took_s = 0.0
    params = _params(args)
    opened = open_source(kind, args.input, clock=perf_counter, warn=_warn, topic=topic)
    with opened as source, _pipeline(params) as pipeline:
        for timed in _perceive(pipeline, source):
            images += 1
            seen += bool(timed.seen.faces)
            took_s += timed.took_s
            for record in _records(timed, machine(args)):
                _print(record, args.json, f"{record['t']:9.3f} s")
    if images == 0:
        raise SourceError(f"{args.input} gave no image")
    if not args.json:
        print(f"{images} images, {seen} with a face, {images / took_s:.0f} images/s (reading them aside)")
    return 0


def _perceive(pipeline: Pipeline, source: Source) -> Iterator[Timed]:
    # On stderr: stdout may be a file or another program.
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed} images"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(source.name, total=None)
        frame: Frame
        for frame in source:
            yield _timed(pipeline, frame.image, frame.stamp)
            bar.update(task, advance=1)


def _timed(pipeline: Pipeline, image: Image8, stamp: float) -> Timed:
    began = perf_counter()
    return Timed(pipeline.update(image, stamp), perf_counter() - began)


def _records(timed: Timed, machine: str) -> Iterator[dict[str, Any]]:
    """What is printed of one image: a record a face, or one that says that there is none."""
    if not timed.seen.faces:
        yield {"t": round(timed.seen.stamp, 6), "face_id": None}
    for face, estimate in zip(timed.seen.faces, timed.seen.estimates, strict=False):
        yield _record(face, estimate, machine, timed.took_s)


def _record(face: Face, estimate: Estimate, machine: str, took_s: float) -> dict[str, Any]:
    numbers = zip(estimate.labels, estimate.probabilities, strict=True)
    return {
        "t": round(estimate.stamp, 6),
        "face_id": face.id,
        "box": [round(v, 1) for v in face.seen.box_xyxy],
        "label": estimate.label,
        "probabilities": {label: round(float(p), 4) for label, p in numbers},
        "prediction_set": list(estimate.prediction_set),
        "abstained": estimate.abstained,
        "reason": estimate.reason,
        "valence": round(estimate.valence, 4) if isfinite(estimate.valence) else None,
        "arousal": round(estimate.arousal, 4) if isfinite(estimate.arousal) else None,
        "source": machine,
        "latency_ms": round(took_s * 1e3, 2),
    }


def _print(record: dict[str, Any], as_json: bool, where: str) -> None:
    if as_json:
        print(json.dumps(record))
    elif record["face_id"] is None:
        print(f"{where}  no face")
    elif record["label"] is None:
        print(f"{where}  {record['face_id']}  no estimate: {record['reason']}")
    else:
        best = record["probabilities"][record["label"]]
        doubt = f"  ({record['reason']})" if record["abstained"] else ""
        print(f"{where}  {record['face_id']}  {record['label']} {best:.2f}{doubt}")


def _warn(text: str) -> None:
    print(f"fer_ros: {text}", file=sys.stderr)
