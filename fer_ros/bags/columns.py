"""Messages of a recorded run, decoded into rows of numbers and names."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np

from fer_ros.bags.definitions import recorded_types
from fer_ros.faces.face import Box
from fer_ros.identity import FaceMatcher
from fer_ros.mode import Mode

ESTIMATE, MODE, LINK = (f"fer_ros/msg/{name}" for name in ("EmotionEstimate", "OperatingMode", "LinkStatus"))
# Topic's name in the graph → its type.
NEEDED = {
    "emotion": ESTIMATE,
    "emotion/robot": ESTIMATE,
    "emotion/cloud": ESTIMATE,
    "mode": MODE,
    "link": LINK,
}
OTHER_CLOCK_S = 60.0  # a stamp further than this from the time of recording is of another clock
MODES = {int(mode): mode.name for mode in Mode}
SOURCES = {0: "robot", 1: "cloud", 2: "both"}  # the numbers of EmotionEstimate.msg
UNKNOWN = "?"


@dataclass(frozen=True)
class ModeAt:
    """A message on mode: from `at_s` on; `name` is ?, where the number is no mode."""

    at_s: float
    name: str
    reason: str


@dataclass(frozen=True)
class LinkAt:
    """A message on link; bit/s, NaN where they were not measured."""

    at_s: float
    profile: str
    cut: bool
    rung: str
    goodput_bps: float
    capacity_bps: float


@dataclass(frozen=True)
class EstimateAt:
    """An estimate, or the word that nobody was there, as it came.

    Attributes:
        at_s: s since the recording began, when it was received.
        age_s: s since its image was acquired; NaN where that was told by another clock.
        face_id: the robot's name of the face; empty: no face.
        label: the likeliest; empty where nothing was estimated.
        probability: of it; NaN where nothing was estimated.
        source: robot, cloud, both, or ?.
    """

    at_s: float
    age_s: float
    face_id: str
    label: str
    probability: float
    source: str


class Columns:
    """Rows by topic, in the order in which they were received.

    Attributes:
        estimates: topic's name in the graph → its rows.
        unreadable: messages that could not be decoded.
    """

    def __init__(self, definitions: Mapping[str, str]) -> None:
        self._types = recorded_types(definitions, set(NEEDED.values()))
        self._matcher = FaceMatcher()
        self.modes: list[ModeAt] = []
        self.link: list[LinkAt] = []
        self.estimates: dict[str, list[EstimateAt]] = {
            role: [] for role, kind in NEEDED.items() if kind == ESTIMATE
        }
        self.unreadable = 0

    def take(self, at_s: float, received_s: float, role: str, data: bytes) -> None:
        """Decode a message that was received `at_s` after the first one, at `received_s` by the clock."""
        try:
            msg = self._types.deserialize_cdr(data, NEEDED[role])
            if role == "mode":
                self.modes.append(ModeAt(at_s, MODES.get(msg.mode, UNKNOWN), msg.reason))
            elif role == "link":
                self.link.append(_link(at_s, msg))
            else:
                self._estimate(at_s, received_s, role, msg)
        except Exception:  # rosbags raises whatever its generated code meets in corrupt or foreign bytes
            self.unreadable += 1

    def _estimate(self, at_s: float, received_s: float, role: str, msg: Any) -> None:
        stamp = msg.header.stamp.sec + msg.header.stamp.nanosec * 1e-9
        face_id = msg.face_id
        if role == "emotion/robot":
            self._matcher.see(stamp, face_id, _box(msg))
        elif role == "emotion/cloud":
            face_id = self._matcher.rename(stamp, face_id, _box(msg))
        age_s = received_s - stamp
        found = EstimateAt(
            at_s,
            age_s if abs(age_s) < OTHER_CLOCK_S else nan,
            face_id,
            *_likeliest(msg),
            SOURCES.get(msg.source, UNKNOWN),
        )
        self.estimates[role].append(found)


def _likeliest(msg: Any) -> tuple[str, float]:
    if not len(msg.probabilities) or not np.isfinite(msg.probabilities).all():
        return "", nan
    best = int(np.argmax(msg.probabilities))
    return msg.labels[best], float(msg.probabilities[best])


def _link(at_s: float, msg: Any) -> LinkAt:
    return LinkAt(
        at_s, msg.profile, bool(msg.cut), msg.payload, float(msg.goodput_bps), float(msg.capacity_bps)
    )


def _box(msg: Any) -> Box:
    x0, y0, x1, y1 = (float(v) for v in msg.box)
    return x0, y0, x1, y1
