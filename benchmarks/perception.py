"""Cost and range of the perception without ROS: finders, readers, our own code, whole videos."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import cv2
import numpy as np

from fer_ros.conversation.manager import ConversationManager
from fer_ros.conversation.params import ConversationParams
from fer_ros.conversation.policy import load_policy
from fer_ros.conversation.smoothing import Observation
from fer_ros.environment import model_folders
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.crop import around, cut_square
from fer_ros.faces.face import overlap
from fer_ros.faces.open import locate, open_tracker
from fer_ros.faces.params import FacesParams
from fer_ros.faces.reader import CROP_PX, FILE, GROWTH, LandmarkReader
from fer_ros.link.ladder import load_ladder
from fer_ros.link.packing import crops_body
from fer_ros.link.params import UplinkParams
from fer_ros.link.payload import Payload, encode
from fer_ros.link.rung import parse_rung
from fer_ros.link.sender import Sender
from fer_ros.mode import ModeParams, ModeSwitch
from fer_ros.pipeline import open_pipeline
from fer_ros.resources import share
from fer_ros.selection import Selector
from fer_ros.sources.builtin import BuiltinSource, Scene
from fer_ros.sources.scene import Backdrop, Placement, face_box, render

# What the Landmarker takes for a face on the machine on which the targets were set.
REFERENCE_MS = 5.0

WIDTHS_PX = (24, 32, 40, 48, 56, 64, 80, 130, 200, 400)
PLACES = 4  # of each width
FRAMES_A_PLACE = 45
IMAGES = 300

Figures = dict[str, Any]


def quiet(_: str) -> None:
    """Benchmarks name the finder they use; a fallback is not news."""


def slowness() -> float:
    """How many times longer MediaPipe takes for a face now than on the machine the targets were set on."""
    path = locate(FILE, model_folders())
    if not path.is_file():
        return 1.0
    reader = LandmarkReader(path)
    source = BuiltinSource(Scene())
    crop = cut_square(source.frame(0).image, *around(source.face_box_at(0.0), GROWTH), CROP_PX)
    times = [_time(reader.detect, crop) for _ in range(40)]
    reader.close()
    return _p50(times) / REFERENCE_MS


def found_by_size(finder: str, reader: str) -> list[Figures]:
    """Found share and cost of faces by width, in short sequences over a moving background."""
    rows = []
    for width_px in WIDTHS_PX:
        found = images = 0
        took_s = 0.0
        for place in range(PLACES):
            tracker = open_tracker(FacesParams(finder=finder, reader=reader), model_folders(), quiet)
            for index, (image, box) in enumerate(_sequence(width_px, place)):
                began = perf_counter()
                faces = tracker.update(image, index / 30)
                took_s += perf_counter() - began
                found += any(overlap(face.seen.box_xyxy, box) > 0.3 for face in faces)
                images += 1
            tracker.close()
        rows.append({"width_px": width_px, "found": found / images, "ms": 1e3 * took_s / images})
    return rows


def _sequence(width_px: int, place: int) -> list[tuple[Any, Any]]:
    """A face of one width drifting through the image."""
    random = np.random.default_rng(1000 * width_px + place)
    wall = Backdrop(1280, 720, place)
    margin = 0.7 * width_px
    start = random.uniform((margin, margin), (1280 - margin, 720 - margin))
    speed = random.uniform(-30, 30, 2) / 30  # px an image
    frames = []
    for index in range(FRAMES_A_PLACE):
        centre = np.clip(start + speed * index, (margin, margin), (1280 - margin, 720 - margin))
        placement = Placement(
            (float(centre[0]), float(centre[1])), float(width_px), {"happy": index / FRAMES_A_PLACE}
        )
        frames.append((render(wall.at(index / 30), [placement]), face_box(placement)))
    return frames


def cost_by_faces(finder: str, reader: str) -> list[Figures]:
    """Average time of the tracker for one and five faces at 2 m."""
    rows = []
    for n_faces in (1, 5):
        source = BuiltinSource(Scene(n_faces=n_faces))
        tracker = open_tracker(FacesParams(finder=finder, reader=reader), model_folders(), quiet)
        images = [source.frame(k).image for k in range(90)]
        times = [_time(tracker.update, image, i / 30) for i, image in enumerate(images)]
        tracker.close()
        rows.append({"faces": n_faces, "mean_ms": 1e3 * float(np.mean(times)), "p50_ms": _p50(times)})
    return rows


RUNG = parse_rung("crops112@15")


def own_code() -> Figures:
    """Time a frame in our own code: all that the graph does but the finder, the reader and DDS."""
    pipeline = open_pipeline(
        FacesParams(), EstimatorParams(), share("models") / "robot", model_folders(), quiet
    )
    foreign = _Stopwatch()
    foreign.wrap(pipeline.tracker.finder, "find")
    foreign.wrap(pipeline.tracker.finder, "find_in_region")
    if pipeline.tracker.reader is not None:
        foreign.wrap(pipeline.tracker.reader, "detect")
    after = _after()
    source = BuiltinSource(Scene())
    times = []
    for k in range(IMAGES):
        image, stamp = source.frame(k).image, k / 30
        foreign.total_s = 0.0
        began = perf_counter()
        after(image, stamp, pipeline.update(image, stamp))
        times.append(perf_counter() - began - foreign.total_s)
    pipeline.close()
    return {"mean_ms": 1e3 * float(np.mean(times)), "p50_ms": _p50(times), "images": IMAGES}


def _after() -> Callable[..., None]:
    """What the robot's other nodes do with an image and its estimates."""
    sender = Sender(UplinkParams(), load_ladder(share("config") / "ladder.yaml"))
    selector: Selector[Any] = Selector(ModeSwitch(ModeParams()))
    policy = load_policy(share("config") / "policies" / "default.yaml")
    manager = ConversationManager(ConversationParams(), policy)

    def run(image: Any, stamp: float, seen: Any) -> None:
        if sender.wants(stamp, seen.faces) is not None:
            size = image.shape[1], image.shape[0]
            encode(Payload(sender.next_sequence(), round(stamp * 1e9), size, crops_body(seen.faces, RUNG)))
        for estimate in seen.estimates:
            for passed in selector.on_robot(stamp, estimate.face_id, estimate, stamp).publish:
                chosen = passed.estimate
                manager.on_estimate(
                    Observation(stamp, chosen.face_id, chosen.labels, chosen.probabilities.tolist()), stamp
                )
        manager.tick(stamp)

    return run


def video_rate() -> Figures:
    """Images per second of `fer_ros video` on a 720p clip, reading it aside, and of the JSON it prints."""
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"
        _write_clip(clip)
        done = subprocess.run(
            [sys.executable, "-c", "from fer_ros.cli.main import main; main()", "video", str(clip), "--json"],
            capture_output=True,
            text=True,
            check=True,
        )
    records = [json.loads(line) for line in done.stdout.splitlines()]
    times = {record["t"]: record["latency_ms"] for record in records if record["face_id"] is not None}
    return {"images": len(times), "images_per_s": 1e3 * len(times) / sum(times.values())}


def _write_clip(path: Path) -> None:
    source = BuiltinSource(Scene())
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (1280, 720))
    for k in range(IMAGES):
        writer.write(source.frame(k).image)
    writer.release()


class _Stopwatch:
    """Adds up the time spent in methods that are not ours."""

    def __init__(self) -> None:
        self.total_s = 0.0

    def wrap(self, owner: Any, method: str) -> None:
        inner = getattr(owner, method)

        def timed(*args: Any, **options: Any) -> Any:
            began = perf_counter()
            try:
                return inner(*args, **options)
            finally:
                self.total_s += perf_counter() - began

        setattr(owner, method, timed)


def _time(call: Callable[..., Any], *arguments: Any) -> float:
    began = perf_counter()
    call(*arguments)
    return perf_counter() - began


def _p50(times: list[float]) -> float:
    return 1e3 * float(np.median(times))
