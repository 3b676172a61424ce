"""How many times as fast as it plays a video is labelled: perceived, drawn on, encoded.

.venv/bin/python -m benchmarks.video

The clip is the built-in face at 1280x720 and 30 images a second, H.264. MediaPipe's time for a face is
measured before and after every part: machines differ, and the same one differs from hour to hour.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from fractions import Fraction
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter
from typing import Any

import av
import cv2

from benchmarks.perception import REFERENCE_MS, slowness
from fer_ros.cli.files import Settings, perceived, pipeline_for
from fer_ros.cli.files_video import AHEAD
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.params import FacesParams
from fer_ros.labelled.ahead import ahead
from fer_ros.labelled.clip import clip_at
from fer_ros.labelled.people import scene_of
from fer_ros.labelled.video import open_labelled
from fer_ros.sources.builtin import BuiltinSource, Scene
from fer_ros.sources.video import VideoSource
from fer_ros.viewer.overlay import Overlay
from fer_ros.viewer.params import OverlayParams

TARGET = 2.0  # times as fast as it plays, drawn on and encoded, on two cores of the reference machine
RATE = 30
COMMAND = "import sys; from fer_ros.cli.main import main; sys.exit(main())"

Figures = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures, the last line as JSON; status 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.video", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of the clip (default 20)")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        clip = write_clip(Path(folder) / "clip.mp4", args.seconds)
        out = Path(folder) / "out.mp4"
        parts: dict[str, Callable[[], None]] = {
            "perceived": lambda: label(clip, None, draw=False),
            "perceived, drawn on": lambda: label(clip, None, draw=True),
            "perceived, drawn on, encoded": lambda: label(clip, out, draw=True),
            "fer_ros video --out, as typed": lambda: typed(clip, out),
        }
        figures = {name: measured(part, args.seconds) for name, part in parts.items()}
    for name, part in figures.items():
        print(text(name, part))
    reached = figures["perceived, drawn on, encoded"]["at_reference"]
    print(json.dumps({"cores": os.cpu_count(), "target": TARGET, "met": reached >= TARGET, "parts": figures}))
    return 0 if reached >= TARGET else 1


def write_clip(path: Path, seconds: float) -> Path:
    """The built-in face as a video."""
    source = BuiltinSource(Scene(fps=RATE))
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream("libx264", rate=RATE, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for k in range(round(seconds * RATE)):
            yuv = cv2.cvtColor(source.frame(k).image, cv2.COLOR_BGR2YUV_I420)
            frame = av.VideoFrame.from_ndarray(yuv, format="yuv420p")
            frame.pts, frame.time_base = k, Fraction(1, RATE)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def label(path: Path, out: Path | None, *, draw: bool) -> None:
    """What `fer_ros video` does, without its start."""
    settings = Settings(FacesParams(), EstimatorParams(), OverlayParams())
    overlay = Overlay(settings.overlay)
    with VideoSource(path, print) as source, pipeline_for(settings) as pipeline, ExitStack() as stack:
        video = stack.enter_context(open_labelled(out, ".mp4", clip_at(path), print)) if out else None
        frames = ahead((frame for frame in source), AHEAD)
        for timed in stack.enter_context(closing(ahead(perceived(pipeline, frames), AHEAD))):
            if draw:
                overlay.draw(timed.frame.image, scene_of(timed.seen))
            if video is not None:
                video.write(timed.frame.image, timed.frame.stamp)


def typed(path: Path, out: Path) -> None:
    """The command itself, from its start to its end."""
    words = ["video", str(path), "--out", str(out), "--force"]
    subprocess.run([sys.executable, "-c", COMMAND, *words], check=True, capture_output=True)


def measured(part: Callable[[], None], seconds: float) -> Figures:
    """How fast a part is, beside MediaPipe in the same minute."""
    before = slowness()
    began, busy_s = perf_counter(), processor_s()
    part()
    took_s, busy_s = perf_counter() - began, processor_s() - busy_s
    slow = (before + slowness()) / 2
    return {
        "times_real_time": round(seconds / took_s, 2),
        "images_per_s": round(seconds * RATE / took_s, 1),
        "processor_ms_an_image": round(1e3 * busy_s / (seconds * RATE), 1),
        "mediapipe_ms": round(slow * REFERENCE_MS, 2),
        "at_reference": round(seconds / took_s * slow, 2),
    }


def processor_s() -> float:
    """Processor time of this process and of those that it has waited for, s."""
    used = [getrusage(whose) for whose in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def text(name: str, figures: Figures) -> str:
    """For people."""
    speed, at_reference = (f"{figures[key]:.2f}" for key in ("times_real_time", "at_reference"))
    return (
        f"{name:<30} {speed} times real time, {figures['processor_ms_an_image']:.1f} ms of a core an image, "
        f"MediaPipe {figures['mediapipe_ms']:.1f} ms a face; {at_reference} times where that takes "
        f"{REFERENCE_MS:g} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
