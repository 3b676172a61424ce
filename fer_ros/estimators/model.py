"""A network and its card, loaded together: what a face looks like in, calibrated probabilities out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from fer_ros.emotions import LABEL_SPACES
from fer_ros.errors import ImageError, ModelError
from fer_ros.estimators.card import BLENDSHAPES, FACE, INTERVAL, REMEDY, Input, ModelCard, load_card

Array = NDArray[Any]
Floats = NDArray[np.float32]
States = dict[str, Floats]

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

    def logits(self, inputs: Mapping[str, Array], labels: str) -> Floats:
        """Raw scores of a label space, before calibration; a network with states sees its first image.

        Args:
            inputs: input's name → (N, ...) array of the shape the card says; blendshapes may be left out
                where there is a face, and the interval always.
            labels: a label space the card has a head for.

        Returns:
            (N, L) float32.

        Raises:
            ImageError: an input is missing or has another shape.
            ModelError: the model has no such head.
        """
        checked = self._checked(inputs, labels)
        count = len(next(iter(checked.values())))
        outputs = [np.empty((0, len(LABEL_SPACES[labels])), np.float32)]
        for start in range(0, count, BATCH):
            part = {
                name: values[start : start + BATCH].astype(np.float32) for name, values in checked.items()
            }
            blank = self.blank_states(min(BATCH, count - start))
            outputs += self._session.run([labels], part | blank)
        return np.concatenate(outputs)

    def predict(self, inputs: Mapping[str, Array], labels: str, face_px: Floats | None = None) -> Floats:
        """Calibrated probabilities of a label space; arguments and errors as `logits`.

        Args:
            inputs: as in `logits`.
            labels: as in `logits`.
            face_px: (N,) float32, longer side of each face as it was seen; None for large ones.

        Returns:
            (N, L) float32, summing to 1 along the last axis.
        """
        logits = self.logits(inputs, labels)
        return self.card.heads[labels].probabilities(logits, face_px)

    def step(self, inputs: Mapping[str, Array], states: States, labels: str) -> tuple[Floats, States]:
        """One image more for a network that carries states, as `blank_states` gives at first.

        Args:
            inputs: as in `logits`.
            labels: as in `logits`.
            states: name → (N, ...) float32.

        Returns:
            (N, L) float32 logits, and the states after this image.
        """
        checked = {name: v.astype(np.float32) for name, v in self._checked(inputs, labels).items()}
        names = list(self.card.states)
        wanted = [labels, *(f"next_{name}" for name in names)]
        logits, *after = self._session.run(wanted, {**checked, **states})
        return np.asarray(logits, np.float32), dict(zip(names, after, strict=True))

    def blank_states(self, count: int) -> States:
        """What `count` faces start with."""
        return {name: np.zeros((count, *shape), np.float32) for name, shape in self.card.states.items()}

    def _checked(self, inputs: Mapping[str, Array], labels: str) -> dict[str, Array]:
        self.card.head(labels)
        count = len(next(iter(inputs.values()), ()))
        return {expected.name: self._input(expected, inputs, count) for expected in self.card.inputs}

    def _input(self, expected: Input, inputs: Mapping[str, Array], count: int) -> Array:
        given = inputs.get(expected.name)
        optional = expected.kind == INTERVAL or (
            expected.kind == BLENDSHAPES and self.card.input(FACE) is not None
        )
        if given is None and optional:
            return np.zeros((count, *expected.shape), np.float32)
        found = "missing" if given is None else f"{given.shape}"
        if given is None or given.shape != (count, *expected.shape):
            raise ImageError(
                f"input {expected.name} is {found}; {self.card.identity} takes "
                f"({', '.join(['N', *map(str, expected.shape)])}), {expected.kind}"
            )
        return given


def load_model(folder: Path, *, threads: int = 1) -> Model:
    """Load a model folder and run it once, so that the first face is as fast as the next.

    Args:
        folder: holds model.onnx and card.yaml.
        threads: CPU threads of one inference.

    Raises:
        ModelError: as `load_card`, or the network cannot be loaded or has other outputs than the card.
    """
    card, session = load_network(folder, threads=threads)
    if not card.heads:
        raise ModelError(
            f"{card.identity} estimates no expression: its card has no heads; choose another model"
        )
    model = Model(card, session)
    blank = {found.name: np.zeros((1, *found.shape), np.float32) for found in card.inputs}
    model.logits(blank, next(iter(card.heads)))
    return model


def load_network(folder: Path, *, threads: int = 1) -> tuple[ModelCard, onnxruntime.InferenceSession]:
    """Load a model folder's card and network, and compare the two.

    Arguments and errors as `load_model`.
    """
    card = load_card(folder)
    session = _session(card, threads)
    _compare(card, session)
    return card, session


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
    inputs = {node.name: tuple(node.shape[1:]) for node in session.get_inputs()}
    expected = {read.name: read.shape for read in card.inputs} | dict(card.states)
    if inputs != expected:
        raise ModelError(f"{card.network}: inputs are {inputs}, the card says {expected}; {REMEDY}")
    outputs = {node.name: node.shape[-1] for node in session.get_outputs()}
    absent = [f"next_{name}" for name in card.states if f"next_{name}" not in outputs]
    if absent:
        raise ModelError(f"{card.network}: output {absent[0]} of the card's states is missing; {REMEDY}")
    for name, head in card.heads.items():
        if outputs.get(name) != len(head.labels):
            raise ModelError(
                f"{card.network}: the card's {name} has {len(head.labels)} labels, "
                f"the network has outputs {outputs}; {REMEDY}"
            )
