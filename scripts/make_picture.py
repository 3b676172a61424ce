"""Draw docs/working.png: the built-in source as the robot sees it, and what it makes of it over time.

.venv/bin/python scripts/make_picture.py
"""

from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np

from fer_ros.emotions import FERPLUS
from fer_ros.environment import model_folders
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.params import FacesParams
from fer_ros.pipeline import Perception, open_pipeline
from fer_ros.resources import share
from fer_ros.sources.builtin import BuiltinSource, Scene

mpl.use("Agg")
from matplotlib import pyplot as plt

SECONDS = 15
SHOWN_S = (2.3, 6.0, 9.6, 13.4)  # in the middle of the four expressions
OUT = Path(__file__).resolve().parent.parent / "docs" / "working.png"


def main() -> None:
    """Perceive one cycle of the schedule and draw it."""
    source = BuiltinSource(Scene())
    seen: list[Perception] = []
    pictures = []
    with open_pipeline(
        FacesParams(), EstimatorParams(), share("models") / "robot", model_folders(), print
    ) as pipeline:
        for k in range(SECONDS * 30):
            frame = source.frame(k)
            seen.append(pipeline.update(frame.image, frame.stamp))
            if any(abs(frame.stamp - t) < 1 / 60 for t in SHOWN_S):
                pictures.append((frame.stamp, _cut_out(frame.image, seen[-1])))
    _draw(pictures, seen, source)


def _cut_out(image: np.ndarray, seen: Perception) -> np.ndarray:
    """The neighbourhood of the face with its box, RGB."""
    image = image.copy()
    box = [round(v) for v in seen.faces[0].seen.box_xyxy]
    cv2.rectangle(image, box[:2], box[2:], (60, 220, 255), 2)
    x, y = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
    return cv2.cvtColor(image[max(y - 110, 0) : y + 110, max(x - 150, 0) : x + 150], cv2.COLOR_BGR2RGB)


def _draw(pictures: list, seen: list[Perception], source: BuiltinSource) -> None:
    figure = plt.figure(figsize=(11, 5.4), layout="constrained")
    grid = figure.add_gridspec(2, len(pictures), height_ratios=(1.1, 1))
    for column, (stamp, picture) in enumerate(pictures):
        axes = figure.add_subplot(grid[0, column])
        axes.imshow(picture)
        estimate = seen[round(stamp * 30)].estimates[0]
        axes.set_title(f"{stamp:.1f} s: {' or '.join(estimate.prediction_set[:3])}", fontsize=10)
        axes.set_axis_off()
    axes = figure.add_subplot(grid[1, :])
    times = [p.stamp for p in seen]
    values = np.array([p.estimates[0].probabilities for p in seen if p.estimates[0].labels])
    axes.stackplot(times[: len(values)], values.T, labels=FERPLUS, colors=plt.cm.tab10.colors)
    axes.set(xlim=(0, SECONDS), ylim=(0, 1), xlabel="s", ylabel="probability")
    shown = {t: source.expression_at(t) for t in times}
    for start, name in _spans(times, shown):
        axes.text(start, 1.02, name, fontsize=9)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
    OUT.parent.mkdir(exist_ok=True)
    figure.savefig(OUT, dpi=110)


def _spans(times: list[float], shown: dict[float, dict[str, float]]) -> list[tuple[float, str]]:
    """Where each expression of the schedule comes into view."""
    spans: list[tuple[float, str]] = []
    for t in times:
        name = max(shown[t], key=lambda key: shown[t][key])
        if not spans or spans[-1][1] != name:
            spans.append((t, name))
    return spans


if __name__ == "__main__":
    main()
