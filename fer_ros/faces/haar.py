"""The finder that is always there: the Haar cascade inside OpenCV (Viola and Jones 2001)."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from fer_ros.errors import ModelError
from fer_ros.faces.crop import shrunk
from fer_ros.faces.face import Detection, Image8, overlap
from fer_ros.faces.finder import ONE_FACE, find_near, placed, without_doubles
from fer_ros.images import to_grey

CASCADE, SECOND_CASCADE = "haarcascade_frontalface_default.xml", "haarcascade_frontalface_alt2.xml"
SYSTEM_CASCADES = Path("/usr/share/opencv4/haarcascades")  # Debian's opencv-data

# Where a hairline-to-chin box lies in a Haar box (fractions of its side), measured as crop.py says.
LEFT, TOP, RIGHT, BOTTOM = 0.11, -0.05, 0.88, 0.98

SMALLEST_PX = 24  # the cascade's own window

# How many neighbouring windows must agree: any over a whole image, at coarse steps, and a few where a
# face was a moment ago. A new face is cut out at full resolution and must convince two cascades that
# were trained apart: in 96 pictures of a face of 56 to 400 px they saw it in at least 30 and 22
# windows; of 65 places in wallpaper that the first saw in up to 20, the second saw none in more than 9.
PROPOSED, FOLLOWED, PROVEN = 1, 3, (10, 12)
SIZES_IN_REGION = 48, 112  # px
COARSE, FINE = 1.2, 1.1  # steps between the sizes looked for
MOST_PROPOSED = 8  # looked at again in one scan, the likeliest; each costs a seventh of the scan


class HaarFinder:
    """Proposes faces over the whole image at a fixed width; looks at each, and at regions, at 128 px."""

    name = "haar"
    region_px = 128

    def __init__(self, *, scan_width_px: int = 640) -> None:
        """Load the cascades.

        Raises:
            ModelError: this OpenCV ships no cascades (wheels from 5.0 on).
        """
        self._scan_width_px = scan_width_px
        self._cascade, self._second = _load(CASCADE), _load(SECOND_CASCADE)

    def find(self, image: Image8) -> list[Detection]:
        """Every frontal face in (H, W, 3) uint8 BGR, surest first."""
        small, scale = shrunk(image, self._scan_width_px)
        grey = to_grey(small)
        proposed = _detect(self._cascade, grey, COARSE, PROPOSED, (SMALLEST_PX, max(grey.shape)))
        boxes = [placed(d, scale, (0, 0)).box_xyxy for d in proposed[:MOST_PROPOSED]]
        return without_doubles(d for box in boxes if (d := find_near(self, image, box, strict=True)))

    def find_in_region(self, region: Image8, *, strict: bool = False) -> list[Detection]:
        """Frontal faces of 48 to 112 px in (128, 128, 3) uint8 BGR."""
        grey = to_grey(region)
        found = _detect(self._cascade, grey, FINE, PROVEN[0] if strict else FOLLOWED, SIZES_IN_REGION)
        if not (strict and found):
            return found
        second = _detect(self._second, grey, FINE, PROVEN[1], SIZES_IN_REGION)
        return [d for d in found if any(overlap(d.box_xyxy, s.box_xyxy) > ONE_FACE for s in second)]


def _detect(
    cascade: cv2.CascadeClassifier, grey: Image8, step: float, neighbours: int, sizes: tuple[int, int]
) -> list[Detection]:
    """Surest first; the score is n / (n + 10) for n agreeing windows."""
    low, high = sizes
    squares, counts = cascade.detectMultiScale2(
        grey, step, neighbours, minSize=(low, low), maxSize=(high, high)
    )
    found = [_detection(square, int(n)) for square, n in zip(squares, np.ravel(counts), strict=True)]
    return sorted(found, key=lambda d: -d.score)


def _load(file: str) -> cv2.CascadeClassifier:
    folders = [Path(cv2.data.haarcascades)] if hasattr(cv2, "data") else []
    for folder in (*folders, SYSTEM_CASCADES):
        if (folder / file).is_file():
            return cv2.CascadeClassifier(str(folder / file))
    raise ModelError(
        f"face finder haar: OpenCV {cv2.__version__} ships no {file}; "
        "install opencv-contrib-python-headless<5, or Debian's opencv-data"
    )


def _detection(square: Sequence[int], neighbours: int) -> Detection:
    x, y, w, h = (float(v) for v in square)
    box = x + LEFT * w, y + TOP * h, x + RIGHT * w, y + BOTTOM * h
    return Detection(box, neighbours / (neighbours + 10))
