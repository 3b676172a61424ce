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
FLOAT32 = onnx.TensorProto.FLOAT
LARGE = 1024  # values; norms and biases are not worth it


def export(
    network: nn.Module,
    path: Path,
    sample: Mapping[str, Tensor],
    outputs: tuple[str, ...],
    stored: str = "float32",
) -> None:
    """Write a network as ONNX and check that it says the same there.

    Args:
        network: trained; put into inference mode.
        path: the .onnx file, overwritten.
        sample: input → (N, ...) tensor, N >= 2, to compare on.
        outputs: a name for each tensor that the network gives.
        stored: "float16" rounds the network's large weights to that, in place, and keeps them so.

    Raises:
        ModelError: an output differs by more than TOLERANCE.
    """
    if stored == "float16":
        halve(network)
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
    if stored == "float16":
        store_halved(path)
    difference = _difference(path, {name: values.numpy() for name, values in inputs.items()}, expected)
    if not difference <= TOLERANCE:
        raise ModelError(f"{path}: outputs differ from torch's by {difference:.2g}, more than {TOLERANCE:g}")


def store_halved(path: Path) -> None:
    """Keep large weights as float16, widened again when the network is loaded: half the file, no slower.

    The weights must be float16 numbers already (see `halve`), so that nothing is lost here.
    """
    model = onnx.load(path)
    graph = model.graph
    large = [w for w in graph.initializer if w.data_type == FLOAT32 and np.prod(w.dims) >= LARGE]
    for weights in large:
        halved = onnx.numpy_helper.from_array(
            onnx.numpy_helper.to_array(weights).astype(np.float16), f"{weights.name}.float16"
        )
        graph.initializer.remove(weights)
        graph.initializer.append(halved)
        widened = onnx.helper.make_node("Cast", [halved.name], [weights.name], to=FLOAT32)
        graph.node.insert(0, widened)
    onnx.save(model, path)


def halve(network: nn.Module) -> None:
    """Round a network's large weights to what float16 holds; in place."""
    with torch.no_grad():
        for weights in network.parameters():
            if weights.numel() >= LARGE:
                weights.copy_(weights.half().float())


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
