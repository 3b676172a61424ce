"""Short clips of the built-in face, and models that watch them."""

from pathlib import Path

import cv2

from fer_ros.emotions import LABEL_SPACES
from fer_ros.estimators.card import CLIP, load_card
from fer_ros.estimators.model import load_model
from fer_ros.estimators.params import EstimatorParams
from fer_ros.evaluate.clip_network import ClipNetwork
from fer_ros.evaluate.watch import Pair, Watcher
from fer_ros.faces.open import open_tracker
from fer_ros.faces.params import FacesParams
from fer_ros.pipeline import open_pipeline
from fer_ros.sources.builtin import BuiltinSource, Scene

FACES = FacesParams(finder="haar", reader="none", student=False)
SIZE, FPS = (320, 180), 30.0


def clip(path: Path, images: int = 12, *, begin_s: float = 0.0, face: bool = True) -> Path:
    """Write a video of 320x180 px at 30 images a second."""
    source = BuiltinSource(Scene(*SIZE, distance_m=0.5))
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
    for place in range(images):
        image = source.frame(round(begin_s * FPS) + place).image
        writer.write(image if face else image * 0 + 90)
    writer.release()
    return path


def watcher(*folders: Path, warn=lambda _: None, **estimator) -> Watcher:
    """Models by their folders, watching together with haar; clip networks answer in the same labels."""
    params = EstimatorParams(**estimator)
    viewers = {folder.name: _viewer(folder, params, warn) for folder in folders}
    return Watcher(open_tracker(FACES, (), warn), viewers)


def _viewer(folder: Path, params: EstimatorParams, warn) -> Pair | ClipNetwork:
    card = load_card(folder)
    if card.input(CLIP):
        return ClipNetwork(load_model(folder), next(iter(card.heads)), params.labels)
    twice = [open_pipeline(FACES, params, folder, (), warn).estimator for _ in range(2)]
    return Pair(*twice, LABEL_SPACES[params.labels])
