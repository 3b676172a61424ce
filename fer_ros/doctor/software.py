"""Which packages are installed, and in which version."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from xml.etree import ElementTree

from fer_ros.doctor.finding import Finding, failure, fine, warning
from fer_ros.resources import share

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Package:
    """A Python package that is used here.

    Attributes:
        module: what is imported.
        distributions: names under which it may be installed.
        without: what is not possible without it; empty: nothing works.
        remedy: how it is installed, where pip's name for it does not say so.
    """

    module: str
    distributions: tuple[str, ...]
    without: str = ""
    remedy: str = ""


OPENCV = tuple(
    f"opencv-{kind}" for kind in ("contrib-python-headless", "contrib-python", "python-headless", "python")
)
HRI = "apt install ros-jazzy-hri-msgs, or build it in your workspace and source that"

NEEDED = (
    Package("numpy", ("numpy",)),
    Package("cv2", OPENCV, remedy="pip install 'opencv-contrib-python>=4.10,<5'"),
    Package("onnxruntime", ("onnxruntime", "onnxruntime-gpu")),
    Package("yaml", ("pyyaml",)),
    Package("platformdirs", ("platformdirs",)),
    Package("rosbags", ("rosbags",)),
    Package("rich", ("rich",)),
    Package("requests", ("requests",)),
)
OPTIONAL = (
    Package(
        "mediapipe", ("mediapipe",), "faces come without landmarks, and blendshapes are guessed by a student"
    ),
    Package("PIL", ("pillow",), "nothing is drawn over images"),
    Package("av", ("av",), "no labelled videos are written"),
    Package("tornado", ("tornado",), "there is no page to look at"),
    Package("argcomplete", ("argcomplete",), "shells do not complete commands"),
    Package("matplotlib", ("matplotlib",), "no plots are drawn"),
    Package("torch", ("torch",), "nothing is trained", "pip install -r requirements/train.txt"),
    Package("hri_msgs", ("hri_msgs", "hri-msgs"), "ROS 4 HRI (REP-155) is not spoken", HRI),
    Package(
        "cv_bridge",
        ("cv_bridge", "cv-bridge"),
        "rare image encodings are refused",
        "apt install ros-jazzy-cv-bridge",
    ),
    Package(
        "visualization_msgs",
        ("visualization_msgs", "visualization-msgs", "ros-visualization-msgs"),
        "RViz gets images, but no markers",
        "apt install ros-jazzy-visualization-msgs",
    ),
)


def own_version() -> str:
    """The version of this package."""
    manifest = share("config").parent / "package.xml"
    if manifest.is_file():
        return ElementTree.parse(manifest).findtext("version", "")  # noqa: S314 our own file
    return version("fer_ros")


def software() -> Iterator[Finding]:
    """Python and its packages."""
    yield _python(sys.version_info[:3])
    yield from map(_needed, NEEDED)
    yield from map(_optional, OPTIONAL)


def _python(found: tuple[int, int, int]) -> Finding:
    text = ".".join(map(str, found))
    if found >= OLDEST_PYTHON:
        return fine("Python", text)
    return failure(
        "Python", f"{text} is too old", "install Python 3.11 or newer, and make the environment again"
    )


def _needed(package: Package) -> Finding:
    """Import it: a package whose libraries are missing is of no use."""
    try:
        import_module(package.module)
    except Exception as error:  # what a broken package raises is up to it
        text = "is not installed" if isinstance(error, ModuleNotFoundError) else f"cannot be loaded ({error})"
        return failure(package.module, text, _remedy(package))
    return fine(package.module, version_of(*package.distributions))


def _optional(package: Package) -> Finding:
    if find_spec(package.module) is not None:
        return fine(package.module, version_of(*package.distributions))
    return warning(package.module, f"is not installed: {package.without}", _remedy(package))


def _remedy(package: Package) -> str:
    return package.remedy or f"pip install {package.distributions[0]}"


def version_of(*distributions: str) -> str:
    """The version of what is installed under the first of these names that pip knows."""
    for name in distributions:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "installed, of a version that is not told"
