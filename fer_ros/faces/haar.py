"""The finder that is always there: the Haar cascade inside OpenCV (Viola and Jones 2001)."""

from pathlib import Path

import cv2

from fer_ros.errors import ModelError
from fer_ros.faces.face import Box, Detection, Image8
from fer_ros.faces.finder import placed

CASCADE = "haarcascade_frontalface_default.xml"
SYSTEM_CASCADES = Path("/usr/share/opencv4/haarcascades")  # Debian's opencv-data

# Where a hairline-to-chin box lies in a Haar box (fractions of its side), measured as crop.py says.
LEFT, TOP, RIGHT, BOTTOM = 0.11, -0.05, 0.88, 0.98

SMALLEST_PX = 24  # the cascade's own window


class HaarFinder:
    """Scans the whole image at a fixed width; a region at 128 px, where the face is about 64."""

    name = "haar"
    region_px = 128
    confirmations = 3  # a cascade sees faces in wallpaper, but not three times in the same place

    def __init__(self, *, scan_width_px: int = 640) -> None:
        """Load the cascade.

        Raises:
            ModelError: this OpenCV ships no cascade (wheels from 5.0 on).
        """
        self._scan_width_px = scan_width_px
        self._cascade = _load()

    def find(self, image: Image8) -> list[Detection]:
        """Every frontal face in (H, W, 3) uint8 BGR."""
        height, width = image.shape[:2]
        scale = max(width / self._scan_width_px, 1.0)
        size = max(round(width / scale), 1), max(round(height / scale), 1)
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if scale > 1 else image
        boxes = self._detect(small, 1.1, 4, SMALLEST_PX, max(size))  # type: ignore[arg-type]
        return [placed(Detection(box, 1.0), scale, (0, 0)) for box in boxes]

    def find_in_region(self, region: Image8) -> list[Detection]:
        """Frontal faces of 48 to 112 px in (128, 128, 3) uint8 BGR."""
        return [Detection(box, 1.0) for box in self._detect(region, 1.1, 3, 48, 112)]

    def _detect(self, image: Image8, step: float, neighbours: int, smallest: int, largest: int) -> list[Box]:
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        found = self._cascade.detectMultiScale(
            grey, step, neighbours, minSize=(smallest, smallest), maxSize=(largest, largest)
        )
        return [_face_box(*(float(v) for v in box)) for box in found]


def _load() -> cv2.CascadeClassifier:
    folders = [Path(cv2.data.haarcascades)] if hasattr(cv2, "data") else []
    for folder in (*folders, SYSTEM_CASCADES):
        if (folder / CASCADE).is_file():
            return cv2.CascadeClassifier(str(folder / CASCADE))
    raise ModelError(
        f"face finder haar: OpenCV {cv2.__version__} ships no {CASCADE}; "
        "install opencv-contrib-python-headless<5, or Debian's opencv-data"
    )


def _face_box(x: float, y: float, w: float, h: float) -> Box:
    return x + LEFT * w, y + TOP * h, x + RIGHT * w, y + BOTTOM * h
