"""Blendshapes for training, read once and kept."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import Progress

from fer_ros.datasets import blendshapes
from fer_ros.environment import model_folders
from fer_ros.faces.open import open_landmarks


def read_shapes(images: NDArray[np.uint8], kept: Path, what: str) -> NDArray[np.float32]:
    """Blendshapes of ready crops, from `kept` where they are there already.

    Args:
        images: (N, S, S) uint8, grey.
        kept: folder of what was read before.
        what: shown beside the progress bar.

    Returns:
        (N, 52) float32, rows of NaN where no face was seen.

    Raises:
        ModelError: MediaPipe or its model is absent.
    """
    with Progress(transient=True) as bar:
        task = bar.add_task(f"blendshapes, {what}", total=len(images))
        return blendshapes.cached(
            images,
            kept,
            lambda: open_landmarks(model_folders()),
            lambda done, total: bar.update(task, completed=done, total=total),
        )
