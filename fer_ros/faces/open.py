"""Choose the finder and the reader that can run here."""

from collections.abc import Callable, Iterable
from pathlib import Path

from fer_ros.errors import ModelError
from fer_ros.faces import reader as readers
from fer_ros.faces import yunet
from fer_ros.faces.finder import Finder
from fer_ros.faces.haar import HaarFinder
from fer_ros.faces.params import FacesParams
from fer_ros.faces.reader import LandmarkReader, Reader
from fer_ros.faces.student import Student
from fer_ros.faces.tracker import FaceTracker
from fer_ros.faces.yunet import YunetFinder
from fer_ros.resources import own_model

FETCH = "`fer_ros models fetch` gets it"


def open_tracker(params: FacesParams, folders: Iterable[Path], warn: Callable[[str], None]) -> FaceTracker:
    """Make a tracker from the best finder and reader whose models are here.

    Args:
        params: what was asked for; "auto" takes the next that can run and warns once.
        folders: where third-party models are looked for, first match wins.
        warn: called with one line for everything that is missing.

    Raises:
        ModelError: a finder or reader was asked for by name and cannot run.
    """
    folders = list(folders)
    finder, reader = _finder(params, folders, warn), _reader(params, folders, warn)
    return FaceTracker(finder, reader, params, Student(own_model("student")) if params.student else None)


def open_landmarks(folders: Iterable[Path]) -> LandmarkReader:
    """MediaPipe's reader, from the first folder that holds its model.

    Raises:
        ModelError: MediaPipe cannot be imported, or its model is missing or corrupt.
    """
    return LandmarkReader(locate(readers.FILE, folders))


def locate(file: str, folders: Iterable[Path]) -> Path:
    """The first of `folders` that holds `file`, or the last place looked at."""
    places = [folder / file for folder in folders] or [Path(file)]
    return next((p for p in places if p.is_file()), places[-1])


def _finder(params: FacesParams, folders: list[Path], warn: Callable[[str], None]) -> Finder:
    if params.finder != "haar":
        model = locate(yunet.FILE, folders)
        try:
            return YunetFinder(model, scan_width_px=params.scan_width_px)
        except ModelError as error:
            if params.finder == "yunet":
                raise
            warn(f"{_what(error, model)}: faces are found with haar, at less distance; {FETCH}")
    return HaarFinder(scan_width_px=params.scan_width_px)


def _reader(params: FacesParams, folders: list[Path], warn: Callable[[str], None]) -> Reader | None:
    if params.reader == "none":
        return None
    model = locate(readers.FILE, folders)
    try:
        return LandmarkReader(model)
    except ModelError as error:
        if params.reader == "mediapipe":
            raise
        warn(f"{_what(error, model)}: faces come without blendshapes and landmarks; {FETCH}")
        return None


def _what(error: ModelError, model: Path) -> str:
    return str(error) if model.is_file() else f"no {model.name}"
