"""Japanese Female Facial Expression, JAFFE (Lyons et al. 1998): 213 photographs of ten women.

Layout, in jaffe.zip or unpacked: KA.AN1.39.tiff, that is subject, expression and take, running number.
"""

import re
from pathlib import Path

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked
from fer_ros.datasets.clip import Clip, Images

TITLE = "JAFFE: 213 posed photographs of ten women, 256x256 px"
SOURCE = "ask for JAFFE at zenodo.org/records/3451524"
SPACE = "fer2013"
CODES = {
    "AN": "angry",
    "DI": "disgust",
    "FE": "fear",
    "HA": "happy",
    "NE": "neutral",
    "SA": "sad",
    "SU": "surprise",
}
FILES = re.compile(rf"(?:^|/)(([A-Z]{{2}})\.({'|'.join(CODES)})\d+\.\d+)\.tiff?$")
CROPPED = False
PACKED = ("jaffe.zip", "jaffedbase.zip", "jaffeimages.zip")


def load(path: Path) -> tuple[Clip, ...]:
    """Every photograph.

    Args:
        path: the archive, the unpacked folder, or a folder that holds either.

    Raises:
        DatasetError: the dataset is absent, or a class is empty.
    """
    archive = Archive(path, "", SOURCE, PACKED)
    clips = [
        Clip("jaffe", found[1], found[2], CODES[found[3]], Images(archive, (name,)))
        for name in archive.names()
        if (found := FILES.search(name))
    ]
    return checked(clips, SPACE, archive.path, "KA.AN1.39.tiff", SOURCE)
