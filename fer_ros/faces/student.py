"""Blendshapes from a face crop alone, where MediaPipe did not read the face."""

from pathlib import Path

import cv2
import numpy as np

from fer_ros.errors import ModelError
from fer_ros.estimators.card import FACE
from fer_ros.estimators.model import load_network
from fer_ros.faces.blendshapes import COUNT
from fer_ros.faces.crop import inner_square
from fer_ros.faces.face import Floats, Image8

OUTPUT = "blendshapes"


class Student:
    """Runs the student network: models/student says what it learned, and from whom."""

    def __init__(self, folder: Path) -> None:
        """Load it.

        Raises:
            ModelError: the folder holds no such model.
        """
        card, self._session = load_network(folder)
        face = card.input(FACE)
        outputs = {node.name: node.shape[-1] for node in self._session.get_outputs()}
        if face is None or outputs.get(OUTPUT) != COUNT:
            raise ModelError(f"{card.identity} gives {outputs} and not {COUNT} {OUTPUT} of a face crop")
        self._input, self._size = face.name, face.shape[0]
        self.identity = card.identity

    def read(self, crop: Image8) -> Floats:
        """Blendshapes of a face.

        Args:
            crop: (S, S, 3) uint8 BGR, framed as faces/crop.py says.

        Returns:
            (52,) float32 in 0..1, MediaPipe's order.
        """
        return np.asarray(self.read_grey(grey_square(crop, self._size)[None])[0], np.float32)

    def read_grey(self, faces: Image8) -> Floats:
        """Blendshapes of ready crops: (N, 48, 48) uint8, grey, to (N, 52) float32 in 0..1."""
        (found,) = self._session.run([OUTPUT], {self._input: faces.astype(np.float32)})
        return np.asarray(found, np.float32)


def grey_square(crop: Image8, size_px: int) -> Image8:
    """A face crop as the networks read it.

    Args:
        crop: (S, S, 3) uint8 BGR, framed as faces/crop.py says.
        size_px: side of the result.

    Returns:
        (size_px, size_px) uint8, grey, the FER2013 framing.
    """
    grey = cv2.cvtColor(inner_square(crop), cv2.COLOR_BGR2GRAY)
    how = cv2.INTER_AREA if grey.shape[0] >= size_px else cv2.INTER_LINEAR
    small: Image8 = cv2.resize(grey, (size_px, size_px), interpolation=how)  # type: ignore[assignment]
    return small
