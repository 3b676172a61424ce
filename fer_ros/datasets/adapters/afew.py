"""Acted Facial Expressions in the Wild, AFEW (Dhall et al. 2012), as the EmotiW challenges give it.

Layout: Train_AFEW/Angry/000046280.avi and Val_AFEW/Angry/…; the test set has no labels.
No release of the challenges names the actors. Only the two sets are known to share none, so that each
set is one "subject": a division by subjects never cuts through it.
"""

import re
from pathlib import Path

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked
from fer_ros.datasets.clip import Clip, Video
from fer_ros.errors import DatasetError

TITLE = "AFEW: clips of films, seven classes"
SOURCE = "ask for AFEW at users.cecs.anu.edu.au/~few_group/AFEW.html"
SPACE = "fer2013"
SETS = {"Train": "train", "Val": "validation"}
FOLDERS = ("Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise")
FILES = re.compile(rf"(?:^|/)((Train|Val)_AFEW/({'|'.join(FOLDERS)})/[^/]+)\.avi$")
CROPPED = False


def load(path: Path) -> tuple[Clip, ...]:
    """Every labelled clip.

    Args:
        path: folder that holds Train_AFEW and Val_AFEW.

    Raises:
        DatasetError: a set is absent or packed, or a class is empty.
    """
    archive = Archive(path, "", SOURCE)
    clips = [
        Clip("afew", found[1], found[2], found[3].lower(), Video(archive.on_disk(name)), SETS[found[2]])
        for name in archive.names()
        if (found := FILES.search(name))
    ]
    labelled = checked(clips, SPACE, path, "Train_AFEW/Angry/000046280.avi", SOURCE)
    absent = sorted(set(SETS.values()) - {clip.part for clip in labelled})
    if absent:
        raise DatasetError(f"{path} has no clip for {absent[0]}; AFEW is Train_AFEW and Val_AFEW; {SOURCE}")
    return labelled
