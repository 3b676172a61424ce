"""Draw docs/images/sheet.jpg and timeline.png: what `fer_ros image` and `video` make of the built-in source.

.venv/bin/python scripts/make_file_pictures.py
"""

import sys
import tempfile
from pathlib import Path

import cv2

from fer_ros.cli.main import main
from fer_ros.sources.builtin import BuiltinSource, Scene

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
SECONDS, RATE, SIZE = 15, 30, (640, 360)
PICTURES = {  # name → people, and the image of the scene
    "hall 1.jpg": (1, 60),
    "hall 2.jpg": (3, 180),
    "hall 3.jpg": (1, 285),
    "hall 4.jpg": (5, 320),
}


def write_pictures(folder: Path) -> list[str]:
    """Pictures of the built-in scene, with one and with several people."""
    paths = []
    for name, (people, index) in PICTURES.items():
        scene = Scene(1280, 720, distance_m=1.0 if people == 1 else 1.4, n_faces=people)
        paths.append(str(folder / name))
        cv2.imwrite(paths[-1], BuiltinSource(scene).frame(index).image)
    return paths


def write_clip(path: Path) -> str:
    """One turn of the scene's schedule as a video."""
    source = BuiltinSource(Scene(*SIZE, distance_m=1.0))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), RATE, SIZE)
    for k in range(SECONDS * RATE):
        writer.write(source.frame(k).image)
    writer.release()
    return str(path)


def run() -> int:
    """Make both."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = write_pictures(Path(folder))
        clip = write_clip(Path(folder) / "clip.mp4")
        sheet = main(["image", *pictures, "--sheet", str(IMAGES / "sheet.jpg"), "--force"])
        return sheet or main(["video", clip, "--plot", str(IMAGES / "timeline.png"), "--force"])


if __name__ == "__main__":
    sys.exit(run())
