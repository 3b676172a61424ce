"""The long-range finder: OpenCV's YuNet (Wu et al. 2023), from 24 px at 1280x720."""

from pathlib import Path

import cv2
import numpy as np

from fer_ros.errors import ModelError
from fer_ros.faces.face import Detection, Image8
from fer_ros.faces.finder import placed

FILE = "face_detection_yunet_2023mar.onnx"


class YunetFinder:
    """Scans the whole image at a fixed width; a region at 160 px."""

    name = "yunet"
    region_px = 160
    confirmations = 1

    def __init__(self, model: Path, *, scan_width_px: int = 640, score: float = 0.6) -> None:
        """Load the network.

        Args:
            model: YuNet's ONNX file.
            scan_width_px: the width whole images are shrunk to.
            score: confidence below which a detection is dropped, 0..1.

        Raises:
            ModelError: the file is missing or is not YuNet.
        """
        self._scan_width_px = scan_width_px
        self._whole = _load(model, score)
        self._region = _load(model, score)

    def find(self, image: Image8) -> list[Detection]:
        """Every face in (H, W, 3) uint8 BGR, best first."""
        height, width = image.shape[:2]
        scale = max(width / self._scan_width_px, 1.0)
        size = max(round(width / scale), 1), max(round(height / scale), 1)
        small = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR) if scale > 1 else image
        return [placed(d, scale, (0, 0)) for d in _detect(self._whole, small)]  # type: ignore[arg-type]

    def find_in_region(self, region: Image8) -> list[Detection]:
        """Faces in (160, 160, 3) uint8 BGR."""
        return _detect(self._region, region)


def _load(model: Path, score: float) -> cv2.FaceDetectorYN:
    if not model.is_file():
        raise ModelError(f"face finder yunet: {model} is not there; get it with `fer_ros models fetch`")
    try:
        return cv2.FaceDetectorYN.create(str(model), "", (320, 320), score)
    except cv2.error as error:
        raise ModelError(f"face finder yunet: {model} is not a YuNet network; fetch it again") from error


def _detect(network: cv2.FaceDetectorYN, image: Image8) -> list[Detection]:
    network.setInputSize((image.shape[1], image.shape[0]))
    _, rows = network.detect(image)
    return [] if rows is None else [_detection(row) for row in rows if np.isfinite(row).all()]


def _detection(row: np.ndarray) -> Detection:
    """One row of YuNet: x, y, w, h, the person's right and left eye, nose, mouth corners, score."""
    x, y, w, h, lx, ly, rx, ry = (float(v) for v in row[:8])
    return Detection((x, y, x + w, y + h), float(row[14]), eyes=((lx, ly), (rx, ry)))
