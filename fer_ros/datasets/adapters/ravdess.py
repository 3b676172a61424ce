"""RAVDESS (Livingstone and Russo 2018): 24 actors speak two sentences in eight ways.

Layout, as Video_Speech_Actor_01.zip … unpack: Actor_01/01-01-06-01-02-01-01.mp4, seven numbers:
modality (01 picture and sound, 02 picture, 03 sound), channel (01 speech, 02 song), emotion,
intensity, statement, repetition, actor.
"""

import re
from pathlib import Path

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked
from fer_ros.datasets.clip import Clip, Video
from fer_ros.emotions import RAVDESS

TITLE = "RAVDESS: acted speech of 24 actors, 1280x720 px, 30 fps"
SOURCE = "get RAVDESS at zenodo.org/records/1188976"
SPACE = "ravdess"
FILES = re.compile(r"(?:^|/)(0[12])-(0[12])-(0[1-8])-0[12]-0[12]-0[12]-(\d{2})\.mp4$")
CROPPED = False
SPEECH = "01"


def load(path: Path) -> tuple[Clip, ...]:
    """Every spoken clip once: where a take is there with and without sound, the one with it.

    Songs are left out: nobody sings disgust or surprise, and Maclean's figures are of speech.

    Args:
        path: folder that holds Actor_01, Actor_02 …

    Raises:
        DatasetError: the dataset is absent or packed, or a class is empty.
    """
    archive = Archive(path, "", SOURCE)
    clips: dict[str, Clip] = {}
    for name in archive.names():  # sorted: modality 01 comes before 02
        found = FILES.search(name)
        if found and found[2] == SPEECH:
            take = Path(name).stem.split("-", 1)[1]
            label = RAVDESS[int(found[3]) - 1]
            clips.setdefault(take, Clip("ravdess", take, found[4], label, Video(archive.on_disk(name))))
    return checked([*clips.values()], SPACE, path, "Actor_01/01-01-06-01-02-01-01.mp4", SOURCE)
