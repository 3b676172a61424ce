"""eNTERFACE'05 (Martin et al. 2006): 42 subjects speak after listening to a story.

Layout:
    enterface database/subject 1/anger/sentence 1/s1_an_1.avi
Subject 6 has no folders of sentences, and a few files are named otherwise (s_3_an_1.avi): the
folders say who and what.
"""

import re
from pathlib import Path

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked
from fer_ros.datasets.clip import Clip, Video

TITLE = "eNTERFACE'05: acted speech of 42 subjects, 720x576 px, 25 fps"
SOURCE = "get eNTERFACE'05 at enterface.net/enterface05/main.php?frame=emotion"
SPACE = "basic"
FOLDERS = {
    "anger": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprise": "surprise",
}
# Copies made for tools that dislike spaces have hyphens or underlines instead.
FILES = re.compile(rf"(?:^|/)(subject[ _-]?(\d+)/({'|'.join(FOLDERS)})/.+)\.avi$", re.IGNORECASE)
CROPPED = False


def load(path: Path) -> tuple[Clip, ...]:
    """Every clip.

    Args:
        path: "enterface database", or a folder above it.

    Raises:
        DatasetError: the dataset is absent or packed, or a class is empty.
    """
    archive = Archive(path, "", SOURCE)
    clips = [
        Clip("enterface05", found[1], found[2], FOLDERS[found[3].lower()], Video(archive.on_disk(name)))
        for name in archive.names()
        if (found := FILES.search(name))
    ]
    return checked(clips, SPACE, path, "subject 1/anger/sentence 1/s1_an_1.avi", SOURCE)
