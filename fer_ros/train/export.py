"""A trained network as ONNX: the same numbers, without torch."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fer_ros.errors import ModelError
from fer_ros.train.loop import predict

OPSET = 18
TOLERANCE = 1e-4  # of a logit, between torch and ONNX Runtime


def export(network: nn.Module, path: Path, sample: Mapping[str, Tensor], outputs: tuple[str, ...]) -> None:
    """Write a network as ONNX and check that it says the same there.

    Args:
        network: trained; put into inference mode.
        path: the .onnx file, overwritten.
        sample: input → (N, ...) tensor, N >= 2, to compare on.
        outputs: a name for each tensor that the network gives.

    Raises:
        ModelError: an output differs by more than TOLERANCE.
    """
    inputs = {name: values.float() for name, values in sample.items()}
    expected = predict(network, inputs)
    examples = torch.export.Dim("faces")
    torch.onnx.export(
        network.eval(),
        tuple(inputs.values()),
        path,
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_shapes=tuple({0: examples} for _ in inputs),
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    strip(path)
    difference = _difference(path, {name: values.numpy() for name, values in inputs.items()}, expected)
    if not difference <= TOLERANCE:
        raise ModelError(f"{path}: outputs differ from torch's by {difference:.2g}, more than {TOLERANCE:g}")


def strip(path: Path) -> None:
    """Take out what the exporter notes beside the network: stack traces, with paths of this machine."""
    model = onnx.load(path)
    del model.metadata_props[:]
    model.doc_string = model.graph.doc_string = ""
    del model.graph.metadata_props[:]
    graph = model.graph
    for part in (*graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer):
        del part.metadata_props[:]
        part.doc_string = ""
    onnx.save(model, path)


def _difference(
    path: Path, inputs: Mapping[str, NDArray[np.float32]], expected: list[NDArray[np.float32]]
) -> float:
    """Largest difference of an output, on all examples together and on one alone."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    gaps = [0.0]
    for count in (len(expected[0]), 1):
        found = session.run(None, {name: values[:count] for name, values in inputs.items()})
        gaps += [float(np.abs(f - e[:count]).max()) for f, e in zip(found, expected, strict=True)]
    return max(gaps)
