"""The MMI facial expression database (Pantic et al. 2005): sequences from neutral to neutral.

Layout, as mmifacedb.eu packs a selection:
    Sessions/1841/S035-004.avi              subject and recording
    Sessions/1841/S035-004.xml              <Metatag Name="Emotion" Value="5"/> where an emotion was posed
    Sessions/1841/session.xml               <subject id="35"/>, <track view="0"/> and the recording's data
Sessions of single action units have no emotion and are left out, as are other states than the six.
"""

import re
from pathlib import Path
from xml.etree.ElementTree import Element

from fer_ros.datasets.archive import Archive
from fer_ros.datasets.census import checked
from fer_ros.datasets.clip import Clip, Video
from fer_ros.datasets.markup import parse_xml
from fer_ros.errors import DatasetError

TITLE = "MMI: posed sequences with onset, height and offset, 720x576 px, 24 fps"
SOURCE = "ask for MMI at mmifacedb.eu"
SPACE = "basic"
CODES = {"1": "angry", "2": "disgust", "3": "fear", "4": "happy", "5": "sad", "6": "surprise"}
FILES = re.compile(r"(?:^|/)Sessions/(\d+)/((S\d{3})-\d{3})\.avi$")
CROPPED = False


def load(path: Path) -> tuple[Clip, ...]:
    """Every recording of one of the six emotions.

    Args:
        path: folder that holds Sessions.

    Raises:
        DatasetError: the dataset is absent or packed, a description is absent or no XML, or a class is
            empty.
    """
    archive = Archive(path, "", SOURCE)
    names = archive.names()
    clips = []
    for name in names:
        found = FILES.search(name)
        if found and (label := CODES.get(_emotion(archive, name))):
            clips.append(Clip("mmi", f"{found[1]}/{found[2]}", found[3], label, Video(archive.on_disk(name))))
    return checked(clips, SPACE, path, "Sessions/1841/S035-004.avi with its .xml", SOURCE)


def _emotion(archive: Archive, video: str) -> str:
    """The code of what was posed, "" where nothing was."""
    beside = video.removesuffix(".avi") + ".xml"
    session = video.rpartition("/")[0] + "/session.xml"
    described = [name for name in (beside, session) if archive.has(name)]
    if not described:
        raise DatasetError(f"{archive.path} holds {video} without its .xml; {SOURCE}")
    return next((code for name in described if (code := _tag(parse_xml(archive.read(name), name)))), "")


def _tag(root: Element) -> str:
    tags = (tag for tag in root.iter("Metatag") if tag.get("Name") == "Emotion")
    return next((tag.get("Value", "").strip() for tag in tags), "")
