"""KDEF-dyn I (Calvo et al. 2018): photographs of KDEF morphed from neutral to an expression in 1 s.

Layout:
    I. KDEF-dyn I/S4 Stimuli (Video-clips)/Anger/…AF01….mp4
The folder says what is shown; the photographed person's code in KDEF (sex and number, and before them
the series, as in AF01) is part of the file name.
"""

import re
from pathlib import Path

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked
from fer_ros.datasets.clip import Clip, Video

TITLE = "KDEF-dyn: 240 morphed clips of 40 subjects, neutral to the height of an expression"
SOURCE = "get KDEF-dyn I at kdef.se/home/versions"
SPACE = "basic"
STARTS = {
    "ang": "angry",
    "disg": "disgust",
    "fear": "fear",
    "happ": "happy",
    "sad": "sad",
    "surp": "surprise",
}
FILES = re.compile(
    rf"(?:^|/)(?:[^/]*\bS4\b[^/]*/|[^/]*KDEF-?dyn[^/]*/)*(([^/]*?({'|'.join(STARTS)})[^/]*)"
    r"/[^/]*?([FM]\d{2})[^/]*)\.(?:mp4|avi|wmv|mov|mpe?g)$",
    re.IGNORECASE,
)
CROPPED = False


def load(path: Path) -> tuple[Clip, ...]:
    """Every clip.

    Args:
        path: "S4 Stimuli (Video-clips)", or a folder above it.

    Raises:
        DatasetError: the dataset is absent or packed, or a class is empty.
    """
    archive = Archive(path, "", SOURCE)
    clips = [
        Clip("kdef_dyn", found[1], found[4].upper(), STARTS[found[3].lower()], Video(archive.on_disk(name)))
        for name in archive.names()
        if (found := FILES.search(name))
    ]
    return checked(clips, SPACE, path, "S4 Stimuli (Video-clips)/Anger/AF01….mp4", SOURCE)
