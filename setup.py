"""For pip; colcon builds the package through CMakeLists.txt."""

from pathlib import Path
from xml.etree import ElementTree

from setuptools import find_packages, setup

HERE = Path(__file__).parent
MANIFEST = ElementTree.parse(HERE / "package.xml").getroot()


def share(folder: str) -> list[tuple[str, list[str]]]:
    """List a folder's files for share/fer_ros, where the installed package looks for them."""
    files = [f.relative_to(HERE) for f in (HERE / folder).rglob("*") if f.is_file()]
    return [
        (f"share/fer_ros/{parent}", [str(f) for f in files if f.parent == parent])
        for parent in {f.parent for f in files}
    ]


setup(
    name="fer_ros",
    version=MANIFEST.findtext("version"),
    description=MANIFEST.findtext("description"),
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=["fer_ros", "fer_ros.*"]),
    package_data={
        "fer_ros": [
            "py.typed",
            *("sources/*.png", "sources/*.json", "sources/*.txt"),
            *("viewer/fonts/*", "web/static/*"),
        ]
    },
    data_files=share("config") + share("models") + share("msg"),
    install_requires=[
        "numpy>=1.26",
        "onnxruntime>=1.17",
        "pyyaml>=6",
        "rich>=13",
        "rosbags>=0.10.9",
        "platformdirs>=4",
        "requests>=2.31",
        "argcomplete>=3",
        "pillow>=10",
    ],
    extras_require={
        "opencv": ["opencv-contrib-python>=4.10,<5"],
        "mediapipe": ["mediapipe>=1.2,<2"],
        "web": ["tornado>=6.4"],
        "video": ["av>=14,<19"],
        "train": ["torch>=2.5", "onnx>=1.16", "onnxscript>=0.5", "optuna>=5", "scipy>=1.13"],
        "evaluate": ["matplotlib>=3.8", "h5py>=3.11"],
    },
    entry_points={"console_scripts": ["fer_ros = fer_ros.cli.main:main"]},
)
