"""Networks that read several faces at once, as Maclean's CNN-LSTM and Lee's TimeConvNet do.

A clip's faces are cut into windows of as many as the network reads, in the way of the data that its recipe
names: `sequences` spreads one window over the whole clip, `windows` takes windows of consecutive faces.
Where a clip has fewer faces, each is repeated in its place, so that time never jumps back.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from fer_ros.datasets.clip import in_step
from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import ModelError
from fer_ros.estimators.card import CLIP, ModelCard
from fer_ros.estimators.model import Model
from fer_ros.evaluate.clips import place
from fer_ros.evaluate.watch import Floats, ImageSize, largest, likeliest
from fer_ros.faces.face import Face, Image8, longer_side
from fer_ros.faces.student import grey_square
from fer_ros.images import to_grey

OVERLAP = 5  # windows that a face is in: more would say the same again, and cost as much
SPREAD, CONSECUTIVE = "sequences", "windows"  # data of recipes

Seen = tuple[Image8, float] | None  # a face as the network reads it, and its size in px


@dataclass(frozen=True, eq=False)
class WatchedClip:
    """What a clip network gave for the largest face of a clip.

    Attributes:
        stamps: (T,) float64, of the images, s.
        labels: L names.
        seen: (T,) bool, the images with a face.
        windows: (W, L) float32, distributions; none where no image has a face.
        ends: (W,) int64, ascending: the image that each window ends with.
        face_px: mean size of the faces, px; NaN without any.
    """

    stamps: NDArray[np.float64]
    labels: tuple[str, ...]
    seen: NDArray[np.bool_]
    windows: Floats
    ends: NDArray[np.int64]
    face_px: float

    @property
    def answer(self) -> Floats:
        """(L,) float32, the mean over the windows; NaN without any."""
        if len(self.windows) == 0:
            return np.full(len(self.labels), np.nan, np.float32)
        return np.asarray(self.windows.mean(axis=0), np.float32)

    @property
    def shown(self) -> list[str | None]:
        """T labels, None for an image without a face.

        A window's label is shown from its last image on, that of the first also before.
        """
        labels = likeliest(self.labels, self.windows)
        newest = np.maximum(np.searchsorted(self.ends, np.arange(len(self.seen)), side="right") - 1, 0)
        pairs = zip(newest.tolist(), self.seen.tolist(), strict=True)
        return [labels[window] if seen else None for window, seen in pairs]


class ClipNetwork:
    """A clip network as a viewer of clips (watch.Viewer).

    Args:
        model: its card has an input of the kind "clip".
        head: label space it answers in.
        space: label space of the answers that are wanted. Labels of the head go where `clips.place` puts
            them; one that has no place there is never the answer.

    Raises:
        ModelError: the model reads no clips, has no such head, or no label of the head has a place.
    """

    def __init__(self, model: Model, head: str, space: str) -> None:
        read = model.card.input(CLIP)
        if read is None or head not in model.card.heads:
            raise ModelError(
                f"{model.card.identity} gives no {head} of a clip; name a clip network and one of its heads: "
                f"{', '.join(model.card.heads)}"
            )
        self._model, self._head, self._read = model, head, read
        self._length, self._side = read.shape[0], read.shape[1]
        self._data = data_of(model.card)
        self.labels = LABEL_SPACES[space]
        self._into = _moves(model.card, head, space)

    def see(self, faces: Sequence[Face], _image_size: ImageSize, _stamp: float, _number: int) -> Seen:
        """The largest face; as Viewer."""
        if not faces:
            return None
        face = faces[largest(faces)]
        return self._cut(face.crop), longer_side(face.seen.box_xyxy)

    def watched(self, stamps: Sequence[float], kept: Sequence[Seen], distinct: int) -> WatchedClip:
        """As Viewer; images that are shown again are not read again."""
        places = np.array([i for i, seen in enumerate(kept[:distinct]) if seen], np.int64)
        faces = [seen for seen in kept[:distinct] if seen]
        chosen = windows(len(faces), self._length, spread=self._data == SPREAD)
        sizes = np.array([size for _, size in faces], np.float32)
        return WatchedClip(
            np.array(stamps, np.float64),
            self.labels,
            np.array([seen is not None for seen in kept], np.bool_),
            self._answers([face for face, _ in faces], sizes, chosen),
            places[chosen[:, -1]],
            float(sizes.mean()) if len(sizes) else float("nan"),
        )

    def _answers(self, faces: Sequence[Image8], sizes: Floats, chosen: NDArray[np.int64]) -> Floats:
        """(W, L) float32."""
        if len(chosen) == 0:
            return np.empty((0, len(self.labels)), np.float32)
        clips = np.stack(faces)[chosen]
        found = self._model.predict({self._read.name: clips}, self._head, sizes[chosen].mean(axis=1))
        moved = found @ self._into
        return np.asarray(moved / moved.sum(axis=1, keepdims=True), np.float32)

    def _cut(self, crop: Image8) -> Image8:
        """A crop of the tracker, (S, S, 3) uint8 BGR, in the framing that the network has learned from.

        BigFaceX's windows have a tenth more on each side, as the crop has; a FaceParty, which is cut
        tighter, cannot be told from it by the recipe.
        """
        if self._data != CONSECUTIVE:
            return grey_square(crop, self._side)
        how = cv2.INTER_AREA if crop.shape[0] >= self._side else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(to_grey(crop), (self._side, self._side), interpolation=how), np.uint8)


def windows(count: int, length: int, *, spread: bool) -> NDArray[np.int64]:
    """Which faces are read together.

    Args:
        count: faces of the clip.
        length: faces that the network reads.
        spread: one window at even steps over the clip, not windows of consecutive faces.

    Returns:
        (W, length) int64, each row ascending; W is 0 where there is no face.
    """
    if count == 0:
        return np.empty((0, length), np.int64)
    if spread or count <= length:
        return in_step(count, length)[None]
    starts = np.arange(0, count - length + 1, max(length // OVERLAP, 1))
    return np.asarray(starts[:, None] + np.arange(length), np.int64)


def data_of(card: ModelCard) -> str:
    """What the recipe in a card says that the network was trained on; "" where it keeps none."""
    try:
        return str(json.loads(card.training["recipe"])["data"])
    except (KeyError, TypeError, ValueError):
        return ""


def _moves(card: ModelCard, head: str, space: str) -> Floats:
    """(labels of the head, labels of the space) float32, 1 where a label goes."""
    names = LABEL_SPACES[space]
    targets = [place(label, space) for label in LABEL_SPACES[head]]
    moves = np.array([[name == target for name in names] for target in targets], np.float32)
    if not moves.any():
        raise ModelError(f"{card.identity} answers in {head}, which has no label of {space}; choose another")
    return moves
