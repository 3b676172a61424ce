"""Payloads that left, and what came back about them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ack:
    """The cloud's word about one payload.

    Attributes:
        sequence: the payload's.
        received_s: s, cloud's clock, when it arrived.
        sent_s: s, cloud's clock, when this word left.
        refused: it arrived but could not be used.
    """

    sequence: int
    received_s: float
    sent_s: float
    refused: bool = False


@dataclass(slots=True)
class Sent:
    """A payload that is not answered yet.

    Attributes:
        sent_s: s, robot's clock.
        counts: it is no probe; what becomes of it says how well the present rung gets through.
        late: it is taken for lost.
    """

    sequence: int
    size_bytes: int
    sent_s: float
    counts: bool = True
    late: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """A payload that was acknowledged.

    Attributes:
        sent: the payload.
        at_s: s, robot's clock, when the acknowledgement came.
        received_s: s, cloud's clock, when the payload arrived.
        way_s: s, received minus sent: the one-way delay plus the difference of the clocks.
        round_trip_s: s, without the time that the cloud held it.
    """

    sent: Sent
    at_s: float
    received_s: float
    way_s: float
    round_trip_s: float
