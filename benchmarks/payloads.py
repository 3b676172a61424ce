"""What payloads cost on recorded clips: bytes and times of pictures, and what quantising does.

    python -m benchmarks.payloads CLIP...

The figures in fer_ros/link are those of the five clips in FER_ROS_DATA_PATH/videos.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import cv2
import numpy as np

from fer_ros.environment import model_folders
from fer_ros.estimators.model import Model, load_model
from fer_ros.faces.face import Face
from fer_ros.faces.open import open_tracker
from fer_ros.faces.params import FacesParams
from fer_ros.link.packing import crops_body, frame_body, shapes_body
from fer_ros.link.payload import Payload, encode
from fer_ros.link.picture import Picture, PictureFormat, decode_picture
from fer_ros.link.rung import Rung, parse_rung
from fer_ros.link.shapes_codec import read_shapes, write_shapes
from fer_ros.link.throttle import shrink
from fer_ros.resources import own_model

FRAMES = ("1280x720", "640x360", "256x144")
CROPS = ("crops112", "crops64", "crops48")
QUALITIES = (50, 80)
CAMERA = (1280, 720)  # px; clips that are smaller are enlarged
EVERY_FRAME, EVERY_FACE = 40, 12  # of those whose pictures are compressed

Image = Any
Seen = tuple[str, float, Image, list[Face]]


def main(clips: Sequence[str]) -> None:
    """Read the clips once, then print every figure."""
    if not clips:
        sys.exit(__doc__)
    seen = [one for clip in clips for one in _watch(Path(clip))]
    frames = [cv2.resize(image, CAMERA) for _, _, image, _ in seen[::EVERY_FRAME]]
    faces = [face for _, _, _, found in seen for face in found]
    print(f"{len(seen)} images, {len(faces)} faces")
    print("rung             format    bytes  encode_ms  decode_ms  PSNR_dB")
    for name in FRAMES:
        _pictures(name, frames, _frame)
    for name in CROPS:
        _pictures(name, faces[::EVERY_FACE], _crop)
    _shapes(seen, [face for face in faces if face.seen.blendshapes is not None])


def _frame(image: Image, rung: Rung, kind: PictureFormat) -> Picture:
    return frame_body(image, rung, kind).picture


def _crop(face: Face, rung: Rung, kind: PictureFormat) -> Picture:
    (sent,) = crops_body([face], rung, kind).faces
    assert sent.picture is not None
    return sent.picture


def _watch(clip: Path) -> Iterator[Seen]:
    params = FacesParams(finder="yunet", reader="mediapipe", student=False)
    tracker = open_tracker(params, model_folders(), print)
    video = cv2.VideoCapture(str(clip))
    rate_hz = video.get(cv2.CAP_PROP_FPS)
    for index in range(int(video.get(cv2.CAP_PROP_FRAME_COUNT))):
        there, image = video.read()
        if there:
            yield clip.name, index / rate_hz, image, tracker.update(image, index / rate_hz)
    tracker.close()


def _pictures(name: str, of: Sequence[Any], make: Callable[..., Any]) -> None:
    for quality in QUALITIES:
        rung = parse_rung(f"{name}@30q{quality}")
        for kind in PictureFormat:
            rows = [_picture(one, partial(make, rung=rung, kind=kind), rung.size) for one in of]
            size, error = (float(np.mean([row[i] for row in rows])) for i in (0, 3))
            times = [1e3 * float(np.median([row[i] for row in rows])) for i in (1, 2)]
            psnr = 10 * np.log10(255**2 / error)
            label = f"{name}q{quality}"
            print(f"{label:16} {kind.name:6} {size:8.0f} {times[0]:10.2f} {times[1]:10.2f} {psnr:8.1f}")


def _picture(one: Any, make: Callable[[Any], Any], size: tuple[int, int]) -> tuple[float, ...]:
    """Bytes, seconds to encode (shrinking included) and to decode, mean square error of the luma."""
    began = perf_counter()
    picture = make(one)
    encoded = perf_counter()
    back = decode_picture(picture)
    decoded = perf_counter()
    meant = shrink(one.crop if isinstance(one, Face) else one, size)
    luma = [cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(float) for image in (back, meant)]
    return len(picture.data), encoded - began, decoded - encoded, float(((luma[0] - luma[1]) ** 2).mean())


def _shapes(seen: Sequence[Seen], faces: Sequence[Face]) -> None:
    model = load_model(own_model("blendshape"))
    for quantised in (False, True):
        rung = parse_rung("quantised@30" if quantised else "blendshapes@30")
        size = max(len(encode(Payload(1, 1, (640, 360), shapes_body([face], rung)))) for face in faces)
        off = np.abs([_sent(f.seen.blendshapes, quantised) - f.seen.blendshapes for f in faces])
        print(f"{rung}: at most {size} bytes, {size * 8 * 30 / 1000:.1f} kbit/s")
        print(f"  off by at most {off.max():.5f}, on average {off.mean():.5f}")
        for labels in model.card.heads:
            plain, heard = (_labels(model, seen, labels, q) for q in (None, quantised))
            print(f"  {labels}: the same label for {np.mean(np.equal(plain, heard)):.4f}")


def _sent(scores: Any, quantised: bool) -> Any:
    return read_shapes(write_shapes(scores, quantised), quantised)


def _labels(model: Model, seen: Sequence[Seen], labels: str, quantised: bool | None) -> list[int]:
    """What the streaming model says of every face, of what was read (None) or of what arrives."""
    states: dict[tuple[str, str], tuple[Any, float]] = {}
    said = []
    for clip, stamp, _, faces in seen:
        for face in faces:
            scores = face.seen.blendshapes
            if scores is None:
                continue
            state, before = states.get((clip, face.id), (model.blank_states(1), stamp))
            heard = scores if quantised is None else _sent(scores, quantised)
            since = np.array([[stamp - before]], np.float32)
            logits, state = model.step({"blendshapes": heard[None], "interval_s": since}, state, labels)
            states[clip, face.id] = state, stamp
            said.append(int(logits.argmax()))
    return said


if __name__ == "__main__":
    main(sys.argv[1:])
