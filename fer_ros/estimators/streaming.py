"""From the faces of each image to calibrated estimates, with a state per face."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import exp, isfinite, nan

import numpy as np

from fer_ros.emotions import valence_arousal
from fer_ros.estimators.calibration import set_labels
from fer_ros.estimators.card import BLENDSHAPES, FACE, INTERVAL
from fer_ros.estimators.estimate import (
    NO_BLENDSHAPES,
    NO_CROP,
    NOT_A_NUMBER,
    TOO_SMALL,
    UNSURE,
    Estimate,
    Floats,
)
from fer_ros.estimators.evidence import Evidence
from fer_ros.estimators.model import Model
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.face import Face, longer_side
from fer_ros.faces.student import grey_square

RATE_TIME_S = 0.5  # time constant of the measured frame rate


@dataclass
class _State:
    """What is carried from image to image of one face: constant cost, whatever the frame rate."""

    stamp: float
    evidence: Evidence
    interval_s: float = nan  # between images, smoothed
    since_last_s: float = 0.0
    frames: int = 0
    carried: dict[str, Floats] = field(default_factory=dict)  # the network's own states


class Estimator:
    """Runs a model and averages it over time, as `Evidence` does.

    A model that carries states of its own has them kept here, too, face by face.
    """

    def __init__(self, model: Model, params: EstimatorParams) -> None:
        """Raises ModelError where the model lacks the labels that were asked for."""
        self._model = model
        self._params = params
        self._head = model.card.head(params.labels)
        self._states: dict[str, _State] = {}

    def update(self, faces: Sequence[Face], image_size: tuple[int, int], stamp: float) -> list[Estimate]:
        """Estimate every face of one image.

        Args:
            faces: from FaceTracker.
            image_size: (width, height), px.
            stamp: acquisition time of the image, s. A step backwards forgets every face.

        Returns:
            One estimate a face, in their order; a single one that says so when there are none.
        """
        self._forget(stamp)
        if not faces:
            return [Estimate(stamp, self._model.card.identity)]
        states = [self._advance(face.id, stamp) for face in faces]
        readable = [row for row, face in enumerate(faces) if not self._unreadable(face)]
        read = self._read([faces[row] for row in readable], [states[row] for row in readable])
        answers = dict(zip(readable, read, strict=True))
        return [
            self._estimate(face, state, answers.get(row), image_size)
            for row, (face, state) in enumerate(zip(faces, states, strict=True))
        ]

    def _unreadable(self, face: Face) -> str:
        """Why the model is not asked about a face; empty where it is."""
        if longer_side(face.seen.box_xyxy) < self._params.smallest_px:
            return TOO_SMALL
        if self._model.card.input(FACE) is not None:
            return "" if face.crop.size else NO_CROP
        return NO_BLENDSHAPES if face.seen.blendshapes is None else ""

    def _read(self, faces: Sequence[Face], states: Sequence[_State]) -> Floats:
        """(N, L) calibrated probabilities, NaN where a network gives none."""
        if not faces:
            return np.empty((0, len(self._head.labels)), np.float32)
        inputs = {
            needed.name: np.stack(
                [_input(needed.kind, needed.shape, *of) for of in zip(faces, states, strict=True)]
            )
            for needed in self._model.card.inputs
        }
        sizes = np.array([longer_side(face.seen.box_xyxy) for face in faces], np.float32)
        if not self._model.card.states:
            return self._model.predict(inputs, self._params.labels, sizes)
        blank = self._model.blank_states(1)
        carried = {
            name: np.concatenate([state.carried.get(name, blank[name]) for state in states]) for name in blank
        }
        logits, after = self._model.step(inputs, carried, self._params.labels)
        for row, state in enumerate(states):
            if np.isfinite(logits[row]).all():  # one image that cannot be read must not spoil the next
                state.carried = {name: value[row : row + 1] for name, value in after.items()}
        return self._head.probabilities(logits, sizes)

    def _estimate(self, face: Face, state: _State, read: Floats | None, size: tuple[int, int]) -> Estimate:
        x0, y0, x1, y1 = face.seen.box_xyxy
        seen = Estimate(
            state.stamp,
            self._model.card.identity,
            face.id,
            (x0 / size[0], y0 / size[1], x1 / size[0], y1 / size[1]),
            reason=self._unreadable(face),
            face_size_px=longer_side(face.seen.box_xyxy),
            rate_hz=1.0 / state.interval_s if state.interval_s > 0 else nan,
            frames=state.frames,
        )
        if read is None:
            return seen
        if not np.isfinite(read).all():
            return replace(seen, reason=NOT_A_NUMBER)
        return self._judged(seen, state.evidence.add(read, state.since_last_s))

    def _judged(self, seen: Estimate, probabilities: Floats) -> Estimate:
        labels = self._head.labels
        sure = float(probabilities.max()) >= self._params.sure_from
        inside = self._head.sets(probabilities[None], np.array([seen.face_size_px], np.float32))[0]
        valence, arousal = valence_arousal(labels, probabilities)
        return replace(
            seen,
            labels=labels,
            probabilities=probabilities,
            prediction_set=set_labels(probabilities, inside, labels),
            coverage=self._head.coverage,
            abstained=not sure,
            reason="" if sure else UNSURE,
            valence=valence,
            arousal=arousal,
        )

    def _advance(self, face_id: str, stamp: float) -> _State:
        blank = _State(stamp, Evidence(self._params.smoothing_s, self._params.changes_per_s))
        state = self._states.setdefault(face_id, blank)
        dt = stamp - state.stamp
        if dt > 0:
            weight = 1.0 - exp(-dt / RATE_TIME_S) if isfinite(state.interval_s) else 1.0
            known = state.interval_s if isfinite(state.interval_s) else dt
            state.interval_s = known + weight * (dt - known)
        state.stamp = stamp
        state.frames += 1
        state.since_last_s = dt
        return state

    def _forget(self, stamp: float) -> None:
        """Drop the faces that were not seen for long, and all of them when time began anew."""
        oldest = stamp - self._params.forget_after_s
        self._states = {i: s for i, s in self._states.items() if oldest <= s.stamp <= stamp}


def _input(kind: str, shape: tuple[int, ...], face: Face, state: _State) -> Floats:
    """What a network reads of one face, of the shape its card says."""
    if kind == FACE:
        return grey_square(face.crop, shape[0]).astype(np.float32)
    if kind == INTERVAL:
        return np.full(shape, state.since_last_s, np.float32)
    if kind == BLENDSHAPES and face.seen.blendshapes is not None:
        return face.seen.blendshapes
    return np.zeros(shape, np.float32)
