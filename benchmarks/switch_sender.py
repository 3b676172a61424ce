"""The sender that is shipped, for the world of the simulated faults."""

from collections.abc import Sequence

import numpy as np

from benchmarks.switch_world import Parcel
from fer_ros.faces.face import Detection, Face
from fer_ros.link.answers import Ack
from fer_ros.link.ladder import load_ladder
from fer_ros.link.params import UplinkParams
from fer_ros.link.sender import Sender
from fer_ros.resources import share

EMPTY_BYTES = 24  # of a payload without content
# Somebody who sits still: nothing changes, so that the sender leaves out all the images that it may.
STILL = Face("face_1", Detection((300.0, 200.0, 400.0, 320.0), 0.9), np.zeros((120, 120, 3), np.uint8))


class ShippedSender:
    """Chooses what to send by what the acknowledgements tell of the link."""

    def __init__(self) -> None:
        steps = load_ladder(share("config") / "ladder.yaml")
        self._sizes = {str(step.rung): round(step.size_bytes) for step in steps}
        self._sender = Sender(UplinkParams(), steps)

    def image(self, stamp: float) -> Sequence[Parcel]:
        """Parcels to send when an image was acquired."""
        rung = self._sender.wants(stamp, (STILL,))
        if rung is None:
            return ()
        size, sequence = self._sizes[str(rung)], self._sender.next_sequence()
        self._sender.sent(sequence, size, stamp, rung)
        return (Parcel(size, stamp, sequence), *self._probe(stamp))

    def tick(self, now: float) -> Sequence[Parcel]:
        """Parcels to send although nothing was acquired."""
        self._sender.tick(now)
        if not self._sender.keep_alive(now):
            return ()
        return (self._empty(EMPTY_BYTES, now), *self._probe(now))

    def acknowledged(self, parcel: Parcel, now: float) -> None:
        """Hear that a parcel reached the cloud."""
        self._sender.on_ack(Ack(parcel.sequence, parcel.received, parcel.received), now)

    def _probe(self, now: float) -> Sequence[Parcel]:
        padding = self._sender.probe(now)
        return () if padding is None else (self._empty(EMPTY_BYTES + padding, now),)

    def _empty(self, size: int, now: float) -> Parcel:
        sequence = self._sender.next_sequence()
        self._sender.sent(sequence, size, now)
        return Parcel(size, None, sequence)
