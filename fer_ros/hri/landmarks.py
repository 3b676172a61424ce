"""REP-155's 70 landmarks from MediaPipe's 478, and eyes from the 70.

REP-155 numbers landmarks as dlib (0..67) and OpenPose (68, 69: the pupils) do. "Right" is the
person's right, left in the image. MediaPipe's meshes have a point on each of those places; which ones
lie on which contour is in its FaceLandmarksConnections, along which these lists run.
"""

from math import isfinite, nan

import numpy as np

from fer_ros.faces.face import Floats, Point

COUNT = 70

JAW = (127, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 356)  # ear to ear
BROWS = (70, 63, 105, 66, 107, 336, 296, 334, 293, 300)  # right, then left, both from image-left
NOSE_BRIDGE = (168, 197, 5, 4)  # sellion to tip
NOSTRILS = (98, 97, 2, 326, 327)
RIGHT_EYE = (33, 160, 158, 133, 153, 144)  # outer corner, above, inner corner, below
LEFT_EYE = (362, 385, 387, 263, 373, 380)  # inner corner, above, outer corner, below
OUTER_LIPS = (61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181)  # over the top and back below
INNER_LIPS = (78, 81, 13, 311, 308, 402, 14, 178)
PUPILS = (468, 473)  # right, left

TO_MEDIAPIPE = (
    *JAW,
    *BROWS,
    *NOSE_BRIDGE,
    *NOSTRILS,
    *RIGHT_EYE,
    *LEFT_EYE,
    *OUTER_LIPS,
    *INNER_LIPS,
    *PUPILS,
)

EYE_CORNERS = (36, 39), (42, 45)  # of the 70: of the image-left and the image-right eye


def to_seventy(landmarks: Floats, image_size: tuple[int, int], score: float) -> Floats:
    """The 70 landmarks of a face.

    Args:
        landmarks: (478, 3) px in the image; (468, 3) has no pupils.
        image_size: (width, height), px.
        score: 0..1, of the face: MediaPipe gives none for its points.

    Returns:
        (70, 3) float32: x and y as fractions of the image, and the score. All three are NaN where
        MediaPipe gives no such point, or where it lies outside the image: REP-155 has no numbers
        for a place outside, and one on the edge would be a wrong place.
    """
    out = np.full((COUNT, 3), nan, np.float32)
    index_of = np.array(TO_MEDIAPIPE)
    there = np.flatnonzero(index_of < len(landmarks))
    out[there, :2] = landmarks[index_of[there], :2] / image_size
    out[there, 2] = score
    inside = ((out[:, :2] >= 0) & (out[:, :2] <= 1)).all(axis=1)
    out[~inside] = nan
    return out


def eyes_of(seventy: Floats, image_size: tuple[int, int]) -> tuple[Point, Point] | None:
    """Centres of the image-left and the image-right eye, px; None where a corner is not known.

    Args:
        seventy: (N, 3): x and y as fractions of the image, and a confidence; a point of confidence 0 is
            not known.
        image_size: (width, height), px.
    """
    if len(seventy) < COUNT:
        return None
    left, right = (seventy[list(corners)] for corners in EYE_CORNERS)
    if not all(isfinite(v) for v in (*left[:, :2].flat, *right[:, :2].flat)):
        return None
    if (left[:, 2] == 0).any() or (right[:, 2] == 0).any():
        return None
    (lx, ly), (rx, ry) = left[:, :2].mean(axis=0) * image_size, right[:, :2].mean(axis=0) * image_size
    return ((float(lx), float(ly)), (float(rx), float(ry))) if rx > lx else None
