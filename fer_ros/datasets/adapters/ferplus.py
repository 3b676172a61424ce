"""FER+ (Barsoum et al. 2016) with FER2013's labels, as `datasets.ferplus` reads it, as clips."""

import re
from pathlib import Path

from fer_ros.datasets import ferplus
from fer_ros.datasets.census import checked
from fer_ros.datasets.clip import Clip, Pixels
from fer_ros.emotions import FER2013

TITLE = ferplus.TITLE
SOURCE = ferplus.SOURCE
SPACE = "fer2013"
FILES = re.compile(r"(?:^|/)FER2013(?:Train|Valid|Test)/[^/]+\.png$")
CROPPED = True


def load(path: Path) -> tuple[Clip, ...]:
    """Every face that FER+ keeps, with FER2013's label.

    Args:
        path: FERPlus.zip, an unpacked FERPlus/, or a folder that holds either.

    Raises:
        DatasetError: as `datasets.ferplus.load`, or a class is empty.
    """
    clips = []
    for part in ferplus.FOLDERS:
        faces = ferplus.load(path, part)
        labels = faces.fer2013.tolist()
        clips += [
            Clip("ferplus", name, "", FER2013[label], Pixels(image), part)
            for name, label, image in zip(faces.names, labels, faces.images, strict=True)
        ]
    return checked(clips, SPACE, path, "FER2013Train/", SOURCE)
