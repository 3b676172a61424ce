"""FER2013 faces, and the blendshapes MediaPipe reads from them: what the student has to say.

Only faces that MediaPipe finds teach; each is shown as recorded and as weak links leave it, with
the blendshapes of the recorded one, and so is its mirror image, with mirrored blendshapes.

MediaPipe reads a face of 48 px and its mirror image differently (mean correlation 0.88 over the 27 expressive
blendshapes, validation split), so what is learned is the mean of both readings, half as noisy. Validation
asks for MediaPipe's reading of the face itself.
"""

from pathlib import Path

import numpy as np
import torch

from fer_ros.datasets import ferplus, small_faces
from fer_ros.errors import DatasetError
from fer_ros.faces.blendshapes import MIRRORED
from fer_ros.train.data import ferplus as of_ferplus
from fer_ros.train.data.ferplus import stacked
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Recipe
from fer_ros.train.shapes import read_shapes

WEAK_SEEDS = {"train": (1, 4, 5), "validation": (2,)}

LICENCE = of_ferplus.LICENCE
NOTE = "Learned from the blendshapes that MediaPipe reads in the same faces; it inherits its mistakes."


def load(_recipe: Recipe, path: Path, split: str, kept: Path) -> Examples:
    """Faces in several versions, and one target each, (N, 52) in 0..1."""
    faces = ferplus.load(path, split).images
    shapes = read_shapes(faces, kept, split)
    if split == "train":
        turned = read_shapes(np.ascontiguousarray(faces[:, :, ::-1]), kept, f"{split}, mirrored")
        shapes = np.asarray((shapes + turned[:, MIRRORED]) / 2, np.float32)
    found = np.isfinite(shapes).all(axis=1)
    if not found.any():
        raise DatasetError(
            f"{path}: MediaPipe finds a face in no image of the {split} split; see FER+'s layout"
        )
    faces, shapes = faces[found], shapes[found]
    if split == "train":
        faces = np.concatenate([faces, faces[:, :, ::-1]])
        shapes = np.concatenate([shapes, shapes[:, MIRRORED]])
    weak = [small_faces.seen_anyhow(faces, seed) for seed in WEAK_SEEDS[split]]
    return Examples({"face": stacked(faces, *weak)}, {"blendshapes": torch.from_numpy(shapes)})
