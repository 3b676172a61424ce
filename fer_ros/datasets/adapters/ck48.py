"""CK+48: the last three frames of CK+'s labelled sequences, faces cut out at 48x48 px.

Layout, in CK+48.zip or an unpacked CK+48/:
    anger/S010_004_00000017.png     subject, sequence, frame; 981 images in seven class folders
"""

import re
from pathlib import Path

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked
from fer_ros.datasets.clip import Clip, Images

TITLE = "CK+48: 981 faces of CK+ at the height of an expression, 48x48 px, 118 subjects"
SOURCE = "get CK+48 at kaggle.com/datasets/shawon10/ckplus, and CK+ itself at jeffcohn.net/Resources"
SPACE = "ckplus"
FOLDERS = {
    "anger": "angry",
    "contempt": "contempt",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happy",
    "sadness": "sad",
    "surprise": "surprise",
}
FILES = re.compile(rf"(?:^|/)({'|'.join(FOLDERS)})/((S\d{{3}})_\d{{3}}_\d{{8}})\.png$")
CROPPED = True


def load(path: Path) -> tuple[Clip, ...]:
    """Every face.

    Args:
        path: CK+48.zip, an unpacked CK+48/, or a folder that holds either.

    Raises:
        DatasetError: the dataset is absent, or a class is empty.
    """
    archive = Archive(path, "CK+48", SOURCE)
    clips = [
        Clip("ck48", found[2], found[3], FOLDERS[found[1]], Images(archive, (name,)))
        for name in archive.names()
        if (found := FILES.search(name))
    ]
    return checked(clips, SPACE, archive.path, "anger/S010_004_00000017.png", SOURCE)
