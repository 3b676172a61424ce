"""The blendshape LSTM that Attrah released, run from its Keras file with numpy alone.

A .keras file is a zip of config.json and model.weights.h5, plain HDF5. Layers and activations are read
from the first, their values from the second. The network walks along the 52 blendshapes of one frame.
"""

import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_ros.errors import ModelError
from fer_ros.faces.blendshapes import COUNT

Array = NDArray[np.float32]
# Klambauer et al. 2017, equation 2; the values Keras has.
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
SOURCE = "get it from github.com/Samir-atra/Emotion_estimation_from_video_footage_with_LSTM_ML_algorithm"


@dataclass(frozen=True)
class Lstm:
    """One layer; gates side by side in Keras's order: input, forget, cell, output.

    Attributes:
        kernel: (inputs, 4 * units) float32.
        recurrent: (units, 4 * units) float32.
        bias: (4 * units,) float32.
    """

    kernel: Array
    recurrent: Array
    bias: Array

    def run(self, x: Array) -> Array:
        """(N, T, inputs) float32 to the output of every step, (N, T, units)."""
        units = len(self.recurrent)
        hidden = cell = np.zeros((len(x), units), np.float32)
        outputs = np.empty((*x.shape[:2], units), np.float32)
        for step in range(x.shape[1]):
            gates = x[:, step] @ self.kernel + hidden @ self.recurrent + self.bias
            i, f, c, o = np.split(gates, 4, axis=1)
            cell = sigmoid(f) * cell + sigmoid(i) * selu(c)
            hidden = outputs[:, step] = sigmoid(o) * selu(cell)
        return outputs


def released_lstm(path: Path) -> Callable[[Array], Array]:
    """The released network.

    Args:
        path: the .keras file.

    Returns:
        From (N, 52) float32 blendshapes in 0..1, MediaPipe's order, to (N, 3) float32 probabilities of
        emotions.THREE. It raises ValueError for other shapes.

    Raises:
        ModelError: h5py is not installed, the file cannot be read, or it holds another network.
    """
    layers, (kernel, bias) = _read(path)

    def predict(blendshapes: Array) -> Array:
        if blendshapes.ndim != 2 or blendshapes.shape[1] != COUNT:
            raise ValueError(f"blendshapes have shape {blendshapes.shape}; it takes (N, {COUNT})")
        x = np.asarray(blendshapes, np.float32)[:, :, None]
        for layer in layers:
            x = layer.run(x)
        return softmax(x[:, -1] @ kernel + bias)

    return predict


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)), np.float32)


def selu(x: Array) -> Array:
    """Scaled exponential linear units."""
    below = SELU_ALPHA * np.expm1(np.minimum(x, 0))
    return np.asarray(SELU_SCALE * np.where(x > 0, x, below), np.float32)


def softmax(logits: Array) -> Array:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def _read(path: Path) -> tuple[list[Lstm], tuple[Array, Array]]:
    """LSTM layers in order, and kernel and bias of the dense layer after them."""
    try:
        import h5py  # type: ignore[import-untyped]
    except ImportError as error:
        raise ModelError(f"{path} needs h5py to be read; pip install h5py") from error
    try:
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
            file = h5py.File(BytesIO(archive.read("model.weights.h5")))
        with file:
            return _layers(path, config["config"]["layers"], file["layers"])
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, json.JSONDecodeError) as error:
        raise ModelError(f"{path} is no Keras file that can be read ({error!r}); {SOURCE}") from error


def _layers(path: Path, configs: Sequence[Any], stored: Any) -> tuple[list[Lstm], tuple[Array, Array]]:
    inner = [c for c in configs if c["class_name"] != "InputLayer"]
    kinds = [(c["class_name"], c["config"]["activation"]) for c in inner]
    if not inner or kinds != [("LSTM", "selu")] * (len(inner) - 1) + [("Dense", "softmax")]:
        raise ModelError(f"{path} holds {kinds}, not LSTM layers with selu and a softmax; {SOURCE}")
    names = [c["config"]["name"] for c in inner]
    lstms = [Lstm(*_values(stored[f"{name}/cell/vars"], 3)) for name in names[:-1]]
    kernel, bias = _values(stored[f"{names[-1]}/vars"], 2)
    return lstms, (kernel, bias)


def _values(group: Any, count: int) -> list[Array]:
    return [np.asarray(group[str(index)], np.float32) for index in range(count)]
