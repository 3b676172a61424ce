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
from fer_ros.train.networks import FaceNet, folded, mirrored

OPSET = 18
TOLERANCE = 1e-4  # of a logit, between torch and ONNX Runtime


class Exported(nn.Module):
    """What the file holds: the network with its norms folded, and the mirror image where wanted."""

    def __init__(self, network: FaceNet, mirror: bool) -> None:
        super().__init__()
        self.network = folded(network)
        self.mirror = mirror

    def forward(self, face: Tensor) -> tuple[Tensor, ...]:
        """(N, S, S) float32, grey 0..255, to one (N, labels) tensor of logits a head."""
        faces = face.unsqueeze(1)
        logits: tuple[Tensor, ...] = mirrored(self.network, faces) if self.mirror else self.network(faces)
        return logits


def export(network: FaceNet, path: Path, faces: NDArray[np.uint8], mirror: bool) -> None:
    """Write a network as ONNX and check that it says the same there.

    Args:
        network: trained; put into inference mode.
        path: the .onnx file, overwritten.
        faces: (N, S, S) uint8, grey, N >= 2, to compare on.
        mirror: whether the file averages logits over each face and its mirror image.

    Raises:
        ModelError: a logit differs by more than TOLERANCE.
    """
    whole = Exported(network, mirror).eval()
    sample = torch.from_numpy(faces).float()
    expected = predict(network, sample.unsqueeze(1), mirror)
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
