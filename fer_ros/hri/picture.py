"""Pictures of faces as REP-155 has them, and as our networks want them."""

import cv2
import numpy as np

from fer_ros.faces.crop import crop_face
from fer_ros.faces.face import Box, Detection, Image8


def fitted(crop: Image8, width: int, height: int) -> Image8:
    """A picture scaled to fit, centred, and 0-padded.

    Args:
        crop: (H, W, 3) uint8 BGR, not empty.
        width: of the result, px.
        height: of the result, px.

    Returns:
        (height, width, 3) uint8, BGR.
    """
    scale = min(width / crop.shape[1], height / crop.shape[0])
    size = max(round(crop.shape[1] * scale), 1), max(round(crop.shape[0] * scale), 1)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    out = np.zeros((height, width, 3), np.uint8)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    out[top : top + size[1], left : left + size[0]] = cv2.resize(crop, size, interpolation=how)
    return out


def reframed(cropped: Image8, box: Box, size_px: int) -> Image8:
    """A detector's cropped face, framed as crop.py frames faces; what lies around its box is black.

    Args:
        cropped: (H, W, 3) uint8 BGR: the region, scaled to fit, centred, 0-padded.
        box: (x0, y0, x1, y1) of the region, px in the image.
        size_px: side of the result.

    Returns:
        (size_px, size_px, 3) uint8, BGR.
    """
    height, width = cropped.shape[:2]
    across, down = box[2] - box[0], box[3] - box[1]
    scale = min(width / across, height / down)
    left, top = (width - across * scale) / 2, (height - down * scale) / 2
    within = left, top, left + across * scale, top + down * scale
    return crop_face(cropped, Detection(within, 1.0), size_px)
