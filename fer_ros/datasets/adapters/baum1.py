"""BAUM-1 (Zhalehpour et al. 2016): acted (a) and spontaneous (s) expressions of 31 Turkish speakers.

Layout:
    BAUM1a_MP4_all/s001/S001_001.mp4       the same number means another clip in each of the two folders
    BAUM1s_MP4 - All/s001/S001_001.mp4
    Annotations_BAUM1a.xlsx, Annotations_BAUM1s.xlsx     a row a clip: its name, its emotion, a code
The annotations may be saved as .csv too. Mental states (boredom, thinking and others) are left out.
"""

import csv
import re
from pathlib import Path

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked, nearly_all_there
from fer_ros.datasets.clip import Clip, Video
from fer_ros.datasets.markup import spreadsheet
from fer_ros.errors import DatasetError

TITLE = "BAUM-1: acted and spontaneous speech of 31 subjects, 720x576 px, 30 fps"
SOURCE = "ask for BAUM-1 at baum1.bahcesehir.edu.tr"
SPACE = "ferplus"
EMOTIONS = {
    "anger": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprise": "surprise",
    "neutral": "neutral",
    "contempt": "contempt",
}
STATES = ("boredom", "bothered", "concentrating", "interest", "interested", "thinking", "unsure")
FILES = re.compile(r"(?:^|/)BAUM1([as])_MP4[^/]*/s\d{3}/(S\d{3}_\d{3})\.mp4$", re.IGNORECASE)
CLIP_NAME = re.compile(r"S\d{3}_\d{3}$", re.IGNORECASE)
CROPPED = False


def load(path: Path) -> tuple[Clip, ...]:
    """Every clip of an emotion or of contempt, acted and spontaneous.

    Args:
        path: folder that holds both folders of clips and both annotations.

    Raises:
        DatasetError: one of the four is absent, clips or classes are missing, or a label is none.
    """
    archive = Archive(path, "", SOURCE)
    videos = {(m[1].lower(), m[2].upper()): name for name in archive.names() if (m := FILES.search(name))}
    clips: list[Clip] = []
    for half in ("a", "s"):
        clips += _half(archive, half, videos)
    return checked(clips, SPACE, path, "BAUM1s_MP4 - All/s001/S001_001.mp4", SOURCE)


def _half(archive: Archive, half: str, videos: dict[tuple[str, str], str]) -> list[Clip]:
    labels = _labels(archive, half)
    absent = [f"{clip}.mp4" for clip in labels if (half, clip) not in videos]
    nearly_all_there(absent, len(labels), archive.path, f"Annotations_BAUM1{half}", SOURCE)
    return [
        Clip("baum1", f"{half}/{clip}", clip[:4], label, Video(archive.on_disk(videos[half, clip])))
        for clip, label in labels.items()
        if label and (half, clip) in videos
    ]


def _labels(archive: Archive, half: str) -> dict[str, str]:
    """Clip → label, "" for a mental state."""
    file = re.compile(rf"(?:^|/)Annotations_BAUM1{half}[^/]*\.(?:xlsx|csv)$")
    name = next((name for name in archive.names() if file.search(name)), None)
    if name is None:
        raise DatasetError(f"{archive.path} holds no Annotations_BAUM1{half}.xlsx; {SOURCE}")
    content = archive.read(name)
    rows = spreadsheet(content, name) if name.endswith("x") else _csv(content)
    labels = {}
    for row in rows:
        cells = [cell.strip() for cell in row]
        clip = next((cell.upper() for cell in cells if CLIP_NAME.match(cell)), None)
        if clip:
            labels[clip] = _label(cells, f"{archive.path}: {name}: {clip}")
    return labels


def _csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(content.decode("utf-8-sig", "replace").splitlines()))


def _label(cells: list[str], where: str) -> str:
    words = [cell.lower() for cell in cells if cell.lower() in (*EMOTIONS, *STATES)]
    if len(words) != 1:
        raise DatasetError(f"{where} has the emotions {words}; it takes one of {', '.join(EMOTIONS)}")
    return EMOTIONS.get(words[0], "")
