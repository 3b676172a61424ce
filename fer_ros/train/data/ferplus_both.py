"""FER2013 faces with blendshapes as MediaPipe reads them and as the student does.

A robot has MediaPipe's for some faces and the student's for others, so its model learns with both.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
MORE_WEAK_SEEDS = {"train": (11, 12), "validation": ()}

LICENCE = of_ferplus.LICENCE
NOTE = "Blendshapes are MediaPipe's and, in other versions of the same faces, the student's."


def load(recipe: Recipe, path: Path, split: str, kept: Path) -> Examples:
    """Versions of each face: as recorded and as a weak link leaves it, each with both readings.

    To learn from, two more as weak links leave them follow, with the student's reading: a network that
    has seen only one small version of a face remembers it.
    """
    faces = ferplus.load(path, split)
    student = Student(own_model("student"))
    versions = []
    for images in (faces.images, small_faces.seen_anyhow(faces.images, WEAK_SEED[split])):
        read = np.nan_to_num(read_shapes(images, kept, split))
        versions += [(images, read), (images, _taught(student, images))]
    for seed in MORE_WEAK_SEEDS[split]:
        images = small_faces.seen_anyhow(faces.images, seed)
        versions.append((images, _taught(student, images)))
    seen, shapes = zip(*versions, strict=True)
    inputs = {"face": stacked(*seen), "blendshapes": stacked(*shapes)}
    return Examples(inputs, targets(faces, recipe, split))


def _taught(student: Student, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, 52) the student's blendshapes."""
    parts = [student.read_grey(images[i : i + BATCH]) for i in range(0, len(images), BATCH)]
    return np.concatenate(parts)
