"""MediaPipe's Face Landmarker on the crop around one face: 478 landmarks and 52 blendshapes.

The Landmarker's own detector is short-ranged (nothing below about 170 px at 1280x720), so it is
given a crop in which the face is always large: then it reads faces down to 24 px.
"""

from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from fer_ros.errors import ModelError
from fer_ros.faces.crop import around, cut_square
from fer_ros.faces.face import Box, Detection, Floats, Image8, Point
from fer_ros.silence import native_stderr_silenced

FILE = "face_landmarker.task"

# Tuned on two real clips with the face at its own size, 80 px and 32 px, against the blendshapes of
# the full frame: growths of 1.2 to 2.2 and crops of 128, 192 and 256 px. Tight crops lose turned
# heads, wide ones lose detail, and 256 px gave the smallest error at every size.
GROWTH = 1.6
CROP_PX = 256

# The Landmarker finds its own face in the crop; a lower bar keeps small and turned faces.
CONFIDENCE = 0.4

# Hairline above the topmost landmark, in heights of the landmarks' extent (measured as crop.py says).
FOREHEAD = 0.15

LEFT_EYE, RIGHT_EYE = (33, 133), (362, 263)  # corners of the image-left and the image-right eye


class Reader(Protocol):
    """Reads the face expected at a box, and says where it really is."""

    name: str

    def read(self, image: Image8, box: Box) -> Detection | None:
        """The face near `box` (px) in (H, W, 3) uint8 BGR, or None."""

    def close(self) -> None:
        """Free the model."""


class LandmarkReader:
    """Reads one face in one crop at a time; keeps nothing between calls, so faces cannot mix."""

    name = "mediapipe"

    def __init__(self, model: Path) -> None:
        """Load the Landmarker.

        Raises:
            ModelError: mediapipe cannot be imported, or the file is missing or corrupt.
        """
        with native_stderr_silenced():
            self._mediapipe, self._landmarker = _load(model)
            self.read(np.zeros((CROP_PX, CROP_PX, 3), np.uint8), (0.0, 0.0, CROP_PX, CROP_PX))  # warm up

    def read(self, image: Image8, box: Box) -> Detection | None:
        """The face near `box` (px) in (H, W, 3) uint8 BGR, or None."""
        middle, side = around(box, GROWTH)
        found = self.detect(cut_square(image, middle, side, CROP_PX))
        if not found.face_landmarks:
            return None
        points = np.array([(p.x, p.y, p.z) for p in found.face_landmarks[0]], np.float32) * np.float32(side)
        points[:, :2] += np.array(middle, np.float32) - np.float32(side / 2)
        scores = np.array([category.score for category in found.face_blendshapes[0]], np.float32)
        return _detection(points, scores)

    def detect(self, crop: Image8) -> Any:
        """MediaPipe's own result for a crop, (CROP_PX, CROP_PX, 3) uint8 BGR."""
        rgb = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB)
        return self._landmarker.detect(
            self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=rgb)
        )

    def close(self) -> None:
        """Free the model."""
        self._landmarker.close()


def _load(model: Path) -> tuple[Any, Any]:
    if not model.is_file():
        raise ModelError(f"face reader mediapipe: {model} is not there; get it with `fer_ros models fetch`")
    try:
        import mediapipe
        from mediapipe.tasks.python.core.base_options import BaseOptions
        from mediapipe.tasks.python.vision import face_landmarker
    except (ImportError, OSError) as error:
        raise ModelError(
            f"face reader mediapipe cannot be loaded ({error}); pip install mediapipe, "
            "and on Debian or Ubuntu: apt install libegl1 libgles2"
        ) from error
    options = face_landmarker.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        output_face_blendshapes=True,
        min_face_detection_confidence=CONFIDENCE,
    )
    try:
        return mediapipe, face_landmarker.FaceLandmarker.create_from_options(options)
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"face reader mediapipe: {model} is corrupt; fetch it again ({error})") from error


def _detection(points: Floats, scores: Floats) -> Detection:
    """Box and eyes from (478, 3) landmarks in px."""
    x0, y0 = (float(v) for v in points[:, :2].min(axis=0))
    x1, y1 = (float(v) for v in points[:, :2].max(axis=0))
    box = x0, y0 - FOREHEAD * (y1 - y0), x1, y1
    eyes = _middle(points, LEFT_EYE), _middle(points, RIGHT_EYE)
    # The Landmarker gives no score for a face it accepted.
    return Detection(box, 1.0, eyes=eyes, blendshapes=scores, landmarks=points, blendshapes_by="mediapipe")


def _middle(points: Floats, corners: tuple[int, int]) -> Point:
    x, y = points[list(corners), :2].mean(axis=0)
    return float(x), float(y)
