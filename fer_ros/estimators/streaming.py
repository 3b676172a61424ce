"""From the faces of each image to calibrated estimates, with a state per face."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, isfinite, nan

import cv2
import numpy as np

from fer_ros.emotions import valence_arousal
from fer_ros.estimators.calibration import prediction_set
from fer_ros.estimators.estimate import NOT_A_NUMBER, TOO_SMALL, UNSURE, Estimate, Floats
from fer_ros.estimators.model import Model
from fer_ros.estimators.params import EstimatorParams
from fer_ros.faces.crop import inner_square
from fer_ros.faces.face import Face, Image8, longer_side

RATE_TIME_S = 0.5  # time constant of the measured frame rate
FLOOR = 1e-6  # probabilities below it are as good as zero, and their logarithm stays finite


@dataclass
class _State:
    """What is carried from image to image of one face: constant cost, whatever the frame rate."""

    stamp: float
    evidence: Floats | None = None  # (L,) mean log-probabilities
    interval_s: float = nan  # between images, smoothed
    since_last_s: float = 0.0
    frames: int = 0


class Estimator:
    """Averages a still-image model over time, as geometric mean with exponential forgetting.

    The average is taken over log-probabilities, so that one image that rules a label out counts, and
    its weights come from the real time between images: 5 and 30 frames per second are smoothed alike.
    """

    def __init__(self, model: Model, params: EstimatorParams) -> None:
        self._model = model
        self._params = params
        self._head = model.card.heads[params.labels]
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
        looked_at = [f for f in faces if longer_side(f.seen.box_xyxy) >= self._params.smallest_px]
        read = dict(zip((f.id for f in looked_at), self._read(looked_at), strict=True))
        return [self._estimate(face, read.get(face.id), image_size, stamp) for face in faces]

    def _read(self, faces: Sequence[Face]) -> Floats:
        if not faces:
            return np.empty((0, len(self._head.labels)), np.float32)
        size = self._model.card.input.size
        return self._model.predict(np.stack([grey_square(f.crop, size) for f in faces]), self._params.labels)

    def _estimate(self, face: Face, read: Floats | None, size: tuple[int, int], stamp: float) -> Estimate:
        state = self._advance(face.id, stamp)
        x0, y0, x1, y1 = face.seen.box_xyxy
        seen = Estimate(
            stamp,
            self._model.card.identity,
            face.id,
            (x0 / size[0], y0 / size[1], x1 / size[0], y1 / size[1]),
            reason=TOO_SMALL,
            face_size_px=longer_side(face.seen.box_xyxy),
            rate_hz=1.0 / state.interval_s if state.interval_s > 0 else nan,
            frames=state.frames,
        )
        if read is None:
            return seen
        if not np.isfinite(read).all():
            return replace(seen, reason=NOT_A_NUMBER)
        return self._judged(seen, self._smoothed(state, read))

    def _judged(self, seen: Estimate, probabilities: Floats) -> Estimate:
        labels = self._head.labels
        sure = float(probabilities.max()) >= self._params.sure_from
        valence, arousal = valence_arousal(labels, probabilities)
        return replace(
            seen,
            labels=labels,
            probabilities=probabilities,
            prediction_set=prediction_set(probabilities, labels, self._head.threshold),
            coverage=self._head.coverage,
            abstained=not sure,
            reason="" if sure else UNSURE,
            valence=valence,
            arousal=arousal,
        )

    def _advance(self, face_id: str, stamp: float) -> _State:
        state = self._states.setdefault(face_id, _State(stamp))
        dt = stamp - state.stamp
        if dt > 0:
            weight = 1.0 - exp(-dt / RATE_TIME_S) if isfinite(state.interval_s) else 1.0
            known = state.interval_s if isfinite(state.interval_s) else dt
            state.interval_s = known + weight * (dt - known)
        state.stamp = stamp
        state.frames += 1
        state.since_last_s = dt
        return state

    def _smoothed(self, state: _State, read: Floats) -> Floats:
        evidence: Floats = np.log(np.maximum(read, np.float32(FLOOR)))
        if state.evidence is not None and self._params.smoothing_s > 0:
            keep = np.float32(exp(-state.since_last_s / self._params.smoothing_s))
            evidence = keep * state.evidence + (np.float32(1) - keep) * evidence
        state.evidence = evidence
        weights: Floats = np.exp(evidence - evidence.max())
        return np.asarray(weights / weights.sum(), np.float32)

    def _forget(self, stamp: float) -> None:
        """Drop the faces that were not seen for long, and all of them when time began anew."""
        oldest = stamp - self._params.forget_after_s
        self._states = {i: s for i, s in self._states.items() if oldest <= s.stamp <= stamp}


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
