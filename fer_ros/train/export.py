"""A trained network as ONNX: the same numbers, without torch."""

from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fer_ros.errors import ModelError
from fer_ros.estimators.model import INPUT_NAME
from fer_ros.train.loop import predict
from fer_ros.train.networks import FaceNet, averaged, folded

OPSET = 18
TOLERANCE = 1e-4  # of a logit, between torch and ONNX Runtime


class Exported(nn.Module):
    """What the file holds: the network with its norms folded, and the looks it averages over."""

    def __init__(self, network: FaceNet, margins_px: tuple[int, ...]) -> None:
        super().__init__()
        self.network = folded(network)
        self.margins_px = margins_px

    def forward(self, face: Tensor) -> tuple[Tensor, ...]:
        """(N, S, S) float32, grey 0..255, to one (N, labels) tensor of logits a head."""
        return averaged(self.network, face.unsqueeze(1), self.margins_px)


def export(network: FaceNet, path: Path, faces: NDArray[np.uint8], margins_px: tuple[int, ...]) -> None:
    """Write a network as ONNX and check that it says the same there.

    Args:
        network: trained; put into inference mode.
        path: the .onnx file, overwritten.
        faces: (N, S, S) uint8, grey, N >= 2, to compare on.
        margins_px: of the looks that the file averages logits over; see `looks`.

    Raises:
        ModelError: a logit differs by more than TOLERANCE.
    """
    whole = Exported(network, margins_px).eval()
    sample = torch.from_numpy(faces).float()
    expected = predict(network, sample.unsqueeze(1), margins_px)
    torch.onnx.export(
        whole,
        (sample,),
        path,
        input_names=[INPUT_NAME],
        output_names=list(network.head_names),
        dynamic_shapes={"face": {0: torch.export.Dim("faces")}},
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    difference = _difference(path, sample.numpy(), expected)
    if difference > TOLERANCE:
        raise ModelError(f"{path}: logits differ from torch's by {difference:.2g}, more than {TOLERANCE:g}")


def _difference(path: Path, faces: NDArray[np.float32], expected: list[NDArray[np.float32]]) -> float:
    """Largest difference of a logit, on all faces together and on one alone."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    gaps = [0.0]
    for count in (len(faces), 1):
        found = session.run(None, {INPUT_NAME: faces[:count]})
        gaps += [float(np.abs(f - e[:count]).max()) for f, e in zip(found, expected, strict=True)]
    return max(gaps)
