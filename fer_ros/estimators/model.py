"""A network and its card, loaded together: face crops in, calibrated probabilities out."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import ImageError, ModelError
from fer_ros.estimators.calibration import softmax
from fer_ros.estimators.card import REMEDY, ModelCard, load_card

INPUT_NAME = "face"
BATCH = 64  # faces at a time: a whole dataset's activations would take gigabytes
LOAD_ERRORS = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)


class Model:
    """Runs one network; make it with `load_model`.

    Attributes:
        card: what the network reads and says.
    """

    def __init__(self, card: ModelCard, session: onnxruntime.InferenceSession) -> None:
        self.card = card
        self._session = session

    def logits(self, crops_grey: NDArray[np.uint8], labels: str) -> NDArray[np.float32]:
        """Raw scores of a label space, before calibration.

        Args:
            crops_grey: (N, S, S) uint8, grey, S as the card says.
            labels: a label space the card has a head for.

        Returns:
            (N, L) float32.

        Raises:
            ImageError: the crops have another shape or dtype.
            ModelError: the model has no such head.
        """
        self._check(crops_grey, labels)
        count = len(LABEL_SPACES[labels])
        parts = [self._run(crops_grey[i : i + BATCH], labels) for i in range(0, len(crops_grey), BATCH)]
        return np.concatenate([np.empty((0, count), np.float32), *parts])

    def predict(self, crops_grey: NDArray[np.uint8], labels: str) -> NDArray[np.float32]:
        """Calibrated probabilities of a label space; arguments and errors as `logits`.

        Returns:
            (N, L) float32, summing to 1 along the last axis.
        """
        logits = self.logits(crops_grey, labels)
        return softmax(logits, self.card.heads[labels].temperature)

    def _run(self, crops_grey: NDArray[np.uint8], labels: str) -> NDArray[np.float32]:
        (found,) = self._session.run([labels], {INPUT_NAME: crops_grey.astype(np.float32)})
        return np.asarray(found, np.float32)

    def _check(self, crops_grey: NDArray[np.uint8], labels: str) -> None:
        if labels not in self.card.heads:
            known = ", ".join(self.card.heads)
            raise ModelError(f"{self.card.identity} has no labels {labels!r}; choose one of {known}")
        side = self.card.input.size
        if crops_grey.dtype != np.uint8 or crops_grey.shape[1:] != (side, side):
            raise ImageError(
                f"face crops are {crops_grey.shape} {crops_grey.dtype}; "
                f"{self.card.identity} takes (N, {side}, {side}) uint8, grey"
            )


def load_model(folder: Path, *, threads: int = 1) -> Model:
    """Load a model folder and run it once, so that the first face is as fast as the next.

    Args:
        folder: holds model.onnx and card.yaml.
        threads: CPU threads of one inference.

    Raises:
        ModelError: as `load_card`, or the network cannot be loaded or has other outputs than the card.
    """
    card = load_card(folder)
    session = _session(card, threads)
    _compare(card, session)
    model = Model(card, session)
    side = card.input.size
    model.logits(np.zeros((1, side, side), np.uint8), next(iter(card.heads)))
    return model


def _session(card: ModelCard, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin while they wait would take a robot's core from everything else.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(card.network), options, providers=["CPUExecutionProvider"])
    except LOAD_ERRORS as error:
        raise ModelError(f"{card.network} is not a network that can be loaded ({error}); {REMEDY}") from error


def _compare(card: ModelCard, session: onnxruntime.InferenceSession) -> None:
    """Raise ModelError unless the network's input and outputs are those of the card."""
    inputs = {node.name: node.shape[1:] for node in session.get_inputs()}
    expected = {INPUT_NAME: [card.input.size] * 2}
    if inputs != expected:
        raise ModelError(f"{card.network}: inputs are {inputs}, the card says {expected}; {REMEDY}")
    outputs = {node.name: node.shape[-1] for node in session.get_outputs()}
    for name, head in card.heads.items():
        if outputs.get(name) != len(head.labels):
            raise ModelError(
                f"{card.network}: the card's {name} has {len(head.labels)} labels, "
                f"the network has outputs {outputs}; {REMEDY}"
            )
