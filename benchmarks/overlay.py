"""How long drawing takes: `python -m benchmarks.overlay` prints a table, then one JSON line.

Median and 99th percentile over images on which faces move and probabilities change, on one core: by the
clock, and of the processor's time alone, which other programs lengthen less. The target is 2 ms at 1280x720
with two faces. The 99th percentile holds the images for which a text or an icon is made for the first time.
"""

import argparse
import json
import time

import cv2
import numpy as np

from fer_ros.emotions import FERPLUS
from fer_ros.faces.face import Image8
from fer_ros.viewer.overlay import Overlay
from fer_ros.viewer.params import OverlayParams
from fer_ros.viewer.scene import Link, Person, Scene

SIZES = ((320, 180), (1280, 720), (1920, 1080))
FACES = (1, 2, 5)
WARM = 30  # images before time counts: what is drawn once is drawn


def scene(width: int, height: int, faces: int, index: int) -> Scene:
    """One moment of people who sway, and whose expressions change."""
    people = tuple(_person(width, height, faces, k, index) for k in range(faces))
    link = Link("wifi", index % 200 > 180, "crops64@15", 2e6 + 1e4 * index)
    return Scene(people, ("ONLINE", "PROBING", "OFFLINE")[index // 100 % 3], link)


def _person(width: int, height: int, faces: int, k: int, index: int) -> Person:
    sway = 0.02 * width * np.sin(index / 17 + k)
    x, y = width * (k + 0.5) / faces + sway, height * (0.45 + 0.1 * (-1) ** k)
    half = min(0.11 * height, 0.3 * width / faces)
    weights = np.exp(2 * np.sin(index / 40 + k + np.arange(len(FERPLUS))))
    shares = weights / weights.sum()
    likely = [FERPLUS[i] for i in np.argsort(-shares) if shares[i] > 0.22]
    box = float(x - half), float(y - 1.2 * half), float(x + half), float(y + 1.2 * half)
    unsure = not likely or (index // 50 + k) % 5 == 4
    return Person(
        f"f{k}", box, FERPLUS, [float(p) for p in shares], likely, unsure, "unsure" if unsure else "", "robot"
    )


def measure(width: int, height: int, faces: int, contrast: str, images: int) -> dict[str, float]:
    """Milliseconds of drawing an image: median and 99th percentile, by the clock and of the processor."""
    overlay = Overlay(OverlayParams(contrast=contrast))
    image: Image8 = np.full((height, width, 3), 96, np.uint8)
    times = []
    for index in range(WARM + images):
        shown = scene(width, height, faces, index)
        began = time.perf_counter(), time.thread_time()
        overlay.draw(image, shown)
        times.append((time.perf_counter() - began[0], time.thread_time() - began[1]))
    found = 1e3 * np.percentile(times[WARM:], (50, 99), axis=0)
    names = ("median_ms", "cpu_median_ms", "p99_ms", "cpu_p99_ms")
    return dict(zip(names, (round(float(v), 3) for v in found.ravel()), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description="How long drawing takes")
    parser.add_argument("--images", type=int, default=600, help="for each row")
    images = parser.parse_args().images
    cv2.setNumThreads(1)
    rows = []
    print(f"{'ms':>28} by the clock     of the processor")
    print(f"{'image':<10}{'faces':>6}{'contrast':>10}{'median':>9}{'p99':>8}{'median':>9}{'p99':>8}")
    for width, height in SIZES:
        for faces in FACES:
            for contrast in ("normal", "high"):
                found = measure(width, height, faces, contrast, images)
                rows.append({"image": f"{width}x{height}", "faces": faces, "contrast": contrast, **found})
                clock = f"{found['median_ms']:9.2f}{found['p99_ms']:8.2f}"
                processor = f"{found['cpu_median_ms']:9.2f}{found['cpu_p99_ms']:8.2f}"
                print(f"{rows[-1]['image']:<10}{faces:>6}{contrast:>10}{clock}{processor}")
    print(json.dumps({"overlay": rows}))


if __name__ == "__main__":
    main()
