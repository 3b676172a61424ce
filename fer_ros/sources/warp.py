"""Piecewise-affine warps as dense displacement fields: slow to make, one cv2.remap to use."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
Field: TypeAlias = NDArray[np.float32]

# Triangles are drawn on a finer grid, of which every pixel reads its centre: cv2 fills a polygon
# with its whole border, which at one cell a pixel would let closed lips overlap.
FINENESS = 3
SUBPIXEL_BITS = 4
SMALLEST_AREA = 0.05  # px²: a triangle closed to a line shows nothing, and its map has no inverse


def backward_field(source: Points, target: Points, size: tuple[int, int]) -> Field:
    """Where each pixel of a warped image comes from.

    Args:
        source: (N, 2) px (x, y), points of the image; their convex hull must cover `size`.
        target: (N, 2) px, where they go.
        size: (width, height) px of the field.

    Returns:
        (height, width, 2) float32, absolute source (x, y) in px, as cv2.remap takes it.
    """
    triangles = [t for t in triangulate(source) if _area(target[t]) >= SMALLEST_AREA]
    corners = [(target[t].astype(np.float32), source[t].astype(np.float32)) for t in triangles]
    affine = np.array([cv2.getAffineTransform(to, back) for to, back in corners], np.float32)
    owner = affine[_owners([target[t] for t in triangles], size)]
    x, y = np.meshgrid(np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32))
    return np.asarray(owner[..., 0] * x[..., None] + owner[..., 1] * y[..., None] + owner[..., 2], np.float32)


def triangulate(points: Points) -> list[list[int]]:
    """Delaunay triangles of (N, 2) points, as indices into them."""
    low, high = points.min(axis=0), points.max(axis=0)
    x, y, width, height = (int(v) for v in (*np.floor(low - 1), *np.ceil(high - low + 3)))
    plane = cv2.Subdiv2D((x, y, width, height))
    index = {plane.insert((float(px), float(py))): i for i, (px, py) in enumerate(points)}
    triangles = [_corners(plane, int(edge)) for edge in plane.getLeadingEdgeList()]
    # cv2 starts from a large outer triangle whose corners are nobody's points
    return [[index[c] for c in corners] for corners in triangles if all(c in index for c in corners)]


def _corners(plane: cv2.Subdiv2D, edge: int) -> list[int]:
    second = plane.getEdge(edge, cv2.SUBDIV2D_NEXT_AROUND_LEFT)
    third = plane.getEdge(second, cv2.SUBDIV2D_NEXT_AROUND_LEFT)
    return [plane.edgeOrg(e)[0] for e in (edge, second, third)]


def _area(corners: Points) -> float:
    (ax, ay), (bx, by) = corners[1] - corners[0], corners[2] - corners[0]
    return abs(float(ax * by - ay * bx)) / 2


def _owners(triangles: list[Points], size: tuple[int, int]) -> NDArray[np.int32]:
    """(height, width) int32: which triangle each pixel's centre lies in."""
    width, height = size
    fine = np.zeros((height * FINENESS, width * FINENESS), np.int32)
    for i, corners in enumerate(triangles):
        at = ((corners + 0.5) * FINENESS - 0.5) * 2**SUBPIXEL_BITS
        cv2.fillConvexPoly(fine, np.round(at).astype(np.int32), i, shift=SUBPIXEL_BITS)
    return fine[FINENESS // 2 :: FINENESS, FINENESS // 2 :: FINENESS]
