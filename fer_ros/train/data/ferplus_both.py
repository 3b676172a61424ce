"""FER2013 faces with blendshapes as MediaPipe reads them and as the student does.

A robot has MediaPipe's for some faces and the student's for others, so its model learns with both.
"""

from pathlib import Path

import numpy as np

from fer_ros.datasets import ferplus, small_faces
from fer_ros.faces.student import Student
from fer_ros.resources import own_model
from fer_ros.train.data import ferplus as of_ferplus
from fer_ros.train.data.ferplus import stacked, targets
from fer_ros.train.data.ferplus_shapes import WEAK_SEED
from fer_ros.train.examples import Examples
from fer_ros.train.recipe import Recipe
from fer_ros.train.shapes import read_shapes

BATCH = 256

LICENCE = of_ferplus.LICENCE
NOTE = "Blendshapes are MediaPipe's and, in other versions of the same faces, the student's."


def load(recipe: Recipe, path: Path, split: str, kept: Path) -> Examples:
    """Four versions of each face: as recorded and as weak links leave it, each with both readings."""
    faces = ferplus.load(path, split)
    weak = small_faces.seen_anyhow(faces.images, WEAK_SEED[split])
    student = Student(own_model("student"))
    versions = []
    for images in (faces.images, weak):
        read = np.nan_to_num(read_shapes(images, kept, split))
        taught = [student.read_grey(images[i : i + BATCH]) for i in range(0, len(images), BATCH)]
        versions += [(images, read), (images, np.concatenate(taught))]
    seen, shapes = zip(*versions, strict=True)
    inputs = {"face": stacked(*seen), "blendshapes": stacked(*shapes)}
    return Examples(inputs, targets(faces, recipe, split))
