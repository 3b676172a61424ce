"""Draw docs/overlay.gif: the built-in source with the overlay on it, perceived by the robot's model.

.venv/bin/python scripts/make_overlay_gif.py
"""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from fer_ros.environment import model_folders
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.face import Image8
from fer_ros.faces.params import FacesParams
from fer_ros.pipeline import Perception, open_pipeline
from fer_ros.resources import share
from fer_ros.sources.builtin import BuiltinSource
from fer_ros.sources.builtin import Scene as Shown
from fer_ros.viewer.colours import EXPRESSIONS, MODES, PLATE, WHITE
from fer_ros.viewer.overlay import Overlay
from fer_ros.viewer.params import OverlayParams
from fer_ros.viewer.scene import Link, Person, Scene

START_S, SECONDS, FPS = 3.0, 6, 8
SIZE = (480, 270)
COLOURS = 128
STILL = 24  # grey levels by which a px may differ from what is shown there
CUT_S = (3.5, 5.0)  # of the GIF: the link is cut, so that the badges are seen to change
OUT = Path(__file__).resolve().parent.parent / "docs" / "overlay.gif"


def main() -> None:
    """Perceive every image, keep eight a second."""
    source = BuiltinSource(Shown(distance_m=1.2))
    overlay = Overlay(OverlayParams())
    pictures: list[Image8] = []
    step = round(source.fps / FPS)
    with open_pipeline(
        FacesParams(), EstimatorParams(), share("models") / "robot", model_folders(), print
    ) as pipeline:
        first = round(START_S * source.fps)
        for k in range(first + step * FPS * SECONDS):
            frame = source.frame(k)
            seen = pipeline.update(frame.image, frame.stamp)
            if k >= first and (k - first) % step == 0:
                image = cv2.resize(frame.image, SIZE, interpolation=cv2.INTER_AREA).astype(np.uint8)
                overlay.draw(image, _scene(seen, SIZE[0] / frame.image.shape[1], len(pictures) / FPS))
                pictures.append(cv2.cvtColor(image, cv2.COLOR_BGR2RGB).astype(np.uint8))
    _write(pictures)
    print(f"{OUT}: {len(pictures)} pictures, {OUT.stat().st_size / 1000:.0f} kB")


def _scene(seen: Perception, scale: float, at_s: float) -> Scene:
    """What was seen, in a smaller image, beside a link that is made up."""
    boxes = {face.id: face.seen.box_xyxy for face in seen.faces}
    people = [
        Person(
            estimate.face_id,
            tuple(v * scale for v in boxes[estimate.face_id]),
            estimate.labels,
            estimate.probabilities.tolist(),
            estimate.prediction_set,
            estimate.abstained,
            estimate.reason,
            "robot",
        )
        for estimate in seen.estimates
        if estimate.face_id in boxes
    ]
    cut = CUT_S[0] <= at_s < CUT_S[1]
    return Scene(people, "OFFLINE" if cut else "ONLINE", Link("wifi", cut, "crops64@15", 2.4e6))


def _write(pictures: list[Image8]) -> None:
    """One palette for all, and px that hardly change do not: the file stays small."""
    palette = _palette(pictures)
    still, frames = pictures[0], []
    for picture in pictures:
        changed = cv2.absdiff(picture, still).max(axis=2, keepdims=True) > STILL
        still = np.where(changed, picture, still)
        frames.append(Image.fromarray(still).quantize(palette=palette, dither=Image.Dither.NONE))
    frames[0].save(OUT, save_all=True, append_images=frames[1:], duration=1000 // FPS, loop=0, optimize=True)


def _palette(pictures: list[Image8]) -> Image.Image:
    """Of some of the pictures, and of the overlay's own colours, which are few px but matter."""
    own = [*EXPRESSIONS.values(), *MODES.values(), WHITE, PLATE]
    patches = [np.full((SIZE[1] // 4, SIZE[0], 3), colour[::-1], np.uint8) for colour in own]
    return Image.fromarray(np.concatenate([*pictures[:: len(pictures) // 4], *patches])).quantize(COLOURS)


if __name__ == "__main__":
    main()
