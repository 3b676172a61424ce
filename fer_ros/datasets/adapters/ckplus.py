"""The Extended Cohn-Kanade dataset, CK+ (Lucey et al. 2010), in its original tree.

Layout:
    cohn-kanade-images/S010/004/S010_004_00000001.png …    subject, sequence, frame; the first is neutral
    Emotion/S010/004/S010_004_00000019_emotion.txt         e.g. "   1.0000000e+00", for 327 of 593 sequences
Both come as archives of their own, which may stay packed: extended-cohn-kanade-images.zip and
Emotion_labels.zip. The label belongs to the last frames, where the expression is at its height.
"""

import re
from itertools import groupby
from pathlib import Path

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked, nearly_all_there
from fer_ros.datasets.clip import Clip, Images
from fer_ros.errors import DatasetError

TITLE = "CK+: posed sequences from neutral to the height of an expression, 123 subjects"
SOURCE = "ask for CK+ at jeffcohn.net/Resources (agreement to sign)"
SPACE = "ckplus"
FILES = re.compile(r"S\d{3}/\d{3}/S\d{3}_\d{3}_\d{8}\.png$")
CROPPED = False
APEX = 3  # frames at the end that show the label, as papers use CK+
PACKED_IMAGES = ("extended-cohn-kanade-images.zip", "cohn-kanade-images.zip")
PACKED_LABELS = ("Emotion_labels.zip", "Emotion.zip")
CODES = {1: "angry", 2: "contempt", 3: "disgust", 4: "fear", 5: "happy", 6: "sad", 7: "surprise"}


def load(path: Path) -> tuple[Clip, ...]:
    """The labelled sequences, whole.

    Args:
        path: folder of cohn-kanade-images and Emotion, each unpacked or not.

    Raises:
        DatasetError: one of the two is absent, sequences or classes are missing, or a label is none.
    """
    images = Archive(path, "cohn-kanade-images", SOURCE, PACKED_IMAGES)
    labels = Archive(path, "Emotion", SOURCE, PACKED_LABELS)
    frames = _sequences(images)
    codes = {_sequence(name): _code(labels, name) for name in labels.names() if name.endswith("_emotion.txt")}
    absent = [sequence for sequence in codes if sequence not in frames]
    nearly_all_there(absent, len(codes), images.path, "Emotion/", SOURCE)
    clips = [
        Clip("ckplus", sequence, sequence.split("/")[0], CODES[code], Images(images, frames[sequence]))
        for sequence, code in codes.items()
        if code in CODES and sequence in frames  # a few releases hold sequences coded 0, neutral
    ]
    return checked(clips, SPACE, path, "Emotion/S010/004/S010_004_00000019_emotion.txt", SOURCE)


def stills(path: Path) -> tuple[Clip, ...]:
    """The last APEX frames of every labelled sequence, a clip each: 981 images."""
    return tuple(
        Clip(clip.dataset, name, clip.subject, clip.label, Images(clip.frames.archive, (name,)))
        for clip in load(path)
        if isinstance(clip.frames, Images)
        for name in clip.frames.names[-APEX:]
    )


def _sequences(images: Archive) -> dict[str, tuple[str, ...]]:
    """S010/004 → its frames in order."""
    names = [name for name in images.names() if FILES.search(name)]
    return {sequence: tuple(group) for sequence, group in groupby(names, _sequence)}


def _sequence(name: str) -> str:
    return name.rpartition("/")[0]


def _code(labels: Archive, name: str) -> int:
    text = labels.read(name).decode("ascii", "replace").strip()
    try:
        code = int(float(text))
    except ValueError:
        code = -1
    if not 0 <= code <= len(CODES):
        raise DatasetError(f"{labels.path}: {name} says {text!r}; it takes 0 to {len(CODES)}; {SOURCE}")
    return code
