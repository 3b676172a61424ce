"""Where labels go: beside their faces, inside the image, and off each other wherever there is room."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fer_ros.faces.face import Box
from fer_ros.viewer.sprites import Rect

Rects = NDArray[np.float64]  # (N, 4): x0, y0, x1, y1 px, end exclusive
Sizes = Sequence[tuple[int, int] | None]

ON_LABEL, ON_FACE, ON_OWN_FACE = 6.0, 2.0, 1.0  # what covering one px of them costs


@dataclass(frozen=True)
class Spot:
    """Which of the places around a face, and how much is said there (0: most)."""

    detail: int
    side: int


class Layout:
    """The labels of one image; each can be placed again when the others have found their places."""

    def __init__(
        self, width: int, height: int, gap: int, faces: Sequence[Box], taken: Sequence[Rect]
    ) -> None:
        """Begin with what must not be covered.

        Args:
            width: of the image, px.
            height: of the image, px.
            gap: between a face and its label, px.
            faces: N boxes, px.
            taken: where something else stands already, px.
        """
        self._size = width, height
        self._gap = gap
        self._faces = np.array(faces, np.float64).reshape(-1, 4)
        self._taken = np.array(taken, np.float64).reshape(-1, 4)
        self._labels = np.zeros_like(self._faces)  # of no size: not placed yet

    def place(self, face: int, sizes: Sizes, before: Spot | None = None) -> tuple[Rect, Spot]:
        """Find the place for a face's label that covers least; it leaves the image only if larger than that.

        Args:
            face: index of the face.
            sizes: width and height of the label, px, from most detail to least; None: not to be used.
            before: where it was in the image before: it stays there until another place is clearly free,
                so that labels do not jump to and fro.

        Raises:
            ValueError: there is no size.
        """
        best: tuple[float, Rect, Spot] | None = None
        for detail, size in enumerate(sizes):
            if size is None:
                continue
            rects = self._around(self._faces[face], *size)
            costs = self._costs(rects, face, before.side if before and before.detail == detail else None)
            side = int(costs.argmin())
            if best is None or costs[side] < best[0]:
                x0, y0, x1, y1 = (int(v) for v in rects[side])
                best = float(costs[side]), (x0, y0, x1, y1), Spot(detail, side)
            if best[0] <= 0:
                break
        if best is None:
            raise ValueError("sizes holds no size: a label needs one")
        self._labels[face] = best[1]
        return best[1], best[2]

    def _around(self, face: Rects, width: int, height: int) -> Rects:
        """(9, 4) places around a face, the preferred first, pushed into the image."""
        x0, y0, x1, y1 = face
        gap = self._gap
        middle, centre = (x0 + x1 - width) / 2, (y0 + y1 - height) / 2
        corners = np.array(
            [
                (x0, y0 - gap - height),
                (x1 + gap, y0),
                (x0 - gap - width, y0),
                (x0, y1 + gap),
                (middle, y0 - gap - height),
                (x1 + gap, centre),
                (x0 - gap - width, centre),
                (x1 - width, y1 + gap),
                (x1 - width, y0 - gap - height),
            ]
        )
        room = np.maximum(np.array(self._size) - (width + gap // 2, height + gap // 2), 0)
        corners = np.rint(np.clip(corners, np.minimum(gap // 2, room), room))
        return np.hstack([corners, corners + np.array((width, height))])

    def _costs(self, rects: Rects, face: int, kept: int | None) -> NDArray[np.float64]:
        """What each place covers; `kept` is the one where the label was, which needs no distance."""
        grown = rects + np.array((-1, -1, 1, 1)) * (self._gap / 2)
        if kept is not None:
            grown[kept] = rects[kept]
        labels = np.vstack([self._taken, np.delete(self._labels, face, 0)])
        costs = ON_LABEL * _covered(grown, labels)
        costs += ON_FACE * _covered(grown, np.delete(self._faces, face, 0))
        costs += ON_OWN_FACE * _covered(rects, self._faces[[face]])
        if kept is not None and costs[kept] == 0:
            costs[kept] = -1.0
        return costs


def _covered(rects: Rects, things: Rects) -> NDArray[np.float64]:
    """How many px of things each rectangle covers: (N,)."""
    low = np.maximum(rects[:, None, :2], things[None, :, :2])
    high = np.minimum(rects[:, None, 2:], things[None, :, 2:])
    covered: NDArray[np.float64] = np.maximum(high - low, 0).prod(axis=2).sum(axis=1)
    return covered
