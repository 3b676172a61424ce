"""Expressions as geometry: where the facial landmarks of a photographed smile go for each of them.

A `FaceShape` says in a dozen numbers what mouth, brows, eyes and jaw do; `move_landmarks` turns it
into landmark positions. Lengths are fractions of the face's width, so any portrait can wear them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fer_ros.sources.warp import Points

# MediaPipe Face Mesh indices. The two lip rings run in step, from the mouth corner on the image's left
# over the upper lip and back along the lower one, so that outer[i] and inner[i] face each other.
LIPS_OUTER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
LIPS_INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
# The mouth's opening, above and below, both from the image's left to its right.
INNER_UPPER, INNER_LOWER = LIPS_INNER[:11], (LIPS_INNER[0], *LIPS_INNER[:9:-1])
# Brows run from the inner to the outer end, upper edge then lower edge, image's left brow first.
BROWS = (
    (107, 66, 105, 63, 70), (55, 65, 52, 53, 46),
    (336, 296, 334, 293, 300), (285, 295, 282, 283, 276),
)  # fmt: skip
# Eyes: the two corners, upper lid, lower lid.
EYES = (
    ((33, 133), (246, 161, 160, 159, 158, 157, 173), (7, 163, 144, 145, 153, 154, 155)),
    ((263, 362), (466, 388, 387, 386, 385, 384, 398), (249, 390, 373, 374, 380, 381, 382)),
)
NOSE = (1, 2, 4, 5, 6, 168, 98, 327, 129, 358)
CHEEKS = (50, 280, 205, 425, 36, 266, 187, 411, 118, 347, 214, 434)
CHIN = (18, 200, 199, 175, 83, 313, 204, 424, 32, 262)
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
LEFT_CHEEK, RIGHT_CHEEK, CHIN_TIP = 234, 454, 152


@dataclass(frozen=True)
class FaceShape:
    """What an expression does to a face; lengths in face widths, up and outward positive."""

    mouth_width: float = 1.0  # factor on the photographed width
    mouth_rise: float = 0.0  # of the line between the lips
    corner_rise: float = 0.0  # of the corners over the middle of that line
    upper_gap: float = 0.0  # of the upper lip from that line, at the middle
    lower_gap: float = 0.0  # of the lower lip from that line
    lip_thickness: float = 1.0  # factor
    teeth: float = 0.0  # share of the mouth's opening they fill, from above
    mouth_dark: float = 0.6  # how much darker than the photograph the rest of the opening is
    jaw_drop: float = 0.0
    cheek_rise: float = 0.0
    brow_inner: float = 0.0
    brow_outer: float = 0.0
    brow_squeeze: float = 0.0  # of the inner ends towards each other
    eye_open: float = 1.0  # factor on the height of the upper lid over the corners
    lower_lid: float = 1.0  # factor on the depth of the lower lid under the corners


# The photograph smiles with open lips, so every shape but "happy" closes or reshapes that mouth.
SHAPES: dict[str, FaceShape] = {
    "neutral": FaceShape(
        mouth_width=0.80, mouth_rise=-0.01, corner_rise=-0.015, lip_thickness=1.2, cheek_rise=-0.03,
        lower_lid=1.15,
    ),
    "happy": FaceShape(
        mouth_width=1.05, corner_rise=0.06, upper_gap=0.03, lower_gap=0.035, teeth=1.0, mouth_dark=0.3,
        cheek_rise=0.01, lower_lid=0.85,
    ),
    "surprise": FaceShape(
        mouth_width=0.68, mouth_rise=-0.04, upper_gap=0.05, lower_gap=0.12, lip_thickness=1.1, teeth=0.2,
        mouth_dark=0.8, jaw_drop=0.11, cheek_rise=-0.03, brow_inner=0.07, brow_outer=0.07, eye_open=1.5,
        lower_lid=1.2,
    ),
    "sad": FaceShape(
        mouth_width=0.90, corner_rise=-0.10, lip_thickness=1.2, jaw_drop=-0.02, cheek_rise=-0.04,
        brow_inner=0.05, brow_outer=-0.04, brow_squeeze=0.03, eye_open=0.7, lower_lid=0.9,
    ),
    "angry": FaceShape(
        mouth_width=0.85, mouth_rise=0.01, corner_rise=-0.04, lip_thickness=0.85, brow_inner=-0.07,
        brow_outer=-0.06, brow_squeeze=0.03, eye_open=0.7, lower_lid=0.65,
    ),
}  # fmt: skip


def move_landmarks(landmarks: Points, shape: FaceShape) -> dict[int, Points]:
    """Where the landmarks that matter go, by index; the ones left out keep no place of their own.

    Args:
        landmarks: (478, 2) px (x, y), MediaPipe's order.
        shape: the expression to wear.

    Returns:
        index → (2,) px.
    """
    axes, origin, width = face_frame(landmarks)
    local = (landmarks - origin) @ axes.T / width
    moved = {i: local[i].copy() for group in (NOSE, CHEEKS, CHIN, OVAL) for i in group}
    _move_jaw(moved, local, shape)
    _move_cheeks(moved, shape)
    _move_mouth(moved, local, shape)
    _move_brows(moved, local, shape)
    _move_eyes(moved, local, shape)
    return {i: (p * width) @ axes + origin for i, p in moved.items()}


def face_frame(landmarks: Points) -> tuple[NDArray[np.float64], Points, float]:
    """Axes across and down the face (2, 2), the point between the lips (2,) px, the face's width in px."""
    across = landmarks[RIGHT_CHEEK] - landmarks[LEFT_CHEEK]
    width = float(np.linalg.norm(across))
    x = across / width
    return np.array([x, [-x[1], x[0]]]), (landmarks[13] + landmarks[14]) / 2, width


def _move_jaw(moved: dict[int, Points], local: Points, shape: FaceShape) -> None:
    """Lower everything below the lips, the chin most and the jaw's angles not at all."""
    reach = local[CHIN_TIP][1]
    for i in (*CHIN, *OVAL):
        depth = np.clip(local[i][1] / reach, 0.0, 1.0)
        moved[i][1] += shape.jaw_drop * (depth if i in OVAL else max(depth, 0.8))


def _move_cheeks(moved: dict[int, Points], shape: FaceShape) -> None:
    for i in CHEEKS:
        moved[i][1] -= shape.cheek_rise


def _move_mouth(moved: dict[int, Points], local: Points, shape: FaceShape) -> None:
    """Lay both lips along a new line; each landmark keeps its lip's thickness there."""
    half = abs(local[LIPS_OUTER[10]][0] - local[LIPS_OUTER[0]][0]) / 2
    for step, (outer, inner) in enumerate(zip(LIPS_OUTER, LIPS_INNER, strict=True)):
        along = min(1.0, abs(float(local[inner][0])) / half)
        line = -shape.mouth_rise - shape.corner_rise * along**2
        arch = np.sqrt(1 - along**2)
        gap = -shape.upper_gap if step < len(INNER_UPPER) else shape.lower_gap
        thickness = local[outer][1] - local[inner][1]
        y = line + gap * arch
        moved[inner] = np.array([local[inner][0] * shape.mouth_width, y])
        moved[outer] = np.array([local[outer][0] * shape.mouth_width, y + thickness * shape.lip_thickness])


def _move_brows(moved: dict[int, Points], local: Points, shape: FaceShape) -> None:
    for edge in BROWS:
        for outward, i in zip(np.linspace(0, 1, len(edge)), edge, strict=True):
            rise = shape.brow_inner * (1 - outward) + shape.brow_outer * outward
            inward = -np.sign(local[i][0]) * shape.brow_squeeze * (1 - outward)
            moved[i] = local[i] + [inward, -rise]


def _move_eyes(moved: dict[int, Points], local: Points, shape: FaceShape) -> None:
    for corners, upper, lower in EYES:
        middle = (local[corners[0]] + local[corners[1]])[1] / 2
        for lid, factor in ((corners, 1.0), (upper, shape.eye_open), (lower, shape.lower_lid)):
            for i in lid:
                moved[i] = np.array([local[i][0], middle + (local[i][1] - middle) * factor])
