"""Indian Semi-Acted Facial Expression database, iSAFE (Singh and Benedict 2019).

Layout:
    Database/S001/01.mp4                 subject, recording; beside it 01/ with frames that are not blurred
    Annotations/psy-annotation.csv       "S001/01,1": recording, emotion; by a psychologist
    Annotations/annotation.csv           the same by an annotator, self-annotation.csv by the subjects
"""

import csv
import re
from pathlib import Path

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked, nearly_all_there
from fer_ros.datasets.clip import Clip, Video
from fer_ros.errors import DatasetError

TITLE = "iSAFE: 395 clips of 44 subjects who watch films"
SOURCE = "ask for iSAFE as its paper says, doi.org/10.1007/978-981-15-4828-4_13"
SPACE = "fer2013"
ANNOTATION = "Annotations/psy-annotation.csv"
CODES = {1: "happy", 2: "sad", 3: "surprise", 4: "disgust", 5: "fear", 6: "angry", 8: "neutral"}
UNCERTAIN = 7  # left out
FILES = re.compile(r"(?:^|/)Database/(S\d{3})/(\d+)\.mp4$")
RECORDING = re.compile(r"(S\d{3})/(\d+)$")
CROPPED = False


def load(path: Path) -> tuple[Clip, ...]:
    """Every clip that the psychologist put a name to.

    Args:
        path: folder that holds Database and Annotations.

    Raises:
        DatasetError: one of the two is absent, clips or classes are missing, or a label is none.
    """
    archive = Archive(path, "", SOURCE)
    names = archive.names()
    videos = {(m[1], int(m[2])): name for name in names if (m := FILES.search(name))}
    codes = _codes(archive, next((name for name in names if name.endswith(ANNOTATION)), ANNOTATION))
    absent = [f"{subject}/{number:02}.mp4" for subject, number in codes if (subject, number) not in videos]
    nearly_all_there(absent, len(codes), path, ANNOTATION, SOURCE)
    clips = [
        Clip("isafe", f"{key[0]}/{key[1]:02}", key[0], CODES[code], Video(archive.on_disk(videos[key])))
        for key, code in codes.items()
        if code != UNCERTAIN and key in videos
    ]
    return checked(clips, SPACE, path, "Database/S001/01.mp4", SOURCE)


def _codes(archive: Archive, name: str) -> dict[tuple[str, int], int]:
    """(Subject, recording) → emotion."""
    codes = {}
    for row in csv.reader(archive.read(name).decode("utf-8-sig").splitlines()):
        recording = RECORDING.search(row[0].strip()) if row else None
        if not recording:
            continue  # a header
        code = row[1].strip() if len(row) > 1 else ""
        if not code.isdigit() or int(code) not in {*CODES, UNCERTAIN}:
            raise DatasetError(f"{archive.path}: {name} gives {row[0]} the emotion {code!r}; it takes 1 to 8")
        codes[recording[1], int(recording[2])] = int(code)
    return codes
