"""The long-range finder: OpenCV's YuNet (Wu et al. 2023), from 24 px at 1280x720."""

from pathlib import Path

import cv2
import numpy as np

from fer_ros.errors import ModelError
from fer_ros.faces.crop import shrunk
from fer_ros.faces.face import Detection, Image8
from fer_ros.faces.finder import find_near, placed

FILE = "face_detection_yunet_2023mar.onnx"
REGION_PX = 160
SMALLEST_INPUT_PX = 64  # OpenCV 4.14 reads memory that nobody wrote where a side is at most 32 px

# A face of 24 to 32 px is half as wide in a scan at 640 px and scores 0.1 to 0.7 there, much like
# wallpaper (up to 0.21). In a region cut at full resolution the same faces score above 0.9.
SURE, DOUBTFUL, BEYOND_DOUBT = 0.6, 0.1, 0.75
MOST_DOUBTFUL = 4  # looked at again in one scan, the likeliest; each costs an eighth of the scan


class YunetFinder:
    """Scans the whole image at a fixed width; a region, and what it doubts, at 160 px."""

    name = "yunet"
    region_px = REGION_PX

    def __init__(self, model: Path, *, scan_width_px: int = 640) -> None:
        """Load the network.

        Args:
            model: YuNet's ONNX file.
            scan_width_px: the width whole images are shrunk to.

        Raises:
            ModelError: the file is missing or is not YuNet.
        """
        self._scan_width_px = scan_width_px
        self._whole = _load(model, DOUBTFUL)
        self._region = _load(model, SURE)

    def find(self, image: Image8) -> list[Detection]:
        """Every face in (H, W, 3) uint8 BGR, surest first."""
        small, scale = shrunk(image, self._scan_width_px)
        seen = [placed(d, scale, (0, 0)) for d in _detect(self._whole, small)]
        doubtful = [d for d in seen if d.score < SURE][:MOST_DOUBTFUL]
        closer = (find_near(self, image, d.box_xyxy, strict=True) for d in doubtful)
        return [*(d for d in seen if d.score >= SURE), *(d for d in closer if d is not None)]

    def find_in_region(self, region: Image8, *, strict: bool = False) -> list[Detection]:
        """Faces in (160, 160, 3) uint8 BGR."""
        least = BEYOND_DOUBT if strict else SURE
        return [d for d in _detect(self._region, region) if d.score >= least]


def _load(model: Path, score: float) -> cv2.FaceDetectorYN:
    if not model.is_file():
        raise ModelError(f"face finder yunet: {model} is not there; get it with `fer_ros models fetch`")
    try:
        network = cv2.FaceDetectorYN.create(str(model), "", (REGION_PX, REGION_PX), score)
        network.detect(np.zeros((REGION_PX, REGION_PX, 3), np.uint8))  # another network fails here
    except cv2.error as error:
        raise ModelError(f"face finder yunet: {model} is not a YuNet network; fetch it again") from error
    return network


def _detect(network: cv2.FaceDetectorYN, image: Image8) -> list[Detection]:
    missing = [max(SMALLEST_INPUT_PX - side, 0) for side in image.shape[:2]]
    if any(missing):
        down, right = missing
        image = cv2.copyMakeBorder(image, 0, down, 0, right, cv2.BORDER_CONSTANT)  # type: ignore[assignment]
    network.setInputSize((image.shape[1], image.shape[0]))
    _, rows = network.detect(image)
    return [] if rows is None else [_detection(row) for row in rows if np.isfinite(row).all()]


def _detection(row: np.ndarray) -> Detection:
    """One row of YuNet: x, y, w, h, the person's right and left eye, nose, mouth corners, score."""
    x, y, w, h, lx, ly, rx, ry = (float(v) for v in row[:8])
    return Detection((x, y, x + w, y + h), float(row[14]), eyes=((lx, ly), (rx, ry)))
