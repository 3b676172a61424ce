"""Small copies of published datasets, with the real names of folders and files."""

import csv
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np

from fer_ros.datasets import catalogue
from fer_ros.datasets.clip import Clip
from fer_ros.sources.scene import Backdrop, Placement, render

CKPLUS_CODES = {"S010": 1, "S011": 2, "S014": 3, "S022": 4, "S026": 5, "S032": 6, "S034": 7}
BASIC_FOLDERS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")
FER2013_FOLDERS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
JAFFE_CODES = ("AN", "DI", "FE", "HA", "NE", "SA", "SU")
STRINGS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def load(name: str, path: Path) -> tuple[Clip, ...]:
    """What the adapter of a dataset finds at a path."""
    return catalogue.adapter(name).load(path)


def labelled(clips: Iterable[Clip], label: str) -> list[str]:
    """Ids of the clips with a label."""
    return [clip.id for clip in clips if clip.label == label]


@cache
def picture(shift: int = 0, face: bool = True) -> np.ndarray:
    """A 240x320 BGR image of a face that moves with `shift`, or of a wall."""
    wall = Backdrop(320, 240, 0).at(0.0)
    return render(wall, [Placement((150 + shift, 120), 84)] if face else [])


def put(path: Path, content: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def image(path: Path, pixels: np.ndarray) -> Path:
    return put(path, cv2.imencode(path.suffix, pixels)[1].tobytes())


def video(path: Path, frames: int, face: Callable[[int], bool] = lambda i: True) -> Path:
    """A video whose frames show a face where `face` says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    code = "MJPG" if path.suffix == ".avi" else "mp4v"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*code), 25.0, (320, 240))
    assert writer.isOpened()
    for i in range(frames):
        writer.write(picture(i % 8, face(i)))
    writer.release()
    return path


def ckplus(root: Path, frames: int = 6, picture_of: Callable[[int], np.ndarray] | None = None) -> Path:
    """Seven subjects, a sequence of another class each, and one sequence without a label."""
    draw = picture_of or (lambda i: np.full((4, 4), 100 + i, np.uint8))
    for subject, code in CKPLUS_CODES.items():
        for number in range(1, frames + 1):
            image(root / f"cohn-kanade-images/{subject}/001/{subject}_001_{number:08}.png", draw(number))
        text = f"   {code:.7e}\n".encode()
        put(root / f"Emotion/{subject}/001/{subject}_001_{frames:08}_emotion.txt", text)
    image(root / "cohn-kanade-images/S010/002/S010_002_00000001.png", draw(1))
    put(root / "cohn-kanade-images/S010/.DS_Store")
    return root


def ck48(root: Path) -> Path:
    """Three subjects, one face of every class each."""
    folders = ("anger", "contempt", "disgust", "fear", "happy", "sadness", "surprise")
    for number, folder in enumerate(folders, 1):
        for subject in ("S010", "S011", "S014"):
            face = np.full((48, 48), 20 * number, np.uint8)
            image(root / f"CK+48/{folder}/{subject}_{number:03}_00000017.png", face)
    return root / "CK+48"


def jaffe(root: Path, pixels: np.ndarray | None = None) -> Path:
    """Three subjects, a photograph of every class each."""
    shown = np.full((8, 8), 90, np.uint8) if pixels is None else pixels
    number = 1
    for subject in ("KA", "KL", "YM"):
        for code in JAFFE_CODES:
            image(root / f"jaffe/{subject}.{code}1.{number}.tiff", shown)
            number += 1
    put(root / "jaffe/README_FIRST.txt", b"read me")
    return root / "jaffe"


def mmi(root: Path) -> Path:
    """A session of every emotion, one of an action unit, one whose emotion is none of the six."""
    for session, value in enumerate(["1", "2", "3", "4", "5", "6", None, "9"], 1):
        name = f"Sessions/{session}/S{30 + session:03}-001"
        tag = f'<Metatag Name="Emotion" Value="{value}"/>' if value else ""
        put(root / f"{name}.avi")
        described = f'<Recording><Metatag Name="Gender" Value="F"/>{tag}</Recording>'
        put(root / f"{name}.xml", described.encode())
        put(root / f"Sessions/{session}/session.xml", b'<session><track view="0"/></session>')
    return root


def ravdess(root: Path) -> Path:
    """Two actors, every emotion once; the first also without sound, and a song."""
    for actor in ("01", "02"):
        for emotion in range(1, 9):
            put(root / f"Actor_{actor}/01-01-{emotion:02}-01-01-01-{actor}.mp4")
    put(root / "Actor_01/02-01-03-01-01-01-01.mp4")
    put(root / "Actor_01/01-02-03-01-01-01-01.mp4")
    return root


def enterface05(root: Path) -> Path:
    """A subject with folders of sentences, and one without."""
    for folder in BASIC_FOLDERS:
        code = folder[:2]
        put(root / f"enterface database/subject 1/{folder}/sentence 1/s1_{code}_1.avi")
        put(root / f"enterface database/subject 6/{folder}/s6_{code}_1.avi")
    put(root / "enterface database/subject 1/anger/Thumbs.db")
    return root / "enterface database"


def afew(root: Path) -> Path:
    """Two clips of every class, one a set."""
    for number, name in enumerate(FER2013_FOLDERS):
        for part in ("Train", "Val"):
            put(root / f"{part}_AFEW/{name.capitalize()}/{number:03}046280.avi")
    return root


def kdef_dyn(root: Path) -> Path:
    """Two subjects, every expression once."""
    for folder in BASIC_FOLDERS:
        for person in ("AF01", "AM10"):
            name = f"{person}_{folder}.mp4"
            put(root / f"I. KDEF-dyn I/S4 Stimuli (Video-clips)/{folder.capitalize()}/{name}")
    return root


def isafe(root: Path) -> Path:
    """One subject, every emotion once, one of them uncertain."""
    lines = [f"S001/{number:02},{number}" for number in range(1, 9)]
    put(root / "Annotations/psy-annotation.csv", "\n".join(lines).encode())
    for number in range(1, 9):
        put(root / f"Database/S001/{number:02}.mp4")
        image(root / f"Database/S001/{number:02}/0001.jpg", np.zeros((4, 4), np.uint8))
    return root


def baum1(root: Path, clip: Callable[[Path], Path] = put) -> Path:
    """Six emotions and a state acted; neutral, contempt and a state spontaneous."""
    acted = [*(name.capitalize() for name in BASIC_FOLDERS), "Unsure"]
    spontaneous = ["Neutral", "Contempt", "Thinking", "Happiness"]
    for half, folder, emotions in (
        ("a", "BAUM1a_MP4_all", acted),
        ("s", "BAUM1s_MP4 - All", spontaneous),
    ):
        rows = [["Sub. no", "Sub. gender", "Clip no", "Clip name", "Emotion", "Emotion code"]]
        for number, emotion in enumerate(emotions, 1):
            subject = 1 + number % 2
            name = f"S{subject:03}_{number:03}"
            clip(root / folder / f"s{subject:03}" / f"{name}.mp4")
            rows.append([str(subject), "F", str(number), name, emotion, "1"])
        workbook(root / f"Annotations_BAUM1{half}.xlsx", rows)
    return root


def fer2013(root: Path, name: str = "fer2013.csv", spaced: bool = False) -> Path:
    """Three faces of every class, one a Usage; the file's columns in either of their orders."""
    rows = [
        (emotion, " ".join([str(10 * emotion)] * 48 * 48), usage)
        for emotion in range(7)
        for usage in ("Training", "PublicTest", "PrivateTest")
    ]
    root.mkdir(parents=True, exist_ok=True)
    with (root / name).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["emotion", " Usage", " pixels"] if spaced else ["emotion", "pixels", "Usage"])
        writer.writerows([(e, u, p) if spaced else (e, p, u) for e, p, u in rows])
    return root / name


def fer2013_folders(root: Path) -> Path:
    """Twenty faces of every class to learn from, one to test."""
    for label in FER2013_FOLDERS:
        for number in range(20):
            image(root / f"train/{label}/Training_{number}.jpg", np.full((48, 48), 60, np.uint8))
        image(root / f"test/{label}/PrivateTest_1.jpg", np.full((48, 48), 60, np.uint8))
    return root


def workbook(path: Path, rows: list[list[str]]) -> Path:
    """An .xlsx file as spreadsheet programs write it: texts shared, numbers in place, empty cells bare."""
    texts = sorted({cell for row in rows for cell in row if not cell.isdigit()})
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    lines = []
    for row in rows:
        cells = [
            f"<c><v>{cell}</v></c>" if cell.isdigit() else f'<c t="s"><v>{texts.index(cell)}</v></c>'
            for cell in row
        ]
        lines.append(f"<row>{''.join(cells)}<c/></row>")
    path.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(path, "w") as book:
        book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{STRINGS}">{shared}</sst>')
        sheet = f'<worksheet xmlns="{STRINGS}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def pack(folder: Path, name: str = "") -> Path:
    """Zip a folder with itself as the top; returns the archive's path."""
    path = folder.parent / (name or f"{folder.name}.zip")
    with ZipFile(path, "w") as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(file, file.relative_to(folder.parent))
    return path
