"""What is to be seen on one image: people, who is in charge, and how the link is."""

from collections.abc import Sequence
from dataclasses import dataclass

from fer_ros.faces.face import Box


@dataclass(frozen=True)
class Person:
    """One face and its estimate.

    Attributes:
        face_id: as in Face.id.
        box_xyxy: (x0, y0, x1, y1) px in the image that is drawn on; it may leave the image.
        labels: L names of a label space.
        probabilities: L numbers, calibrated, sum 1; empty where nothing could be estimated.
        prediction_set: labels that hold the true one with the nominal coverage, most likely first.
        abstained: nobody should act on the likeliest label.
        reason: why it abstained.
        source: robot, cloud, or both; empty: not known.
    """

    face_id: str
    box_xyxy: Box
    labels: Sequence[str] = ()
    probabilities: Sequence[float] = ()
    prediction_set: Sequence[str] = ()
    abstained: bool = True
    reason: str = ""
    source: str = ""


@dataclass(frozen=True)
class Link:
    """The link between robot and cloud.

    Attributes:
        profile: its name.
        cut: it carries nothing.
        payload: the rung that is sent.
        goodput_bps: bit/s that the cloud acknowledged.
    """

    profile: str
    cut: bool
    payload: str
    goodput_bps: float


@dataclass(frozen=True)
class Scene:
    """What is to be seen.

    Attributes:
        people: in the order in which they were first seen.
        mode: ONLINE, OFFLINE or PROBING; empty: not known.
        link: None: not known.
        paused: why nothing is inferred; empty: it is.
    """

    people: Sequence[Person] = ()
    mode: str = ""
    link: Link | None = None
    paused: str = ""
