"""A FERPlus folder or zip in the published layout, drawn small."""

import csv
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np

from fer_ros.datasets.ferplus import FOLDERS, REJECT_COLUMNS, VOTE_COLUMNS
from fer_ros.emotions import FER2013

COLUMNS = VOTE_COLUMNS + REJECT_COLUMNS


def draw(label: int, random: np.random.Generator) -> np.ndarray:
    """A 48x48 face whose mouth and brows depend on its label, so that a network can learn it."""
    image = np.full((48, 48), 90, np.uint8)
    cv2.circle(image, (24, 24), 20, 180, -1)
    for x in (16, 32):
        cv2.circle(image, (x, 18 + label % 3), 2 + label % 2, 30, -1)
    cv2.ellipse(image, (24, 34), (8, 1 + label), 0, 0, 180 if label % 2 else 360, 40, 2)
    return np.clip(image + random.normal(0, 8, image.shape), 0, 255).astype(np.uint8)


def votes_for(label: int) -> dict[str, int]:
    """Ten votes, eight of them for the label."""
    votes = dict.fromkeys(COLUMNS, 0)
    votes[VOTE_COLUMNS[label]] = 8
    votes["unknown"] += 2
    return votes


def build(folder: Path, count: int = 14) -> Path:
    """Write `count` images a split under folder/FERPlus; returns that path."""
    root = folder / "FERPlus"
    random = np.random.default_rng(0)
    labels, votes = [], []
    for split in FOLDERS.values():
        (root / split).mkdir(parents=True)
        for index in range(count):
            name, label = f"{split}{index:04}.png", index % len(FER2013)
            cv2.imwrite(str(root / split / name), draw(label, random))
            labels.append({"image": name, "split": split, "label": FER2013[label]})
            votes.append({"Usage": split, "Image name": name, **votes_for(label)})
    write(root / "fer2013_labels.csv", labels)
    write(root / "fer2013new.csv", votes)
    return root


def write(path: Path, rows: list[dict]) -> None:
    """A CSV file with the rows' keys as its header."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def pack(root: Path) -> Path:
    """Zip a built folder; returns the archive's path."""
    path = root.parent / "FERPlus.zip"
    with ZipFile(path, "w") as archive:
        for file in sorted(root.rglob("*.*")):
            archive.write(file, file.relative_to(root.parent))
    return path
